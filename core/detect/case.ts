import { createHash } from "node:crypto";
import { dayOf, type Instant } from "../event/instant.ts";
import type { Root } from "../identity/attribution.ts";
import type { CapacityShown } from "./capacity/capacity-course.ts";
import { type Finding, type FindingId, type Severity, severities } from "./finding.ts";

/** The findings of one subject on one UTC day. */
export interface Case {
  readonly id: string;
  readonly root: Root;
  readonly severity: Severity;
  readonly findingIds: readonly FindingId[];
  /** Earliest and latest `at` of its findings. */
  readonly opened: Instant;
  readonly updated: Instant;
  /** The same subject's case of the day before. */
  readonly continues?: string;
  /** Cases that findings of this one were in before a later link told who was behind them. Those with none left are superseded. */
  readonly supersedes?: readonly string[];
  /** What its subject ran on accelerators that day; told by a whole run only. */
  readonly capacity?: CapacityShown;
}

/** Findings that a later link moved from one case to another; their ids stay. */
export interface Merge {
  readonly from: string;
  readonly into: string;
  readonly findingIds: readonly FindingId[];
  /** How many findings stay behind. With none the old case is superseded, and its keys resolve through this merge. */
  readonly left: number;
}

/** What moved: findings that an earlier case still holds, though they belong to another by now. Sorted by (from, into). */
export function mergesOf(
  findings: readonly Finding[],
  members: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Merge[] {
  const merges = [...members].flatMap(([from, held]) => {
    const moved = findings.filter((one) => held.has(one.id) && caseIdOf(one) !== from);
    const left = held.size - new Set(moved.map((one) => one.id)).size;
    return [...Map.groupBy(moved, caseIdOf)].map(
      ([into, own]): Merge => ({ from, into, findingIds: [...new Set(own.map((one) => one.id))].sort(), left }),
    );
  });
  return merges.sort((a, b) => (`${a.from} ${a.into}` < `${b.from} ${b.into}` ? -1 : 1));
}

/** What a case is about: the root of the chain or, where nobody knows it, what stays the same of the principal across sessions. */
export const subjectOf = ({
  attribution: { root, hops },
  account,
}: Pick<Finding, "attribution" | "account">): string =>
  root.kind === "unknown" ? `unknown:${lasting(hops[0]?.principal ?? account ?? "")}` : `${root.kind}:${root.id}`;

/** `arn:P:sts::A:assumed-role/NAME/SESSION` without its session; any other name as it is. */
const lasting = (principal: string): string =>
  principal.replace(/^(arn:[^:]+:sts::\d+:assumed-role\/[^/]+)\/.*$/s, "$1");

/** First 32 hex of SHA-256 over subject and UTC day. */
export const caseIdOf = (finding: Finding): string => caseId(subjectOf(finding), dayOf(finding.at));

/** Groups findings into cases, sorted by (opened, id). The order of the findings does not matter. */
export function casesOf(findings: readonly Finding[], merges: readonly Merge[] = []): readonly Case[] {
  const groups = Map.groupBy(findings, caseIdOf);
  const cases = [...groups].map(([id, members]): Case => {
    const sorted = members.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    const [first = missing(), last = first] = [sorted[0], sorted.at(-1)];
    const supersedes = [...new Set(merges.filter(({ into }) => into === id).map(({ from }) => from))].sort();
    const before = caseId(subjectOf(first), dayOf((first.at - 86_400_000) as Instant));
    return {
      id,
      root: first.attribution.root,
      severity: severities[Math.max(...sorted.map((one) => severities.indexOf(one.severity)))] ?? "info",
      findingIds: sorted.map((one) => one.id),
      opened: first.at,
      updated: last.at,
      ...(groups.has(before) ? { continues: before } : {}),
      ...(supersedes.length === 0 ? {} : { supersedes }),
    };
  });
  return cases.toSorted((a, b) => a.opened - b.opened || (a.id < b.id ? -1 : 1));
}

const caseId = (subject: string, day: string): string =>
  createHash("sha256")
    .update(JSON.stringify([subject, day]))
    .digest("hex")
    .slice(0, 32);

function missing(): never {
  throw new Error("a group of findings is never empty");
}
