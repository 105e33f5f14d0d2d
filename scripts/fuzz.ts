import { parseArgs } from "node:util";
import fc from "fast-check";
import { itemProperty } from "../test/fuzz/hostile-item.ts";
import { textProperty } from "../test/fuzz/hostile-text.ts";

/** `npm run fuzz -- --runs N --seed S`: four items for every file. A failure prints what to run again and ends with 1. */
const { values } = parseArgs({ options: { runs: { type: "string" }, seed: { type: "string" } } });
const runs = number("runs", values.runs ?? (process.env["CI"] ? "100000" : "10000"));
const seed = number("seed", values.seed ?? String(Date.now() % 2 ** 31));
const files = Math.floor(runs / 5);

console.log(`seed ${seed}`);
fuzz("items", itemProperty, runs - files);
fuzz("files", textProperty, files);

function fuzz<Input>(what: string, property: fc.IProperty<Input>, numRuns: number): void {
  if (numRuns === 0) return;
  const began = performance.now();
  const run = fc.check(property, { seed, numRuns });
  const seconds = (performance.now() - began) / 1_000;
  console.log(`${what}: ${run.numRuns} runs, ${Math.round(run.numRuns / seconds)} runs/s`);
  if (!run.failed) return;
  console.error(fc.defaultReportMessage(run));
  console.error(`\nTo see it again: npm run fuzz -- --runs ${runs} --seed ${seed}`);
  process.exitCode = 1;
}

function number(name: string, text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  console.error(`--${name} takes a whole number, not ${JSON.stringify(text)}`);
  process.exit(2);
}
