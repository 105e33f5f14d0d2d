import { callRecord } from "./corpus-call.ts";
import type { Origin } from "./corpus-chain.ts";
import { type ChainTruth, makeChain, type Stage } from "./corpus-chain.ts";
import type { Tally, Worth } from "./corpus-facts.ts";
import { nextCall } from "./corpus-mix.ts";
import type { Random } from "./corpus-random.ts";
import { logFilePath } from "./corpus-record.ts";
import type { Opening } from "./corpus-session.ts";
import type { LogFile } from "./corpus-traffic.ts";

/** How many chains, in how many records, over how many files. */
export interface ScatterOptions {
  readonly stage: Stage;
  readonly regions: readonly string[];
  /** Repeated ones included; more where the chains alone need more. */
  readonly records: number;
  readonly chains: number;
  readonly recordsPerFile: number;
}

/** What is counted of the chains as they are planted. */
export interface ChainCounts {
  /** By the number of issuing calls: one to five. */
  readonly byHops: number[];
  readonly byOrigin: Record<Origin, number>;
  /** Issuing calls that two accounts recorded. */
  crossings: number;
  /** Sessions that were seen at work in a file delivered before the file of the call that issued them. */
  childrenFirst: number;
}

/** Where the truth goes and what is counted. */
export interface Notes {
  readonly tally: Tally;
  readonly counts: ChainCounts;
  truth(truth: ChainTruth): void;
}

/**
 * Log files over one day. Records wait in a pool of their account and Region and are drawn from it blindly, so that a
 * record is delivered before the call that issued its credential about as often as after it; nothing but the pools is
 * remembered.
 */
export function* scattered(random: Random, options: ScatterOptions, notes: Notes): Generator<LogFile> {
  const { stage, regions, chains, records, recordsPerFile } = options;
  const lanes = new Map<string, Lane>();
  for (const account of stage.world.accounts)
    for (const region of regions) lanes.set(`${account} ${region}`, { account, region, pool: [] });
  const mostWaiting = Math.min(30_000, Math.ceil(records / 3));
  let waiting = 0;
  let planted = 0;
  for (let number = 0; number < chains; number++) {
    const at = firstInstant + Math.floor((number * daySeconds) / chains) * 1000;
    const wanted = Math.round(((number + 1) * records) / chains) - planted;
    const entries = chainEntries(random, options, { number, at, wanted }, notes);
    planted += entries.length;
    waiting += entries.length;
    for (const entry of entries) lanes.get(`${entry.account} ${entry.region}`)?.pool.push(entry);
    while (waiting > mostWaiting) {
      const file = drawn(random, fullest(lanes), recordsPerFile, notes);
      waiting -= file.records.length;
      yield file;
    }
  }
  for (const lane of lanes.values()) while (lane.pool.length > 0) yield drawn(random, lane, recordsPerFile, notes);
}

const firstInstant = Date.UTC(2026, 10, 20);
const daySeconds = 86_400;
const mostHops = 5;

interface Lane {
  readonly account: string;
  readonly region: string;
  readonly pool: Entry[];
}

/** Whether a session's issuing call, and any call before it, was delivered. */
interface Delivery {
  issued: boolean;
  early: boolean;
}

interface Entry {
  readonly account: string;
  readonly region: string;
  readonly at: number;
  readonly text: string;
  readonly worth: Worth;
  readonly delivery: Delivery;
}

interface Turn {
  readonly number: number;
  readonly at: number;
  readonly wanted: number;
}

/** The records of one chain: its issuing calls, their copies, and what its sessions did, the last one at least once. */
function chainEntries(
  random: Random,
  { stage, regions }: ScatterOptions,
  { number, at, wanted }: Turn,
  { counts, truth }: Notes,
): readonly Entry[] {
  const region = random.pick(regions);
  const hops = (number % mostHops) + 1;
  const chain = makeChain(random, stage, { hops, at, region });
  truth(chain.truth);
  counts.byHops[hops - 1] = (counts.byHops[hops - 1] ?? 0) + 1;
  counts.byOrigin[chain.truth.origin]++;
  const entries: Entry[] = [];
  const put = (entry: Entry): void => {
    entries.push(entry);
    if (random.chance(0.005)) entries.push({ ...entry, worth: { kind: "duplicate" } });
  };
  const opened = chain.openings.map((opening) => ({ opening, delivery: { issued: false, early: false } }));
  for (const { opening, delivery } of opened) {
    const { session, issuing, copy } = opening;
    const shared = { region, at: session.startedAt, delivery };
    const { name } = issuing;
    put({
      ...shared,
      account: issuing.account,
      text: issuing.text,
      worth: { kind: "issuing", name, depth: session.depth },
    });
    if (copy === undefined) continue;
    counts.crossings++;
    put({ ...shared, account: copy.account, text: copy.text, worth: { kind: "copy", name } });
  }
  let next = opened.at(-1);
  do {
    if (next === undefined) break;
    put(work(random, next.opening, next.delivery));
    next = random.pick(opened);
  } while (entries.length < wanted);
  return entries;
}

function work(random: Random, { session }: Opening, delivery: Delivery): Entry {
  const { role, region, startedAt } = session;
  const template = nextCall(random, role.profile);
  const outcome = random.chance(0.025) ? "failed" : "done";
  const at = startedAt + random.between(1, 3_000) * 1000;
  return {
    account: role.account,
    region,
    at,
    text: callRecord(random, { session, template, at, outcome }),
    worth: { kind: outcome === "failed" ? "failed-call" : "call", name: template.name },
    delivery,
  };
}

function fullest(lanes: ReadonlyMap<string, Lane>): Lane {
  const [first, ...others] = lanes.values();
  if (first === undefined) throw new Error("scattered: there is no account or no Region; name at least one of each");
  return others.reduce((most, lane) => (lane.pool.length > most.pool.length ? lane : most), first);
}

function drawn(random: Random, lane: Lane, recordsPerFile: number, notes: Notes): LogFile {
  const { pool, account, region } = lane;
  const wanted = Math.min(pool.length, Math.max(1, Math.round(recordsPerFile * random.longTailed(0.7))));
  const records: string[] = [];
  let latest = 0;
  while (records.length < wanted) {
    const place = random.below(pool.length);
    const entry = pool[place];
    const last = pool.pop();
    if (entry === undefined || last === undefined) break;
    if (place < pool.length) pool[place] = last;
    records.push(entry.text);
    latest = Math.max(latest, entry.at);
    note(entry, notes);
  }
  return { path: logFilePath(account, region, latest + 300_000, random.id(16)), records };
}

function note({ worth, delivery }: Entry, { tally, counts }: Notes): void {
  tally.add(worth);
  if (worth.kind === "issuing") delivery.issued = true;
  else if (worth.kind !== "copy" && !delivery.issued && !delivery.early) {
    delivery.early = true;
    counts.childrenFirst++;
  }
}
