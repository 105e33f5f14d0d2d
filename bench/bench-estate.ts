import process from "node:process";
import Table from "cli-table3";
import { checkEstate } from "./check-estate.ts";
import { ensureEstate } from "./corpus-cache.ts";
import { daysInAll, estateSize, learntDays } from "./corpus-estates.ts";

/** At most so many findings of medium or above for each benign workload of the week that is judged. */
const allowedNoise = 0.1;

/** Whether drafts from three weeks find all drift of the fourth, and how much they find where nothing is wrong. */
export async function benchEstate(seed: number): Promise<void> {
  const { directory, facts } = await ensureEstate({ seed });
  console.log(
    `corpus: ${directory}, ${facts.records.toLocaleString("en-US")} records of ${estateSize.workloads} workloads in ` +
      `${estateSize.accounts} accounts over ${daysInAll} days; drafts from the first ${learntDays}`,
  );
  const { workloads, drafts, byKind, benignWorkloads, noise } = await checkEstate(directory);
  const table = new Table({ head: ["drift", "planted", "found", "medium and up", "by"] });
  const total = { planted: 0, found: 0, loud: 0 };
  for (const [kind, score] of byKind) {
    table.push([kind, score.planted, score.found, score.loud, score.by.join("\n")]);
    total.planted += score.planted;
    total.found += score.found;
    total.loud += score.loud;
  }
  table.push(["all", total.planted, total.found, total.loud, ""]);
  console.log(table.toString());
  const share = noise.length / Math.max(1, benignWorkloads);
  console.log(`drafts: ${drafts} of ${workloads} workloads`);
  console.log(
    `findings of medium and up on ordinary records: ${noise.length}, ${(10 * share).toFixed(2)} for 10 of the ` +
      `${benignWorkloads} workloads that do not drift (at most 1)`,
  );
  for (const { detector, severity, title } of noise.slice(0, 10)) console.log(`  ${detector} ${severity}: ${title}`);
  if (drafts < workloads || total.found < total.planted || share > allowedNoise) process.exitCode = 1;
}
