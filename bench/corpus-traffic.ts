import { callRecord, serviceRecord } from "./corpus-call.ts";
import type { Tally, Worth } from "./corpus-facts.ts";
import { nextCall } from "./corpus-mix.ts";
import type { Random } from "./corpus-random.ts";
import { logFilePath } from "./corpus-record.ts";
import { openSession, type Session } from "./corpus-session.ts";
import type { Role, World } from "./corpus-world.ts";

/** How much traffic, over what. */
export interface TrafficOptions {
  readonly world: World;
  readonly regions: readonly string[];
  readonly files: number;
  readonly recordsPerFile: number;
  /** Event time that one file spans. */
  readonly secondsPerFile: number;
}

/** One log file to be written. */
export interface LogFile {
  readonly path: string;
  readonly records: readonly string[];
}

/** Log files in the order of their delivery; only what is still going on is remembered. */
export function* traffic(random: Random, options: TrafficOptions, tally: Tally): Generator<LogFile> {
  const lanes = makeLanes(options);
  const share = lanes.reduce((sum, lane) => sum + lane.share, 0) / lanes.length;
  const seconds = options.secondsPerFile;
  for (let number = 0; number < options.files; number++) {
    const lane = lanes[number % lanes.length];
    if (lane === undefined) throw new Error("traffic: there is no account or no Region; name at least one of each");
    const from = firstInstant + Math.floor(number / lanes.length) * seconds * 1000;
    const wanted = Math.max(1, Math.round((options.recordsPerFile * lane.share * random.longTailed(0.7)) / share));
    const records = fillFile(random, lane, lanes, { wanted, from, seconds, tally });
    yield { path: logFilePath(lane.account, lane.region, from + seconds * 1000, random.id(16)), records };
  }
}

const firstInstant = Date.UTC(2026, 10, 20);

/** One account in one Region: what is going on there, and what is still to be delivered. */
interface Lane {
  readonly account: string;
  readonly region: string;
  readonly share: number;
  readonly roles: readonly Role[];
  readonly running: Running[];
  readonly later: Entry[];
}

interface Running {
  readonly session: Session;
  left: number;
}

interface Entry {
  readonly text: string;
  readonly worth: Worth;
}

function makeLanes({ world, regions }: TrafficOptions): readonly Lane[] {
  return world.accounts.flatMap((account) =>
    regions.map((region, index) => ({
      account,
      region,
      share: 1 / (1 + 1.5 * index),
      roles: world.roles.get(account) ?? [],
      running: [],
      later: [],
    })),
  );
}

interface Wish {
  readonly wanted: number;
  readonly from: number;
  readonly seconds: number;
  readonly tally: Tally;
}

const sessionsAtOnce = 8;
const mostAtOnce = 14;

function fillFile(
  random: Random,
  lane: Lane,
  lanes: readonly Lane[],
  { wanted, from, seconds, tally }: Wish,
): readonly string[] {
  const records: string[] = [];
  const repeats: Entry[] = [];
  const now = (): number => from + Math.floor((Math.min(records.length, wanted - 1) * seconds * 1000) / wanted);
  const put = ({ text, worth }: Entry): void => {
    records.push(text);
    tally.add(worth);
    if (worth.kind !== "duplicate" && random.chance(0.005)) repeats.push({ text, worth: { kind: "duplicate" } });
  };
  for (const entry of lane.later.splice(0, wanted)) put(entry);
  while (records.length < wanted) {
    while (lane.running.length < sessionsAtOnce) start(random, lane, now(), put);
    const one = random.pick(lane.running);
    const burst = Math.min(random.between(1, 12), one.left, wanted - records.length);
    for (let call = 0; call < burst; call++) put(nextEntry(random, one.session, now()));
    one.left -= burst;
    if (one.left <= 0) lane.running.splice(lane.running.indexOf(one), 1);
    else if (one.session.role.orchestrates && one.session.depth < 3 && random.chance(chainChance))
      extend(random, lane, lanes, { caller: one.session, at: now(), put });
  }
  lane.later.push(...repeats);
  return jostled(random, records);
}

const chainChance = 0.12;

/** One entry in 300 is something AWS did by itself; one in 40 fails. */
function nextEntry(random: Random, session: Session, at: number): Entry {
  if (random.chance(1 / 300)) {
    const { name, text } = serviceRecord(random, session.role.account, session.region, at);
    return { text, worth: { kind: "service-event", name } };
  }
  const template = nextCall(random, session.role.profile);
  const outcome = random.chance(0.025) ? "failed" : "done";
  const text = callRecord(random, { session, template, at, outcome });
  return { text, worth: { kind: outcome === "failed" ? "failed-call" : "call", name: template.name } };
}

/** A session that a service, a provider or a person begins; one in seven began before the first record. */
function start(random: Random, lane: Lane, at: number, put: (entry: Entry) => void): void {
  const role = random.pick(lane.roles);
  const { session, issuing } = openSession(random, { role, region: lane.region, at });
  lane.running.push({ session, left: random.between(30, 200) });
  if (random.chance(1 / 7)) return;
  deliver(random, lane, put, { text: issuing.text, worth: { kind: "issuing", name: issuing.name, depth: 0 } });
}

interface Extension {
  readonly caller: Session;
  readonly at: number;
  put(entry: Entry): void;
}

/** A session assumes another role, in one case of five in another account, which then gets its own copy of the record. */
function extend(random: Random, lane: Lane, lanes: readonly Lane[], { caller, at, put }: Extension): void {
  const abroad = random.chance(0.2) ? random.pick(lanes.filter(({ region }) => region === lane.region)) : lane;
  const role = random.pick(abroad.roles.filter(({ kind }) => kind !== "service-linked"));
  const { session, issuing, copy } = openSession(random, { role, region: lane.region, at, caller });
  abroad.running.push({ session, left: random.between(30, 200) });
  if (abroad.running.length > mostAtOnce) abroad.running.shift();
  deliver(random, lane, put, {
    text: issuing.text,
    worth: { kind: "issuing", name: issuing.name, depth: session.depth },
  });
  if (copy !== undefined) abroad.later.push({ text: copy.text, worth: { kind: "copy", name: copy.name } });
}

/** Now or, now and then, a file too late: after calls of the session that it issued. */
function deliver(random: Random, lane: Lane, put: (entry: Entry) => void, entry: Entry): void {
  if (random.chance(0.03)) lane.later.push(entry);
  else put(entry);
}

/** CloudTrail keeps no strict order within a file. */
function jostled(random: Random, records: readonly string[]): readonly string[] {
  const moved = [...records];
  for (let index = 1; index < moved.length; index++) {
    const [here, before] = [moved[index], moved[index - 1]];
    if (here === undefined || before === undefined || !random.chance(0.1)) continue;
    moved[index] = before;
    moved[index - 1] = here;
  }
  return moved;
}
