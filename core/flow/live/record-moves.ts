import type { Decision } from "../../decide/decision.ts";
import { type Case, caseIdOf, casesOf, type Merge, mergesOf } from "../../detect/case.ts";
import type { Finding } from "../../detect/finding.ts";
import { canonicalDigest } from "../../event/canonical.ts";
import type { Instant } from "../../event/instant.ts";
import type { JsonObject } from "../../event/json.ts";
import { type CaseMembers, caseMembers, decisionEssence } from "../../record/case-members.ts";
import type { Ledger, LedgerEntry, Step } from "../../record/ledger.ts";
import { replayChain, stepsOf } from "../record.ts";
import type { Settlement } from "../settle.ts";

/** What was recorded: the settlement with its cases as they are now, and what moved. */
export interface Recorded {
  readonly cases: readonly Case[];
  readonly merges: readonly Merge[];
}

/**
 * Records a settlement whose findings may have been in other cases before: they move, both cases say so, and what was
 * decided about them is decided again only where it comes to something else. What the ledger holds counts, not what
 * somebody remembers; recording again adds nothing.
 */
export async function recordMoves(
  settlement: Settlement,
  earlierCases: ReadonlySet<string>,
  ledger: Ledger,
  at: Instant,
): Promise<Recorded> {
  const { findings } = settlement;
  const before = await casesIn(ledger, [...earlierCases]);
  const merges = mergesOf(findings, new Map([...before].map(([id, one]) => [id, one.findings])));
  const cases = casesOf(findings, merges);
  const decisions = settlement.decisions.filter((one) => isNews(one, before));
  const steps = [
    ...stepsOf({ ...settlement, decisions, cases }),
    ...merges.flatMap((one) => mergeSteps(one, findings)),
  ];
  if (steps.length > 0) await ledger.append(replayChain, steps, at);
  return { cases, merges };
}

/** A decision that asks for what was asked for last, in an earlier case of the finding, is not made again. */
function isNews(decision: Decision, before: ReadonlyMap<string, CaseMembers>): boolean {
  const known = [...before].flatMap(([caseId, { decided }]) => {
    const last = decided.get(decision.findingId);
    return last === undefined ? [] : [{ caseId, ...last }];
  });
  const [last] = known.toSorted((a, b) => b.sequence - a.sequence);
  return last === undefined || last.caseId === decision.caseId || last.essence !== decisionEssence({ ...decision });
}

async function casesIn(ledger: Ledger, ids: readonly string[]): Promise<ReadonlyMap<string, CaseMembers>> {
  const cases = new Map<string, CaseMembers>();
  for (const caseId of ids) {
    const entries: LedgerEntry[] = [];
    for await (const entry of ledger.read({ chain: replayChain, caseId })) entries.push(entry);
    cases.set(caseId, caseMembers(caseId, entries));
  }
  return cases;
}

/** The same step in both cases, with the calls that issued the credentials behind the findings: what moved them. */
function mergeSteps(merge: Merge, findings: readonly Finding[]): readonly Step[] {
  const moved = new Set<string>(merge.findingIds);
  const links = findings
    .filter((one) => moved.has(one.id) && caseIdOf(one) === merge.into)
    .flatMap(({ attribution }) => attribution.hops.flatMap(({ eventID }) => eventID ?? []));
  const body: JsonObject = { type: "merged", ...merge, eventIDs: [...new Set(links)].sort().slice(0, mostNamed) };
  const digest = canonicalDigest(body).slice(0, 32);
  return [merge.from, merge.into].map((caseId) => ({
    kind: "case-merged",
    key: `case-merged:${caseId}:${digest}`,
    caseId,
    body,
  }));
}

const mostNamed = 50;
