import { atLeast, type Finding, type Severity } from "../core/detect/finding.ts";
import type { Settlement } from "../core/flow/settle.ts";

/** What weeks of ordinary work came to. */
export interface BenignTally {
  readonly records: number;
  readonly days: number;
  readonly bySeverity: ReadonlyMap<Severity, number>;
  readonly cases: number;
  /** Cases that would wake somebody, with the detectors that did it. */
  readonly pages: number;
  readonly pagedBy: ReadonlyMap<string, Noted>;
  /** Findings of medium and up, by detector and severity. */
  readonly loudBy: ReadonlyMap<string, Noted>;
  /** Findings over which something would have been contained without asking anybody. */
  readonly contained: number;
  readonly containedBy: ReadonlyMap<string, Noted>;
}

/** How often, and one of them. */
export interface Noted {
  readonly count: number;
  readonly title: string;
  readonly principal: string;
}

/** Counts settlements day by day; a finding or case that comes up again on another day is one. */
export function benignTally() {
  const seen = new Set<string>();
  const once = (id: string): boolean => !seen.has(id) && seen.add(id) !== undefined;
  const bySeverity = new Map<Severity, number>();
  const [pagedBy, loudBy, containedBy] = [new Map<string, Noted>(), new Map<string, Noted>(), new Map<string, Noted>()];
  let [records, days, cases, pages, contained] = [0, 0, 0, 0, 0];
  return {
    add(count: number, { findings, decisions, cases: found }: Settlement): void {
      records += count;
      days++;
      const would = new Map(decisions.map((one) => [one.findingId as string, one.would]));
      const byId = new Map(findings.map((one) => [one.id as string, one]));
      for (const one of findings) {
        if (!once(one.id)) continue;
        bySeverity.set(one.severity, (bySeverity.get(one.severity) ?? 0) + 1);
        if (atLeast(one.severity, "medium")) noted(loudBy, `${one.detector} ${one.severity}`, one);
        if (would.get(one.id) !== "contain") continue;
        contained++;
        noted(containedBy, one.detector, one);
      }
      for (const { id, findingIds } of found) {
        if (once(`case ${id}`)) cases++;
        const waking = findingIds
          .flatMap((one) => byId.get(one) ?? [])
          .filter((one) => atLeast(one.severity, "high") && would.get(one.id) !== "dismiss");
        if (waking.length === 0 || !once(`page ${id}`)) continue;
        pages++;
        for (const one of new Map(waking.map((each) => [each.detector, each])).values())
          noted(pagedBy, one.detector, one);
      }
    },
    taken: (): BenignTally => ({
      ...{ records, days, bySeverity, cases, pages, pagedBy, loudBy, contained, containedBy },
    }),
  };
}

function noted(counts: Map<string, Noted>, key: string, { title, attribution: { hops } }: Finding): void {
  const known = counts.get(key);
  const principal = known?.principal ?? hops[0]?.principal ?? "";
  counts.set(key, { count: (known?.count ?? 0) + 1, title: known?.title ?? title, principal });
}
