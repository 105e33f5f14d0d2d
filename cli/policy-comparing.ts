import { type DifferenceRow, differing } from "../core/iam/compare/difference.ts";
import { newlyOpen } from "../core/iam/compare/newly-open.ts";
import { type TrustRow, trustDifference } from "../core/iam/compare/trust-difference.ts";
import { type PolicyDocument, parsePolicy } from "../core/iam/policy.ts";
import type { OpenPath } from "../core/iam/reach/escalates.ts";
import { reachStatements } from "../core/iam/reach/reach-statement.ts";
import { iamTables } from "./iam-tables.ts";

/** What two documents differ in. */
export interface Compared {
  readonly ok: true;
  readonly added: readonly (DifferenceRow | TrustRow)[];
  readonly removed: readonly (DifferenceRow | TrustRow)[];
  readonly escalates: readonly OpenPath[];
  /** Rows that were too many to print. */
  readonly left: number;
}

/** Compares two documents: objects, JSON or URL-encoded texts, or null. */
export type Comparing = (
  kind: "identity" | "trust",
  old: unknown,
  now: unknown,
) => Compared | { readonly ok: false; readonly because: string };

/** Where made-up witnesses lie when a policy leaves it open: AWS's documented example account. */
const around = { partition: "aws", region: "us-east-1", account: "111122223333" } as const;

/** Ready to compare two policies. */
export async function comparing(): Promise<Comparing> {
  const { table, paths } = iamTables;
  const differ = differing(table, around);
  return (kind, oldText, nowText) => {
    const [old, now] = [documentsOf("old", oldText), documentsOf("new", nowText)];
    if (typeof old === "string") return { ok: false, because: old };
    if (typeof now === "string") return { ok: false, because: now };
    const [oldReach, nowReach] = [reachStatements(oldText), reachStatements(nowText)];
    const found = kind === "identity" ? differ(old, now) : { ...trustDifference(old, now, { table, around }), left: 0 };
    const open =
      oldReach.ok && nowReach.ok
        ? newlyOpen(
            { old: oldReach.statements, now: nowReach.statements, gained: found.added.map(({ action }) => action) },
            { paths, table },
          )
        : [];
    return { ok: true, added: found.added, removed: found.removed, escalates: open, left: found.left };
  };
}

function documentsOf(name: string, given: unknown): readonly PolicyDocument[] | string {
  if (given === null) return [];
  const parsed = parsePolicy(given);
  return parsed.ok ? [parsed.document] : `${name}: ${parsed.because}`;
}
