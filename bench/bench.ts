import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { ensureCorpus } from "./corpus-cache.ts";
import type { Measurement, Task } from "./measure.ts";

/**
 * Side by side in one run: inflating, the floor (inflate and `JSON.parse`), and the whole replay with one thread and
 * with all cores; then peak memory at one and at ten times the input, and for one large file. Rounds are interleaved,
 * each measurement is a fresh process, and only ratios within one run mean anything: machines are shared.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    scale: { type: "string", default: "1" },
    memory: { type: "boolean", default: true },
    help: { type: "boolean", default: false },
  },
  allowNegative: true,
});

const tasks: readonly Task[] = ["gunzip", "floor", "replay-1", "replay-all"];

async function main(): Promise<void> {
  if (values.help) return console.log("npm run bench -- [--rounds 7] [--scale 1] [--no-memory]");
  const corpus = await ensureCorpus({ seed: 1, scale: Number(values.scale) });
  console.log(`corpus: ${corpus.directory}, ${corpus.facts.records.toLocaleString("en-US")} records`);
  const rounds = new Map<Task, Measurement[]>(tasks.map((task) => [task, []]));
  for (let round = 0; round < Number(values.rounds); round++)
    for (const task of tasks) {
      rounds.get(task)?.push(measured(task, corpus.directory));
      process.stderr.write(".");
    }
  process.stderr.write("\n");
  speed(rounds, corpus.facts.records);
  if (values.memory) await memory(corpus.directory, corpus.facts);
}

function speed(rounds: ReadonlyMap<Task, readonly Measurement[]>, records: number): void {
  const table = new Table({ head: ["", "records/s", "CPU s", "wall s", "CPU / floor", "wall / one thread"] });
  const floor = rounds.get("floor") ?? [];
  const one = rounds.get("replay-1") ?? [];
  for (const [task, all] of rounds)
    table.push([
      task,
      Math.round(records / median(all.map((run) => run.wallSeconds))).toLocaleString("en-US"),
      median(all.map((run) => run.cpuSeconds)).toFixed(2),
      median(all.map((run) => run.wallSeconds)).toFixed(2),
      ratio(all, floor, (run) => run.cpuSeconds),
      ratio(all, one, (run) => run.wallSeconds),
    ]);
  console.log(table.toString());
}

/** The median of the ratios within each round: what slowed one round slowed both. */
const ratio = (all: readonly Measurement[], base: readonly Measurement[], of: (run: Measurement) => number): string =>
  median(all.map((run, round) => of(run) / of(base[round] ?? run))).toFixed(2);

async function memory(
  directory: string,
  facts: { readonly records: number; readonly distinct: number },
): Promise<void> {
  const tenfold = await ensureCorpus({ seed: 1, scale: Number(values.scale) * 10 });
  const large = await ensureCorpus({ seed: 1, scale: 1, oneFile: true });
  const table = new Table({ head: ["", "records", "distinct", "peak MB, 1 thread", "peak MB, all cores"] });
  const rows = [
    ["1x", directory, facts],
    ["10x", tenfold.directory, tenfold.facts],
    ["one large file", large.directory, large.facts],
  ] as const;
  const peaks: number[] = [];
  for (const [name, folder, { records, distinct }] of rows) {
    const alone = measured("replay-1", folder).peakMegabytes;
    peaks.push(alone);
    table.push([
      name,
      records.toLocaleString("en-US"),
      distinct.toLocaleString("en-US"),
      alone.toFixed(0),
      measured("replay-all", folder).peakMegabytes.toFixed(0),
    ]);
  }
  console.log(table.toString());
  const [first = 0, tenth = 0] = peaks;
  const allowed = first * 1.15 + (32 * tenfold.facts.distinct) / 1_048_576;
  console.log(`10x input: ${tenth.toFixed(0)} MB; 1.15x and 32 B a distinct record allow ${allowed.toFixed(0)} MB`);
}

function measured(task: Task, folder: string): Measurement {
  const program = fileURLToPath(new URL("./measure.ts", import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--max-semi-space-size=8", program, task, folder], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${task} failed:\n${stderr}`);
  return JSON.parse(stdout) as Measurement;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

await main();
