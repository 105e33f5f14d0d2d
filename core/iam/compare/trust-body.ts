import { type Caller, callerOf, namingOf } from "../caller.ts";
import type { Condition } from "../condition.ts";
import { type ConditionTest, conditionTest } from "../condition-test.ts";
import type { Context } from "../context.ts";
import { globCovers } from "../glob-meet.ts";
import type { PolicyDocument } from "../policy.ts";
import type { PolicyPrincipal, PrincipalScope } from "../principal-scope.ts";
import type { Scope, Statement } from "../statement.ts";
import type { PolicyVersion } from "../template.ts";
import { conditionText } from "./condition-shown.ts";
import { variablesOf } from "./difference-body.ts";

/** A statement of a trust policy, ready to be asked about a caller. */
export interface TrustBody {
  readonly effect: "Allow" | "Deny";
  readonly actions: Scope;
  readonly principals: PrincipalScope;
  readonly conditions: readonly Condition[];
  readonly variables: readonly string[];
  readonly version: PolicyVersion;
  /** The same for every order of what it lists. */
  readonly key: string;
  /** Whether it lets a caller (or keeps one from) use it, actions aside. */
  applies(caller: Caller, context: Context): boolean;
}

/** The statements of trust policies; those that name no principal let nobody in. */
export const trustBodies = (documents: readonly PolicyDocument[]): readonly TrustBody[] =>
  documents
    .flatMap(({ version, statements }) => statements.flatMap((one) => trustBody(one, version) ?? []))
    .sort((a, b) => (a.key < b.key ? -1 : 1));

function trustBody(one: Statement, version: PolicyVersion): TrustBody | undefined {
  const { principals } = one;
  if (principals === undefined) return undefined;
  const tests: readonly ConditionTest[] = one.conditions.map((condition) => conditionTest(condition, version));
  const names = principals.principals.map(nameOf).sort();
  return {
    effect: one.effect,
    actions: one.actions,
    principals,
    conditions: one.conditions.toSorted((a, b) => (conditionText(a) < conditionText(b) ? -1 : 1)),
    variables: [
      ...new Set(one.conditions.flatMap(({ values }) => values.flatMap((text) => variablesOf(text, version)))),
    ],
    version,
    key: JSON.stringify([
      one.effect,
      principals.kind,
      names,
      one.conditions.map(conditionText).sort(),
      one.actions.kind,
      one.actions.patterns.map((text) => text.toLowerCase()).sort(),
    ]),
    applies: (caller, context) => namingOf(principals, caller) !== undefined && tests.every((test) => test(context)),
  };
}

/** Whether a statement is about an action, written in any case. */
export const coversAction = ({ kind, patterns }: Scope, action: string): boolean =>
  patterns.some((pattern) => globCovers(pattern.toLowerCase(), action.toLowerCase())) === (kind === "only");

/** A principal's name as a trust policy may write it; an account by its id. */
export function nameOf(one: PolicyPrincipal): string {
  switch (one.kind) {
    case "everyone":
      return "*";
    case "account":
      return one.account;
    case "arn":
      return one.arn;
    case "service":
      return one.name;
    case "federated":
      return one.provider;
    case "canonical-user":
    case "unique-id":
      return one.id;
  }
}

/** The account that a principal is in, when it is in one. */
export function accountNamed(one: PolicyPrincipal): string | undefined {
  if (one.kind === "account") return one.account;
  const caller = one.kind === "arn" ? callerOf(one.arn) : undefined;
  return caller === undefined || caller.kind === "other" ? undefined : caller.account;
}
