import { parseArgs } from "node:util";
import Table from "cli-table3";
import { benchBenign, benignSize } from "./bench-benign.ts";
import { benchChains } from "./bench-chains.ts";
import { benchEstate } from "./bench-estate.ts";
import { benchPolicy } from "./bench-policy.ts";
import { ensureCorpus } from "./corpus-cache.ts";
import { chainSize } from "./corpus-chains.ts";
import type { Task } from "./measure.ts";
import { interleaved, measured, median, type Rounds, ratio } from "./rounds.ts";

/**
 * Side by side in one run: inflating, the floor (inflate and `JSON.parse`), and the whole replay with one thread and
 * with all cores; then peak memory at one and at ten times the input, and for one large file. Rounds are interleaved,
 * each measurement is a fresh process, and only ratios within one run mean anything: machines are shared.
 */
const { values, positionals } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    scale: { type: "string", default: "1" },
    memory: { type: "boolean", default: true },
    declared: { type: "boolean", default: false },
    chains: { type: "boolean", default: false },
    policy: { type: "boolean", default: false },
    estate: { type: "boolean", default: false },
    benign: { type: "boolean", default: false },
    records: { type: "string" },
    help: { type: "boolean", default: false },
  },
  allowNegative: true,
  allowPositionals: true,
});

const help = `npm run bench -- [--rounds 7] [--scale 1] [--no-memory]
  The floor and the whole replay side by side, then peak memory at 1x, 10x and for one large file. With --declared also the
  replay on one thread with an active manifest: what every identity does is then remembered and judged.

npm run bench -- --chains [${chainSize.chains}] [--records ${chainSize.records}] [--rounds 7] [--no-memory]
  The same over a corpus of credential chains with known roots: 1 to 5 issuing calls, 3 accounts, children before
  parents. Exit code 1 when one chain is not resolved to its root with the right number of hops.

npm run bench -- --policy [1000] [--rounds 7]
  What the difference of two policies and an envelope check cost, for so many generated pairs.

npm run bench -- --estate [seed]
  A month of 300 workloads in 40 accounts: drafts from the first 23 days, judged on the last 7. Exit code 1 when planted
  drift is missed or too much is found where nothing is wrong.

npm run bench -- --benign [${benignSize.days}] [--records ${benignSize.records}]
  So many days of ordinary work on an AI platform, made as they are read and settled day by day: what would have been
  found, paged and contained, with manifests and without. Exit code 1 when people would be woken too often, or anything
  would be contained. --records 10000000 takes about a quarter of an hour of one core, and the disk of one day.`;

const tasks: readonly Task[] = ["gunzip", "floor", "replay-1", "replay-all"];

async function main(): Promise<void> {
  if (values.help) return console.log(help);
  const rounds = Number(values.rounds);
  if (values.policy) return benchPolicy({ rounds, pairs: Number(positionals[0] ?? 1_000) });
  if (values.benign) {
    const [days = String(benignSize.days)] = positionals;
    return benchBenign({ seed: 1, days: Number(days), records: Number(values.records ?? benignSize.records) });
  }
  if (values.estate) return benchEstate(Number(positionals[0] ?? 1));
  if (values.chains) {
    const [chains = String(chainSize.chains)] = positionals;
    return benchChains({
      rounds,
      records: Number(values.records ?? chainSize.records),
      chains: Number(chains),
      memory: values.memory,
    });
  }
  const corpus = await ensureCorpus({ seed: 1, scale: Number(values.scale) });
  console.log(`corpus: ${corpus.directory}, ${corpus.facts.records.toLocaleString("en-US")} records`);
  const asked: readonly Task[] = values.declared ? [...tasks, "replay-declared"] : tasks;
  speed(interleaved(asked, rounds, corpus.directory), corpus.facts.records);
  if (values.memory) await memory(corpus.directory, corpus.facts);
}

function speed(rounds: Rounds, records: number): void {
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

await main();
