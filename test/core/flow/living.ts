import fc from "fast-check";
import { expect } from "vitest";
import { memoryLedger } from "../../../adapters/memory/ledger.ts";
import { memorySessions } from "../../../adapters/memory/sessions.ts";
import { memoryWaiting } from "../../../adapters/memory/waiting.ts";
import { caseIdOf } from "../../../core/detect/case.ts";
import type { Finding } from "../../../core/detect/finding.ts";
import { text } from "../../../core/event/json.ts";
import { Fault } from "../../../core/fault.ts";
import { audit } from "../../../core/flow/audit.ts";
import type { WaitingStore } from "../../../core/flow/live/waiting-store.ts";
import { replayChain } from "../../../core/flow/record.ts";
import type { SessionStore } from "../../../core/identity/lineage/session-store.ts";
import { caseMembers, decisionEssence } from "../../../core/record/case-members.ts";
import type { Ledger } from "../../../core/record/ledger.ts";
import { beginnings, type ChainShape, chainAccounts, chainRecords, type HopShape } from "../../fixtures/chains.ts";
import { eventId, type RecordObject, record, region, secondsAfter } from "../../fixtures/records.ts";
import { entriesOf, messageOf, portsOf, remembering } from "./live.ts";
import { settled, watchedLive } from "./settling.ts";

const hop: fc.Arbitrary<HopShape> = fc.record({
  account: fc.constantFrom(...chainAccounts),
  role: fc.constantFrom("a", "b"),
  name: fc.constantFrom("s", "t"),
  copies: fc.constantFrom("both", "both", "caller", "owner"),
});
const chain: fc.Arbitrary<ChainShape> = fc.record(
  {
    beginning: fc.constantFrom(...beginnings),
    hops: fc.array(hop, { minLength: 1, maxLength: 5 }),
    loop: fc.nat(4),
    calls: fc.integer({ min: 1, max: 2 }),
  },
  { requiredKeys: ["beginning", "hops", "calls"] },
);

interface Agent {
  readonly account: string;
  readonly role: string;
  readonly id: string;
}

/** An agent that works with a role of a chain: what tells, or stops telling, who is behind a session of that role. */
const agent: fc.Arbitrary<Agent> = fc.record({
  account: fc.constantFrom(...chainAccounts),
  role: fc.constantFrom("a", "b"),
  id: fc.constantFrom("ABCDEFGHIJ", "KLMNOPQRST"),
});

function agentRecord({ account, role, id }: Agent, place: number): RecordObject {
  const agentResourceRoleArn = `arn:aws:iam::${account}:role/${role}`;
  return record({
    eventSource: "bedrock.amazonaws.com",
    eventName: "CreateAgent",
    readOnly: false,
    requestParameters: { agentName: id, agentResourceRoleArn },
    responseElements: {
      agent: { agentArn: `arn:aws:bedrock:${region}:${account}:agent/${id}`, agentResourceRoleArn },
    },
    eventID: eventId(800_000 + place),
    eventTime: secondsAfter(place),
    recipientAccountId: account,
  });
}

/** The chains with every ordinary call turned into one that something is found in. */
export const harmful = (chains: readonly ChainShape[]): readonly RecordObject[] =>
  chains.flatMap(chainRecords).map((one) =>
    one["eventName"] === "GetObject"
      ? {
          ...one,
          readOnly: false,
          eventSource: "cloudtrail.amazonaws.com",
          eventName: "StopLogging",
          requestParameters: { name: `arn:aws:cloudtrail:${region}:111122223333:trail/main` },
        }
      : one,
  );

/** In any order, some of them again, cut into batches, each perhaps by a process that remembers nothing. */
const arriving = (records: readonly RecordObject[]) =>
  fc
    .subarray([...records])
    .chain((again) => fc.shuffledSubarray([...records, ...again], { minLength: records.length + again.length }))
    .chain((all) =>
      fc.record({
        all: fc.constant(all),
        sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 }),
        restarts: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
      }),
    );

export interface Arrival {
  readonly all: readonly RecordObject[];
  readonly sizes: readonly number[];
  readonly restarts: readonly boolean[];
}

/** Sets of chains with what their keys did, and one way in which their records arrive. */
export const sets = fc
  .tuple(fc.array(chain, { minLength: 1, maxLength: 3 }), fc.array(agent, { maxLength: 3 }))
  .map(([chains, agents]) => [...harmful(chains), ...agents.map(agentRecord)])
  .chain((records) => fc.tuple(fc.constant(records), arriving(records)));

/** The stores that outlive a process. */
export interface Stores {
  readonly store: SessionStore;
  readonly waiting: WaitingStore;
  readonly ledger: Ledger;
}

export const inMemory = (): Stores => ({ store: memorySessions(), waiting: memoryWaiting(), ledger: memoryLedger() });
/** Runs the live line over everything that arrives; the findings as they were settled last. */
export async function lived({ all, sizes, restarts }: Arrival, { store, waiting, ledger }: Stores) {
  const last = new Map<string, Finding>();
  let sessions = remembering(store);
  for (let from = 0, batch = 0; from < all.length; batch++) {
    const size = sizes[batch % sizes.length] ?? 1;
    if (restarts[batch % restarts.length]) sessions = remembering(store);
    const messages = all.slice(from, from + size).map((one, place) => messageOf(one, `${from + place}`));
    const { settlement, reconsidered } = await audit(messages, portsOf({ sessions, waiting, ledger }));
    for (const one of [...settlement.findings, ...(reconsidered?.findings ?? [])]) last.set(one.id, one);
    from += size;
  }
  return { last, ledger };
}

