import { callNamed } from "./benign-calls.ts";
import type { Worker } from "./benign-estate.ts";
import { launchOf, type Node, terminationOf } from "./benign-nodes.ts";
import { callRecord, serviceRecord } from "./corpus-call.ts";
import type { Random } from "./corpus-random.ts";
import { openSession, type Session } from "./corpus-session.ts";
import type { Template } from "./templates.ts";

/** How long and how much. The same seed and options make the same records. */
export interface StreamOptions {
  readonly days: number;
  /** About so many in all: what is not a session's issue or a piece of work is steady calls. */
  readonly records: number;
}

/** The first day of the stream, a Monday. */
export const streamStart = Date.UTC(2026, 10, 2);
const hour = 3_600_000;
const day = 24 * hour;

/** The Region at home is given up for these days, counted from 0: everything that can move works in the other. */
const failOver: ReadonlySet<number> = new Set([11, 12]);

/** One day of records, an hour at a time, made as they are asked for. Days must be asked for in order. */
export function benignStream(
  random: Random,
  workers: readonly Worker[],
  { days, records }: StreamOptions,
): { day(number: number): Generator<string> } {
  const lives = workers.map((worker): Life => {
    const calls = worker.trade.steady.flatMap(([name, weight]) => repeated(callNamed(name), weight));
    return { worker, calls, nodes: [], routine: (worker.trade.routine?.calls ?? []).map(callNamed) };
  });
  const atWork = lives.filter(({ calls }) => calls.length > 0).length;
  // A session of six hours costs a record; pieces of work come to few.
  const steadyAnHour = Math.max(0, records / days - workers.length * sessionsADay - aside) / atWork / 24;
  const launchesAnHour = Math.min(2, Math.max(0.2, steadyAnHour / 20));
  return {
    *day(number) {
      const pace = { moved: failOver.has(number), steadyAnHour, launchesAnHour };
      for (let at = streamStart + number * day; at < streamStart + (number + 1) * day; at += hour)
        for (const life of lives) yield* oneHour(random, life, { ...pace, at });
    },
  };
}

const sessionsADay = 4;
const aside = 900;

interface Life {
  readonly worker: Worker;
  readonly calls: readonly Template[];
  readonly routine: readonly Template[];
  session?: Session;
  nodes: readonly Node[];
}

interface Hour {
  readonly at: number;
  readonly moved: boolean;
  readonly steadyAnHour: number;
  readonly launchesAnHour: number;
}

function* oneHour(random: Random, life: Life, when: Hour): Generator<string> {
  const { worker, calls } = life;
  const { trade, role } = worker;
  const { at } = when;
  const region = when.moved && worker.refuge !== undefined ? worker.refuge : worker.region;
  const person = trade.kind === "sso";
  const due = new Date(at).getUTCHours() % 6 === 0 || life.session === undefined || life.session.region !== region;
  // Credentials are refreshed some minutes into the hour: until then, those of before are used.
  if (due && !person) yield* opened(random, life, { region, at: at + random.below(600_000) });
  const { session } = life;
  const put = (template: Template, time: number, by: Session | undefined): string =>
    by === undefined ? "" : callRecord(random, { session: by, template, at: time, outcome: outcomeOf(random) });
  if (session !== undefined && calls.length > 0)
    for (let left = drawn(random, when.steadyAnHour); left > 0; left--)
      yield put(random.pick(calls), inHour(random, at), session);
  const { routine } = trade;
  if (routine?.hours.includes(new Date(at).getUTCHours()) === true && begins(random, life, when)) {
    let time = at + 700_000 + random.below(1_200_000);
    if (person) yield* opened(random, life, { region, at: time });
    for (const template of life.routine) {
      time += random.between(2_000, 40_000);
      const text = put(template, time, life.session);
      yield template.name === "ConsoleLogin" ? text.replace('"AwsApiCall"', '"AwsConsoleSignIn"') : text;
    }
  }
  if (trade.nodes !== undefined) yield* nodesOf(random, life, when);
  if (trade.kind === "ec2" && random.chance(0.1)) yield serviceRecord(random, role.account, region, at).text;
}

/** Twice a week is deployed, three times as much as on other days. */
function begins(random: Random, { worker: { trade } }: Life, { at }: Hour): boolean {
  const weekday = new Date(at).getUTCDay();
  const { chance = 0, busy = "any-day" } = trade.routine ?? {};
  if (busy === "any-day") return random.chance(chance);
  if (weekday === 0 || weekday === 6) return false;
  return random.chance(weekday === 2 || weekday === 4 ? chance * 3 : chance);
}

function* opened(
  random: Random,
  life: Life,
  { region, at }: { readonly region: string; readonly at: number },
): Generator<string> {
  const { session, issuing } = openSession(random, { role: life.worker.role, region, at, seconds: 25_200 });
  life.session = session;
  yield issuing.text;
}

/** Whose time has come goes; others come. */
function* nodesOf(random: Random, life: Life, { at, launchesAnHour }: Hour): Generator<string> {
  const { session } = life;
  if (session === undefined) return;
  const gone = life.nodes.filter(({ until }) => until < at);
  const done = { session, outcome: "done" } as const;
  if (gone.length > 0) yield callRecord(random, { ...done, template: terminationOf(gone), at: at + 660_000 });
  life.nodes = life.nodes.filter(({ until }) => until >= at);
  for (let left = drawn(random, launchesAnHour); left > 0; left--) {
    const time = at + 700_000 + random.below(2_800_000);
    const { template, nodes } = launchOf(random, time);
    yield callRecord(random, { ...done, template, at: time });
    life.nodes = [...life.nodes, ...nodes];
  }
}

const inHour = (random: Random, at: number): number => at + 600_000 + random.below(hour - 610_000);

/** About so many: the whole part, and one more as often as the rest says. */
const drawn = (random: Random, mean: number): number => Math.floor(mean) + (random.chance(mean % 1) ? 1 : 0);

const outcomeOf = (random: Random): "done" | "failed" => (random.chance(0.004) ? "failed" : "done");

const repeated = <One>(one: One, times: number): readonly One[] => Array.from({ length: times }, () => one);
