import { canonical } from "../../event/canonical.ts";
import type { JsonObject } from "../../event/json.ts";
import { readStatement, type Scope } from "../../iam/statement.ts";

/** One statement of a policy that is being written. */
export interface WrittenStatement {
  readonly effect: "Allow" | "Deny";
  readonly actions: Scope;
  readonly resources: Scope;
  /** As IAM writes it; absent is none. */
  readonly condition?: JsonObject;
}

export const only = (...patterns: readonly string[]): Scope => ({ kind: "only", patterns });
export const allBut = (...patterns: readonly string[]): Scope => ({ kind: "all-but", patterns });

/** A manifest's statement in this form; nothing for one that IAM would not read, which no checked manifest has. */
export function toWrite(raw: JsonObject): WrittenStatement | undefined {
  const read = readStatement(raw);
  if (!read.ok) return undefined;
  const { effect, actions, resources } = read.statement;
  const condition = raw["Condition"];
  const conditional = read.statement.conditional && typeof condition === "object" && condition !== null;
  return { effect, actions, resources, ...(conditional ? { condition: condition as JsonObject } : {}) };
}

/** As IAM reads it: lists of one are written as one, and no statement has a name. */
export function written({ effect, actions, resources, condition }: WrittenStatement): JsonObject {
  return {
    Effect: effect,
    ...scope("Action", actions),
    ...scope("Resource", resources),
    ...(condition === undefined ? {} : { Condition: condition }),
  };
}

/** A policy document of these statements. */
export const documentOf = (statements: readonly WrittenStatement[]): JsonObject => ({
  Version: "2012-10-17",
  Statement: statements.map(written),
});

/** Equal for statements that differ in their actions alone. */
export const besideActions = ({ effect, actions, resources, condition }: WrittenStatement): string =>
  canonical([effect, actions.kind, sortedScope(resources), condition ?? null]);

/** Equal for statements that differ in their resources alone. */
export const besideResources = ({ effect, actions, resources, condition }: WrittenStatement): string =>
  canonical([effect, sortedScope(folded(actions)), resources.kind, condition ?? null]);

/** Actions are not case-sensitive. */
const folded = ({ kind, patterns }: Scope): Scope => ({ kind, patterns: patterns.map((text) => text.toLowerCase()) });

const sortedScope = ({ kind, patterns }: Scope): JsonObject => ({ kind, patterns: patterns.toSorted() });

function scope(name: "Action" | "Resource", { kind, patterns }: Scope): JsonObject {
  // IAM takes no empty list: everything but nothing is everything.
  if (kind === "all-but" && patterns.length === 0) return { [name]: "*" };
  const [first = "*"] = patterns;
  return { [kind === "only" ? name : `Not${name}`]: patterns.length === 1 ? first : patterns };
}
