import type { Merge } from "../detect/case.ts";
import { memorySpool } from "../event/spool.ts";
import type { StoredLink } from "../identity/lineage/session-store.ts";
import type { ParkedStore } from "../record/parked.ts";
import { tolerantFacts } from "./facts/blind-spot.ts";
import { writesIn } from "./facts/iam-known.ts";
import type { Watchers } from "./findings.ts";
import { type Judged, type JudgingPorts, judgeState } from "./live/judge-state.ts";
import { linksIn } from "./live/load-earlier.ts";
import { type Disposition, type Message, observeMessages, withFindings } from "./live/messages.ts";
import { stateOf } from "./live/observe-again.ts";
import type { Settlement } from "./settle.ts";
import { emptyState } from "./state.ts";

export interface AuditPorts extends JudgingPorts {
  readonly parked: ParkedStore;
  /** Keys the fingerprints of secrets in configurations; without one none is looked for. */
  readonly fingerprintKey?: string;
}

export interface Audited {
  readonly dispositions: readonly Disposition[];
  readonly settlement: Settlement;
  /** Findings of earlier batches that a link of this one told more about, settled again. */
  readonly reconsidered?: Settlement;
  /** Findings that moved to the case of whoever is behind them. */
  readonly merges: readonly Merge[];
  /** Records with findings that found too many waiting already: a later link may not reach them. */
  readonly crowded: number;
  /** Facts that could not be read, and why: detectors saw less than they asked for. */
  readonly blind: readonly string[];
}

/**
 * Decode, attribute, detect, decide and record one batch of EventBridge envelopes: the replay's `observe` and `settle`
 * with the lineage of earlier batches behind them. What earlier batches found is settled again where this one brings the
 * issuing call that it waited for. Delivering a batch again changes nothing.
 */
export async function audit(messages: readonly Message[], ports: AuditPorts): Promise<Audited> {
  const state = emptyState({ principals: memorySpool(), kept: memorySpool(), rows: memorySpool() });
  const observed = observeMessages(state, messages, ports);
  for (const { source, reason, body } of observed.refused)
    await ports.parked.park({ schema: 1, source, reason, body, at: ports.clock.now() });
  const facts = ports.watchers.facts === undefined ? undefined : tolerantFacts(ports.watchers.facts);
  // Undeclared, lives, sweeps and what ran: once a run; a batch is no run, and would find them again with every batch.
  const wholeRun = { undeclared: "not-sought", lives: [], sweeps: [] } as const;
  const { metering: _ofWholeRuns, ...watched } = ports.watchers;
  const watchers: Watchers = { ...watched, ...wholeRun, ...(facts === undefined ? {} : { facts }) };
  const judging: JudgingPorts = { ...ports, watchers };
  // Links are written before anything is asked: two batches at one time then cannot both miss the other's.
  const fresh = await ports.sessions.learn(linksIn(state));
  // Likewise what it wrote of IAM: its own calls are asked about as of just before each.
  const written = ports.iam?.writes === undefined ? [] : writesIn(state);
  if (written.length > 0) await ports.iam?.writes?.learn(written);
  const now = await judgeState(state, [], judging);
  const again = await reconsider(fresh, now, judging);
  ports.sessions.settled(fresh);
  return {
    dispositions: observed.messages.map((one) => withFindings(one, now.settlement.findings)),
    settlement: now.settlement,
    ...(again === undefined ? {} : { reconsidered: again.settlement }),
    merges: [...now.merges, ...(again?.merges ?? [])],
    crowded: new Set([...now.crowded, ...(again?.crowded ?? [])]).size,
    blind: facts?.blind ?? [],
  };
}

/** Settles again what waited for these links, by the same code over the same records. */
async function reconsider(
  fresh: readonly StoredLink[],
  { waiting }: Judged,
  ports: JudgingPorts,
): Promise<Judged | undefined> {
  const keys = [...new Set(fresh.map((link) => link.key))];
  if (keys.length === 0) return undefined;
  const woken = (await ports.waiting.under(keys)).filter((one) => !waiting.has(one.id));
  if (woken.length === 0) return undefined;
  const rows = [...woken.map((one) => one.row), ...woken.flatMap((one) => one.context)];
  return judgeState(stateOf(rows), woken, ports);
}