/** The cases that still hold findings, as the ledger has them. */
async function casesIn(ledger: Ledger) {
  const entries = (await entriesOf(ledger)).filter((entry) => entry.chain === replayChain);
  const ids = new Set(entries.flatMap(({ step }) => step.caseId ?? []));
  const members = [...ids].map((id) => [id, [...caseMembers(id, entries).findings].sort()] as const);
  return new Map(members.filter(([, held]) => held.length > 0).sort());
}

/** Expects what the live line came to to be what one replay of the records comes to. */
export async function expectReplay(
  records: readonly RecordObject[],
  { last, ledger }: Awaited<ReturnType<typeof lived>>,
): Promise<void> {
  const { settlement } = await settled([[records]], { mode: "contain", watchers: watchedLive });
  const essence = (found: Iterable<Finding>) =>
    new Map(
      [...found]
        .map(({ id, attribution }): [string, unknown] => [id, attribution])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  expect(essence(last.values())).toEqual(essence(settlement.findings));
  const groups = Map.groupBy(settlement.findings, caseIdOf);
  expect(await casesIn(ledger)).toEqual(
    new Map([...groups].map(([id, own]) => [id, own.map((one) => one.id).sort()] as const).sort()),
  );
  const decided = (await entriesOf(ledger)).filter(({ step }) => step.kind === "decided").map(({ step }) => step.body);
  expect(new Set(decided.map(decisionEssence)).size).toBe(decided.length);
  expect(new Set(decided.map((one) => text(one["findingId"]))).size).toBe(settlement.findings.length);
}

const batchesOf = ({ all, sizes }: Arrival): readonly (readonly RecordObject[])[] => {
  const batches: (readonly RecordObject[])[] = [];
  for (let from = 0; from < all.length; ) {
    const size = sizes[batches.length % sizes.length] ?? 1;
    batches.push(all.slice(from, from + size));
    from += size;
  }
  return batches;
};

const messagesOf = (records: readonly RecordObject[]) => records.map((one, place) => messageOf(one, `${place}`));

/** All batches begin at once; every call of a port takes some turns of the loop, before or after its effect. */
export async function livedAtOnce(arrival: Arrival, { store, waiting, ledger }: Stores, delays: readonly number[]) {
  let call = 0;
  const slow = through(async (work) => {
    const turns = delays[call++ % delays.length] ?? 0;
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    const result = await work();
    for (let turn = turns; turn < 12; turn++) await Promise.resolve();
    return result;
  });
  const found: Finding[] = [];
  await Promise.all(
    batchesOf(arrival).map(async (batch) => {
      const slowLedger = { ...ledger, append: slow(ledger).append };
      const ports = { sessions: remembering(slow(store)), waiting: slow(waiting), ledger: slowLedger };
      const { settlement, reconsidered } = await audit(messagesOf(batch), portsOf(ports));
      found.push(...settlement.findings, ...(reconsidered?.findings ?? []));
    }),
  );
  return { last: new Map(found.map((one) => [one.id, one])), ledger };
}

/** Every batch again until it was audited, each time by a new process; then all of it once more. */
export async function livedThrough(arrival: Arrival, { store, waiting, ledger }: Stores) {
  const last = new Map<string, Finding>();
  for (const batch of [...batchesOf(arrival), ...batchesOf(arrival)])
    for (;;) {
      const ports = { sessions: remembering(store), waiting, ledger };
      const done = await audit(messagesOf(batch), portsOf(ports)).catch(() => undefined);
      if (done === undefined) continue;
      for (const one of [...done.settlement.findings, ...(done.reconsidered?.findings ?? [])]) last.set(one.id, one);
      break;
    }
  return { last, ledger };
}

/** Stores that fail: after so many calls, with or without having done what was asked. */
export function faulty({ store, waiting, ledger }: Stores, plan: readonly (readonly [number, boolean])[]): Stores {
  const open = [...plan];
  let left = open[0]?.[0] ?? Number.POSITIVE_INFINITY;
  const failing = through(async (work) => {
    if (--left > 0) return work();
    const [, after] = open.shift() ?? [];
    left = open[0]?.[0] ?? Number.POSITIVE_INFINITY;
    if (after) await work();
    throw new Fault("unreachable", "the connection was reset");
  });
  const { append } = failing(ledger);
  return { store: failing(store), waiting: failing(waiting), ledger: { ...ledger, append } };
}

/** Leads every call of a port through something else. */
const through =
  (lead: (work: () => Promise<unknown>) => Promise<unknown>) =>
  <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const call: unknown = Reflect.get(target, name);
        return typeof call === "function"
          ? (...given: readonly unknown[]) => lead(async () => Reflect.apply(call, target, given))
          : call;
      },
    });
