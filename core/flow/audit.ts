import type { ResponsePolicy } from "../decide/policy.ts";
import { instant } from "../event/instant.ts";
import { type ItemSink, readItem } from "../event/items.ts";
import { memorySpool } from "../event/spool.ts";
import { type AccessKeyId, isLongTerm } from "../iam/identifiers.ts";
import { maxHops } from "../identity/chain.ts";
import type { Issuance } from "../identity/issuance.ts";
import type { FindIssuance } from "../identity/lineage.ts";
import type { SessionStore, StoredIssuance } from "../identity/session-store.ts";
import type { Registry } from "../identity/workload.ts";
import type { Ledger } from "../record/ledger.ts";
import type { ParkedStore } from "../record/parked.ts";
import { issuancesOf } from "./attributor.ts";
import type { Clock } from "./clock.ts";
import type { Watchers } from "./findings.ts";
import { purposesOf } from "./purpose.ts";
import { recordSettlement } from "./record.ts";
import { type Settlement, settle } from "./settle.ts";
import { emptyState, observe, type State } from "./state.ts";
import { tracer } from "./trace.ts";

export interface AuditPorts {
  readonly sessions: SessionStore;
  readonly ledger: Ledger;
  readonly parked: ParkedStore;
  readonly clock: Clock;
  readonly registry: Registry;
  readonly watchers: Watchers;
  readonly policy: ResponsePolicy;
}

/** One message as a queue hands it over. */
export interface Message {
  readonly id: string;
  readonly body: string;
}

/** What became of one message. Every message that is acknowledged has exactly one of these. */
export type Disposition =
  | { readonly kind: "decided"; readonly message: string; readonly findings: number }
  | { readonly kind: "parked"; readonly message: string; readonly reason: string }
  | { readonly kind: "filtered"; readonly message: string };

export interface Audited {
  readonly dispositions: readonly Disposition[];
  readonly settlement: Settlement;
}

/** An event may be dated this much after its receipt: clocks differ. */
const tolerance = 10 * 60_000;
/** SQS hands over at most this much; more did not come from it. */
const longestBody = 1_048_576;

/**
 * Decode, attribute, detect, decide and record one batch of EventBridge envelopes: the replay's `observe` and `settle`
 * with the lineage of earlier batches behind them. Delivering a batch again changes nothing.
 */
export async function audit(messages: readonly Message[], ports: AuditPorts): Promise<Audited> {
  const state = emptyState({ principals: memorySpool(), kept: memorySpool(), rows: memorySpool() });
  const dispositions = observeAll(state, messages, ports);
  for (const one of dispositions) if (one.kind === "parked") await park(one, messages, ports);
  for (const issuance of issuancesOf(state)) {
    const { accessKeyId } = issuance;
    if (accessKeyId !== undefined) await ports.sessions.put(stored({ ...issuance, accessKeyId }));
  }
  const settlement = await settle(state, {
    registry: ports.registry,
    // Once per identity and run: a batch is no run, and would find it again with every batch.
    watchers: { ...ports.watchers, undeclared: "not-sought" },
    policy: ports.policy,
    horizon: {},
    earlier: await earlierLineage(state, ports.sessions),
  });
  await recordSettlement(settlement, ports.ledger, ports.clock.now());
  return { dispositions: dispositions.map((one) => withFindings(one, settlement)), settlement };
}

type Observed =
  | { readonly kind: "observed"; readonly message: string; readonly eventIDs: readonly string[] }
  | Exclude<Disposition, { kind: "decided" }>;

function observeAll(state: State, messages: readonly Message[], { clock, watchers }: AuditPorts): readonly Observed[] {
  const into = tracer({
    purposes: purposesOf(watchers.wakeIndex.apis),
    rows: "wanted",
    notAfter: instant(clock.now() + tolerance),
  });
  const numbers: number[] = [];
  return messages.map(({ id, body }): Observed => {
    const sink: ItemSink = into.sink(id);
    if (body.length > longestBody) sink.broken("the message is longer than a queue allows", { mark: "#", number: 0 });
    else readItem(body, { mark: "#", number: 0 }, sink);
    const trace = into.take();
    observe(state, trace, numbers);
    const [refused] = trace.parked;
    if (refused !== undefined) return { kind: "parked", message: id, reason: refused.reason };
    return trace.count === 0
      ? { kind: "filtered", message: id }
      : { kind: "observed", message: id, eventIDs: trace.rows.map(idOfRow) };
  });
}

const idOfRow = (row: string): string => String((JSON.parse(row) as readonly unknown[])[0]);

function withFindings(one: Observed, { findings }: Settlement): Disposition {
  if (one.kind !== "observed") return one;
  const own = findings.filter((finding) => one.eventIDs.some((id) => finding.eventIDs.some((found) => found === id)));
  return { kind: "decided", message: one.message, findings: own.length };
}

async function park(
  { message, reason }: Extract<Disposition, { kind: "parked" }>,
  messages: readonly Message[],
  { parked, clock }: AuditPorts,
): Promise<void> {
  const body = messages.find((one) => one.id === message)?.body ?? "";
  await parked.park({ schema: 1, source: message, reason, body, at: clock.now() });
}

const stored = (issuance: Issuance & { readonly accessKeyId: AccessKeyId }): StoredIssuance => ({
  schema: 1 as const,
  ...issuance,
  ...(issuance.caller.accessKeyId === undefined ? {} : { parent: issuance.caller.accessKeyId }),
});

/** Reads the chains behind this batch's credentials: one read for each credential that the batch did not issue itself. */
async function earlierLineage(state: State, sessions: SessionStore): Promise<FindIssuance> {
  const known = new Map<AccessKeyId, Issuance>();
  const asked = new Set<AccessKeyId>();
  let waiting = new Set<AccessKeyId>();
  for (let number = 0; number < state.principals.count; number++) {
    const key = state.principals.read(number).accessKeyId;
    if (key !== undefined) waiting.add(key);
  }
  for (const { caller } of issuancesOf(state)) if (caller.accessKeyId !== undefined) waiting.add(caller.accessKeyId);
  for (let hop = 0; hop < maxHops && waiting.size > 0; hop++) {
    const next = new Set<AccessKeyId>();
    for (const key of waiting) {
      asked.add(key);
      const found = isLongTerm(key) ? undefined : await sessions.find(key);
      if (found === undefined) continue;
      known.set(key, found);
      const parent = found.caller.accessKeyId;
      if (parent !== undefined && !asked.has(parent)) next.add(parent);
    }
    waiting = next;
  }
  return ({ accessKeyId }) => (accessKeyId === undefined ? undefined : known.get(accessKeyId));
}
