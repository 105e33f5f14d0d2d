import { availableParallelism } from "node:os";
import process from "node:process";
import Table from "cli-table3";
import { checkChains } from "./check-chains.ts";
import { ensureChains } from "./corpus-cache.ts";
import { type ChainFacts, logsOf } from "./corpus-chains.ts";
import { interleaved, measured, median, type Rounds, ratio } from "./rounds.ts";

/** How large a corpus of chains, and how often to measure. */
export interface ChainBench {
  readonly rounds: number;
  readonly records: number;
  readonly chains: number;
  readonly memory: boolean;
}

/** Whether every planted chain is resolved, and what resolving costs beside the floor. The exit code says the former. */
export async function benchChains({ rounds, records, chains, memory }: ChainBench): Promise<void> {
  for (const [name, value] of Object.entries({ rounds, records, chains }))
    if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${name}: give a whole number of at least 1`);
  const { directory, facts } = await ensureChains({ seed: 1, records, chains });
  describe(directory, facts);
  const logs = logsOf(directory);
  const found = interleaved(["floor", "replay-1"], rounds, logs);
  speed(found, facts.records);
  await resolution(directory);
  if (memory) await growth({ records, chains, peak: peakOf(found), facts });
}

const count = (value: number): string => value.toLocaleString("en-US");

function describe(directory: string, facts: ChainFacts): void {
  console.log(
    `corpus: ${directory}, ${count(facts.records)} records in ${count(facts.files)} files, ` +
      `${count(Math.round(facts.bytes / 1_048_576))} MB of JSON\n` +
      `${count(facts.chains)} chains (${facts.byHops.map(count).join(", ")} of one to five issuing calls), ` +
      `${count(facts.crossings)} calls across accounts, ` +
      `${count(facts.childrenFirst)} of ${count(facts.sessions)} sessions delivered before the call that issued them`,
  );
}

function speed(found: Rounds, records: number): void {
  const table = new Table({
    head: ["", "records/s", "CPU s", "wall s", "CPU / floor", "lowest", "highest", "peak MB"],
  });
  const floor = found.get("floor") ?? [];
  for (const [task, all] of found) {
    const ratios = all.map((run, round) => run.cpuSeconds / (floor[round] ?? run).cpuSeconds);
    table.push([
      task,
      count(Math.round(records / median(all.map((run) => run.wallSeconds)))),
      median(all.map((run) => run.cpuSeconds)).toFixed(2),
      median(all.map((run) => run.wallSeconds)).toFixed(2),
      ratio(all, floor, (run) => run.cpuSeconds),
      Math.min(...ratios).toFixed(2),
      Math.max(...ratios).toFixed(2),
      median(all.map((run) => run.peakMegabytes)).toFixed(0),
    ]);
  }
  console.log(table.toString());
}

async function resolution(directory: string): Promise<void> {
  const { byOrigin, wrong } = await checkChains(directory, availableParallelism());
  const table = new Table({ head: ["chains begin at", "chains", "end and hops right", "root named right"] });
  const total = { chains: 0, chained: 0, rooted: 0 };
  for (const [origin, { chains, chained, rooted }] of byOrigin) {
    table.push([origin, count(chains), share(chained, chains), share(rooted, chains)]);
    total.chains += chains;
    total.chained += chained;
    total.rooted += rooted;
  }
  table.push(["all", count(total.chains), share(total.chained, total.chains), share(total.rooted, total.chains)]);
  console.log(table.toString());
  for (const one of wrong) console.log(`wrong: ${one}`);
  if (wrong.length > 0) process.exitCode = 1;
}

/** Rounded down, so that one chain that is wrong never reads as 100 %. */
const share = (part: number, whole: number): string =>
  whole === 0 ? "-" : `${(Math.floor((10_000 * part) / whole) / 100).toFixed(2)} %`;

const peakOf = (found: Rounds): number => median((found.get("replay-1") ?? []).map((run) => run.peakMegabytes));

interface Growth {
  readonly records: number;
  readonly chains: number;
  readonly peak: number;
  readonly facts: ChainFacts;
}

/** Peak memory against a tenth of the same corpus, by the rule for ten times the input. */
async function growth({ records, chains, peak, facts }: Growth): Promise<void> {
  const tenth = await ensureChains({
    seed: 1,
    records: Math.max(1, Math.round(records / 10)),
    chains: Math.max(1, Math.round(chains / 10)),
  });
  const small = measured("replay-1", logsOf(tenth.directory)).peakMegabytes;
  const allowed = small * 1.15 + (32 * facts.distinct) / 1_048_576;
  console.log(
    `peak, 1 thread: ${small.toFixed(0)} MB at ${count(tenth.facts.records)} records, ${peak.toFixed(0)} MB at ` +
      `${count(facts.records)}; 1.15x and 32 B a distinct record allow ${allowed.toFixed(0)} MB`,
  );
}
