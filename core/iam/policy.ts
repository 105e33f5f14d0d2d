import { readStatement, type Scope, type Statement } from "./statement.ts";
import type { PolicyVersion } from "./template.ts";

export type { Scope, Statement };

/** A policy document in normal form: of an identity, a resource, a trust, a session, a boundary or an organization. */
export interface PolicyDocument {
  /** 2008-10-17 when the document names none, as AWS reads it; policy variables need the later one. */
  readonly version: PolicyVersion;
  readonly statements: readonly Statement[];
}

export type ParsedPolicy =
  | { readonly ok: true; readonly document: PolicyDocument }
  | { readonly ok: false; readonly because: string };

/**
 * Reads a policy given as an object, a JSON string or a URL-encoded JSON string, as CloudTrail and IAM write them. What
 * AWS's grammar does not know is refused; the reason names the statement, counted from 1.
 */
export function parsePolicy(value: unknown): ParsedPolicy {
  const parsed = typeof value === "string" ? fromText(value) : { ok: true as const, value };
  if (!parsed.ok) return parsed;
  if (!isRecord(parsed.value)) return refuse("a policy document is a JSON object");
  const unknown = Object.keys(parsed.value).find((name) => !elements.has(name));
  if (unknown !== undefined)
    return refuse(`the policy document has an element that IAM does not know: ${JSON.stringify(unknown.slice(0, 64))}`);
  const version = versionOf(parsed.value["Version"]);
  if (version === undefined) return refuse("the policy's Version is neither 2012-10-17 nor 2008-10-17");
  const raw = parsed.value["Statement"];
  const statements: Statement[] = [];
  for (const [index, one] of (Array.isArray(raw) ? raw : [raw]).entries()) {
    const read = readStatement(one);
    if (!read.ok) return refuse(`statement ${index + 1} ${read.because}`);
    statements.push(read.statement);
  }
  return { ok: true, document: { version, statements } };
}

/**
 * True when some statement allows every action on every resource without a condition, and no unconditional
 * statement denies everything again.
 */
export const grantsEverything = ({ statements }: PolicyDocument): boolean =>
  statements.some((one) => one.effect === "Allow" && coversEverything(one)) &&
  !statements.some((one) => one.effect === "Deny" && coversEverything(one));

const coversEverything = (one: Statement): boolean =>
  !one.conditional && everything(one.actions, isEveryAction) && everything(one.resources, isStar);

const everything = (scope: Scope, matchesAll: (pattern: string) => boolean): boolean =>
  scope.kind === "only" ? scope.patterns.some(matchesAll) : scope.patterns.length === 0;

const isStar = (pattern: string): boolean => pattern.length > 0 && /^\*+$/.test(pattern);
const isEveryAction = (pattern: string): boolean => isStar(pattern) || /^\*+:\*+$/.test(pattern);

const elements: ReadonlySet<string> = new Set(["Version", "Id", "Statement"]);

const versionOf = (given: unknown): PolicyVersion | undefined =>
  given === undefined ? "2008-10-17" : given === "2012-10-17" || given === "2008-10-17" ? given : undefined;

function fromText(text: string): { ok: true; value: unknown } | { ok: false; because: string } {
  for (const read of [(raw: string) => raw, decodeURIComponent]) {
    try {
      return { ok: true, value: JSON.parse(read(text)) };
    } catch {
      // Not this spelling; the other one is tried, then the text is refused.
    }
  }
  return { ok: false, because: "the policy document is neither JSON nor URL-encoded JSON" };
}

const refuse = (because: string) => ({ ok: false, because }) as const;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
