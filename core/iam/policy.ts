/** One statement in IAM's grammar, every one-or-many field made a list. */
export interface Statement {
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: Scope;
  readonly resources: Scope;
  /** True when the statement has any condition at all. */
  readonly conditional: boolean;
}

/** What a statement covers: the listed patterns, or everything but them (`NotAction`, `NotResource`). */
export type Scope = { readonly kind: "only" | "all-but"; readonly patterns: readonly string[] };

export interface PolicyDocument {
  readonly statements: readonly Statement[];
}

export type ParsedPolicy =
  | { readonly ok: true; readonly document: PolicyDocument }
  | { readonly ok: false; readonly because: string };

/** Reads a policy given as an object, a JSON string or a URL-encoded JSON string, as CloudTrail and IAM write them. */
export function parsePolicy(value: unknown): ParsedPolicy {
  const parsed = typeof value === "string" ? fromText(value) : { ok: true as const, value };
  if (!parsed.ok) return parsed;
  if (typeof parsed.value !== "object" || parsed.value === null || Array.isArray(parsed.value))
    return { ok: false, because: "a policy document is a JSON object" };
  const raw = (parsed.value as Record<string, unknown>)["Statement"];
  const statements = (Array.isArray(raw) ? raw : [raw]).map(statement);
  const bad = statements.indexOf(undefined);
  if (bad >= 0) return { ok: false, because: `statement ${bad + 1} is not an IAM statement` };
  return { ok: true, document: { statements: statements.filter((found) => found !== undefined) } };
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

function statement(raw: unknown): Statement | undefined {
  if (typeof raw !== "object" || raw === null) return undefined;
  const one = raw as Record<string, unknown>;
  const effect = one["Effect"];
  if (effect !== "Allow" && effect !== "Deny") return undefined;
  const condition = one["Condition"];
  const sid = one["Sid"];
  return {
    ...(typeof sid === "string" && sid !== "" ? { sid } : {}),
    effect,
    actions: scope(one["Action"], one["NotAction"]),
    resources: scope(one["Resource"], one["NotResource"]),
    conditional: typeof condition === "object" && condition !== null && Object.keys(condition).length > 0,
  };
}

const scope = (only: unknown, allBut: unknown): Scope =>
  allBut === undefined ? { kind: "only", patterns: texts(only) } : { kind: "all-but", patterns: texts(allBut) };

const texts = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
