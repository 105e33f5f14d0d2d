import { parsePolicy } from "../policy.ts";
import type { ReachStatement } from "./reach.ts";
import { conditionTests } from "./reach-condition.ts";

export type ReachStatements =
  | { readonly ok: true; readonly statements: readonly ReachStatement[] }
  | { readonly ok: false; readonly because: string };

/**
 * The statements of a policy, given as an object, a JSON string or a URL-encoded JSON string; `null` is a policy without
 * statements. In a trust policy, which names no resource, a statement for everybody (`"Principal": "*"`) stands for the
 * role it is attached to; one for named principals says nothing about who reads it, and opens nothing.
 */
export function reachStatements(document: unknown): ReachStatements {
  if (document === null) return { ok: true, statements: [] };
  const value = typeof document === "string" ? decoded(document) : document;
  const parsed = parsePolicy(value);
  if (!parsed.ok) return parsed;
  const written = isRecord(value) ? value["Statement"] : undefined;
  const raw: readonly unknown[] = Array.isArray(written) ? written : [written];
  const statements = parsed.document.statements.flatMap((one, at): readonly ReachStatement[] => {
    const source = raw[at];
    const fields = isRecord(source) ? source : {};
    const trusts = fields["Resource"] === undefined && fields["NotResource"] === undefined;
    if (trusts && one.effect === "Allow" && !everybody(fields["Principal"])) return [];
    return [
      {
        effect: one.effect,
        actions: one.actions,
        resources: trusts ? { kind: "only", patterns: ["*"] } : one.resources,
        tests: conditionTests(fields["Condition"]),
      },
    ];
  });
  return { ok: true, statements };
}

function everybody(principal: unknown): boolean {
  if (principal === "*") return true;
  const aws = isRecord(principal) ? principal["AWS"] : undefined;
  return Array.isArray(aws) ? aws.includes("*") : aws === "*";
}

/** The text's JSON, plain or URL-encoded; the text itself when it is neither, for the parser to refuse. */
function decoded(text: string): unknown {
  for (const read of [(raw: string) => raw, decodeURIComponent]) {
    try {
      return JSON.parse(read(text));
    } catch {
      // The other spelling is tried, then the parser names what is wrong.
    }
  }
  return text;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
