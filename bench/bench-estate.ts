import process from "node:process";
import Table from "cli-table3";
import { checkEstate, type Noise } from "./check-estate.ts";
import { ensureEstate } from "./corpus-cache.ts";
import { daysInAll, estateSize, learntDays } from "./corpus-estates.ts";

function said(which: string, { workloads, findings }: Noise): number {
  const share = findings.length / Math.max(1, workloads);
  console.log(
    `findings of medium and up on ${workloads} ${which}: ${findings.length}, ${(10 * share).toFixed(2)} for 10`,
  );
  const kinds = Map.groupBy(findings, ({ detector, severity }) => `${detector} ${severity}`);
  for (const [kind, all] of kinds) console.log(`  ${all.length} ${kind}, such as: ${all[0]?.title}`);
  return share;
}

/** At most so many findings of medium or above for each benign workload of the week that is judged. */
const allowedNoise = 0.1;

/** Whether drafts from three weeks find all drift of the fourth, and how much they find where nothing is wrong. */
export async function benchEstate(seed: number): Promise<void> {
  const { directory, facts } = await ensureEstate({ seed });
  console.log(
    `corpus: ${directory}, ${facts.records.toLocaleString("en-US")} records of ${estateSize.workloads} workloads in ` +
      `${estateSize.accounts} accounts over ${daysInAll} days; drafts from the first ${learntDays}`,
  );
  const { workloads, drafts, byKind, ordinary, released } = await checkEstate(directory);
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
  console.log(`drafts: ${drafts} of ${workloads} workloads`);
  const share = said("ordinary workloads", ordinary);
  console.log(`  at most 1 for 10 of them is asked for`);
  said("workloads with a release that no manifest was told of", released);
  if (drafts < workloads || total.found < total.planted || share > allowedNoise) process.exitCode = 1;
}
