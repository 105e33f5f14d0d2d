import type { Grants } from "./inventory-grants.ts";
import type { IdentityFlag, IdentityRow } from "./inventory-row.ts";
import type { Trust } from "./inventory-trust.ts";

/** Unused for longer than this is dormant. Seconds. */
export const dormantAfter = 90 * 86_400;
/** Fewer granted actions are not worth a flag, however few of them are used. */
const leastGranted = 20;
/** Used at most this share of what is granted: over-granted. */
const usedShare = 0.1;

/** What flags are judged by. */
export interface FlagFacts
  extends Pick<
    IdentityRow,
    "kind" | "credential" | "created" | "createdBy" | "lastUsed" | "exists" | "calls" | "used"
  > {
  readonly declared: boolean;
  readonly creatorGone: boolean;
  readonly trust?: Trust;
  readonly grants?: Grants;
  /** What shares it, as sorted names. */
  readonly sharers: readonly string[];
  /** The moment that is judged from, in whole seconds. */
  readonly at: number;
  /** The earliest record, in whole seconds; absent without records. */
  readonly recordsFrom?: number;
}

/** Every flag that holds, with its reason. AWS's own identities have none; of what is gone only its use is judged. */
export function flagsOf(facts: FlagFacts): ReadonlyMap<IdentityFlag, string> {
  const flags = new Map<IdentityFlag, string>();
  if (facts.kind === "aws-services" || facts.kind === "service-linked-roles") return flags;
  const set = (flag: IdentityFlag, because: string | undefined): void => {
    if (because !== undefined) flags.set(flag, because);
  };
  set("undeclared", facts.declared ? undefined : "no manifest names it");
  set(
    "shared",
    facts.sharers.length > 1
      ? `${facts.sharers.length} share it, such as ${facts.sharers.slice(0, 2).join(" and ")}`
      : undefined,
  );
  if (facts.exists === false) return flags;
  set("static", facts.credential === "static" ? "a long-term secret: it works until somebody ends it" : undefined);
  set("orphaned", orphaned(facts));
  set("dormant", dormant(facts));
  set("over-granted", overGranted(facts));
  return flags;
}

function orphaned({ creatorGone, createdBy, trust, lastUsed }: FlagFacts): string | undefined {
  if (creatorGone && createdBy !== undefined) return `${createdBy}, which made it, is gone`;
  if (trust?.nowhere && lastUsed === undefined) return "never used, and nobody whom its trust policy names exists";
  return undefined;
}

/** IAM says of roles that they never were used; of others only the records can, as far back as they reach. */
function dormant({ kind, lastUsed, created, exists, at, recordsFrom }: FlagFacts): string | undefined {
  const days = (since: number): number => Math.floor((at - since) / 86_400);
  if (lastUsed !== undefined) return at - lastUsed > dormantAfter ? `not used for ${days(lastUsed)} days` : undefined;
  if (created === undefined) return undefined;
  const since = kind === "role" && exists === true ? created : Math.max(created, recordsFrom ?? at);
  return at - since > dormantAfter ? `never seen in use in ${days(since)} days` : undefined;
}

/** Judged only where use is known: it acted in the records, or IAM itself says that it never was used. */
function overGranted({ kind, grants, used, calls, lastUsed }: FlagFacts): string | undefined {
  if (grants === undefined || grants.actions < leastGranted) return undefined;
  if (calls === 0)
    return kind === "role" && lastUsed === undefined ? `${grants.actions} actions granted, never used` : undefined;
  if (used === undefined || used > grants.actions * usedShare) return undefined;
  return `${used} of ${grants.actions} granted actions seen in use; data events may be missing from the records`;
}
