import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { writeMany } from "./corpus.ts";
import { callRecord, globalServices } from "./corpus-call.ts";
import { type DriftKind, driftKinds, makeDrift } from "./corpus-drift.ts";
import { type EstateWorkload, makeEstate } from "./corpus-estate.ts";
import { type CorpusFacts, makeTally, type Tally } from "./corpus-facts.ts";
import { type Random, seededRandom } from "./corpus-random.ts";
import { logFilePath } from "./corpus-record.ts";
import { openSession, type Session } from "./corpus-session.ts";
import type { LogFile } from "./corpus-traffic.ts";
import { roleArn } from "./corpus-world.ts";
import type { Template } from "./templates.ts";

/** What corpus of a company's month to make. The same options make the same bytes. */
export interface EstateOptions {
  readonly seed: number;
  readonly directory: string;
  readonly accounts?: number;
  readonly workloads?: number;
  readonly callsADay?: number;
}

/** The size of `npm run bench -- --estate`: a month of 300 workloads in 40 accounts. */
export const estateSize = { accounts: 40, workloads: 300, callsADay: 40 } as const;

/** What is true of one workload: its role, and what it did that it should not have done. */
export interface EstateTruth {
  readonly role: string;
  readonly drift?: { readonly kind: DriftKind; readonly eventIDs: readonly string[] };
  /** A release brought it a call that it never made before. */
  readonly released: boolean;
}

/** The first day of the month, and how many days are learnt from before the week that is judged. */
export const firstDay = Date.UTC(2026, 9, 25);
export const learntDays = 23;
export const daysInAll = 30;
const day = 86_400_000;

/** Below the corpus's folder: the log files, and one line of `EstateTruth` for each workload. */
export const logsOf = (directory: string): string => join(directory, "logs");
export const truthOf = (directory: string): string => join(directory, "truth.ndjson");

/** Every fifth workload drifts once in the last week, each kind in turn; a tenth has a release in it. */
export async function generateEstate(options: EstateOptions): Promise<CorpusFacts> {
  const { seed, directory } = options;
  const random = seededRandom(seed);
  const workloads = makeEstate(random, { ...estateSize, ...options });
  const lives = workloads.map((own, index): Life => {
    const other = workloads[(index + 7) % workloads.length] ?? own;
    const kind = index % 5 === 4 ? driftKinds[Math.floor(index / 5) % driftKinds.length] : undefined;
    const when =
      firstDay + (learntDays + random.below(daysInAll - learntDays)) * day + random.between(9, 17) * 3_600_000;
    return kind === undefined
      ? { own }
      : { own, bad: { at: when, drift: makeDrift(random, kind, { own, other }), ids: [] } };
  });
  const tally = makeTally();
  await mkdir(logsOf(directory), { recursive: true });
  await writeMany(logsOf(directory), month(random, lives, tally), tally);
  const truths = createWriteStream(truthOf(directory));
  for (const { own, bad } of lives) {
    const drift = bad === undefined ? {} : { drift: { kind: bad.drift.kind, eventIDs: bad.ids } };
    const truth: EstateTruth = { role: roleArn(own.role), released: own.release !== undefined, ...drift };
    truths.write(`${JSON.stringify(truth)}\n`);
  }
  await finished(truths.end());
  return tally.facts();
}

interface Life {
  readonly own: EstateWorkload;
  readonly bad?: { readonly at: number; readonly drift: ReturnType<typeof makeDrift>; readonly ids: string[] };
}

/** One log file a day for each account and Region. */
function* month(random: Random, lives: readonly Life[], tally: Tally): Generator<LogFile> {
  const byAccount = Map.groupBy(lives, ({ own }) => own.role.account);
  for (let number = 0; number < daysInAll; number++) {
    const start = firstDay + number * day;
    for (const [account, own] of byAccount) {
      const byRegion = new Map<string, string[]>();
      const put = (region: string, text: string): void =>
        void (byRegion.get(region) ?? fresh(byRegion, region)).push(text);
      for (const life of own) oneDay(random, { life, start, last: number >= learntDays }, { put, tally });
      for (const [region, records] of byRegion)
        yield { path: logFilePath(account, region, start, random.id(16)), records };
    }
  }
}

function fresh(byRegion: Map<string, string[]>, region: string): string[] {
  const made: string[] = [];
  byRegion.set(region, made);
  return made;
}

interface Day {
  readonly life: Life;
  readonly start: number;
  /** In the week that is judged. */
  readonly last: boolean;
}

interface Sink {
  put(region: string, text: string): void;
  readonly tally: Tally;
}

/** Two sessions, the calls of habit, what a release brought, and the drift if this is its day. */
function oneDay(random: Random, { life, start, last }: Day, sink: Sink): void {
  const { own, bad } = life;
  const sessions = [0, 12].map((hour) => opened(random, own, start + hour * 3_600_000 + random.below(600_000), sink));
  const call = (template: Template, at: number, outcome: "done" | "failed" | "denied", region = own.region): string => {
    const [night, noon] = sessions;
    const session = at - start < day / 2 + 600_000 ? night : noon;
    if (session === undefined) return "";
    const text = callRecord(random, { session: { ...session, region }, template, at, outcome });
    sink.put(globalServices.has(template.source) ? "us-east-1" : region, text);
    sink.tally.add({ kind: outcome === "done" ? "call" : "failed-call", name: template.name });
    return /"eventID":"([^"]+)"/.exec(text)?.[1] ?? "";
  };
  const sometime = (): number => start + 700_000 + random.below(day - 800_000);
  const weekday = new Date(start).getUTCDay();
  for (const { template, callsADay, weekday: only } of own.habits) {
    if (only !== undefined && only !== weekday) continue;
    const times = Math.round(callsADay * (0.5 + random.below(1_000) / 1_000));
    for (let time = 0; time < times; time++) call(template, sometime(), random.chance(0.01) ? "failed" : "done");
  }
  if (last && own.release !== undefined) for (let time = 0; time < 5; time++) call(own.release, sometime(), "done");
  if (bad === undefined || bad.at < start || bad.at >= start + day) return;
  for (const [place, template] of bad.drift.calls.entries())
    bad.ids.push(call(template, bad.at + place * 20_000, bad.drift.denied ?? "done", bad.drift.region));
}

function opened(random: Random, { role, region }: EstateWorkload, at: number, { put, tally }: Sink): Session {
  const { session, issuing } = openSession(random, { role, region, at, seconds: 43_200 });
  put(region, issuing.text);
  tally.add({ kind: "issuing", name: issuing.name, depth: 0 });
  return session;
}
