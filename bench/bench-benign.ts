import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import Table from "cli-table3";
import { severities } from "../core/detect/finding.ts";
import { emptyRegistry } from "../core/identity/registry.ts";
import { makePlatform, manifestsOf } from "./benign-estate.ts";
import { dailyLine } from "./benign-line.ts";
import { benignStream, streamStart } from "./benign-stream.ts";
import { type BenignTally, benignTally, type Noted } from "./benign-tally.ts";
import { seededRandom } from "./corpus-random.ts";

/** The dose of `npm run bench -- --benign`. */
export const benignSize = { days: 30, records: 200_000 } as const;

export interface BenignOptions {
  readonly seed: number;
  readonly days: number;
  readonly records: number;
  readonly manifests: "with" | "without";
  /** An IAM action that no manifest is told of: a line that is quiet then is deaf. */
  readonly forgotten?: string;
}

/** Runs the stream through the line, day by day. Nothing is stored but the day's own spools and what lives across days. */
export async function benignRun({ seed, days, records, manifests, forgotten }: BenignOptions): Promise<BenignTally> {
  const random = seededRandom(seed);
  const workers = makePlatform(random);
  const stream = benignStream(random, workers, { days, records });
  const scratch = await mkdtemp(join(tmpdir(), "cordon-benign-"));
  const registry = manifests === "with" ? manifestsOf(workers, forgotten) : emptyRegistry;
  const line = dailyLine(registry, join(scratch, "habits.sqlite"));
  const tally = benignTally();
  try {
    for (let number = 0; number < days; number++) {
      const day = await line.settled(stream.day(number), streamStart + (number + 1) * 86_400_000);
      tally.add(day.records, day.settlement);
    }
  } finally {
    line.close();
    await rm(scratch, { recursive: true, force: true });
  }
  return tally.taken();
}

/** At most so many pages a week for 100 declared workloads. */
const pagesAllowed = 2;

/** What ordinary weeks would have cost the people on call, once with manifests and once without. */
export async function benchBenign({
  seed,
  days,
  records,
}: Omit<BenignOptions, "manifests" | "forgotten">): Promise<void> {
  const declared = makePlatform(seededRandom(seed)).filter(({ trade }) => trade.declared === "declared").length;
  console.log(
    `about ${records.toLocaleString("en-US")} records over ${days} days of ${declared} declared workloads, in contain mode.\n` +
      "A page is a case (one subject, one day) with a finding of high or critical that would be ticketed, put up for\n" +
      "approval or contained.",
  );
  for (const manifests of ["with", "without"] as const) {
    const began = performance.now();
    const tally = await benignRun({ seed, days, records, manifests });
    const seconds = (performance.now() - began) / 1000;
    const weekly = (tally.pages * 7 * 100) / days / declared;
    said(manifests, tally, { weekly, seconds });
    if (weekly > pagesAllowed || tally.contained > 0) process.exitCode = 1;
  }
}

interface Cost {
  readonly weekly: number;
  readonly seconds: number;
}

function said(manifests: string, tally: BenignTally, { weekly, seconds }: Cost): void {
  const table = new Table({ head: [`${manifests} manifests`, ""] });
  const peak = process.resourceUsage().maxRSS / 1024;
  table.push(
    ["records", tally.records.toLocaleString("en-US")],
    ["seconds, peak MB of the process", `${seconds.toFixed(0)}, ${peak.toFixed(0)}`],
    ["findings", severities.map((one) => `${tally.bySeverity.get(one) ?? 0} ${one}`).join(", ")],
    ["cases a day", (tally.cases / tally.days).toFixed(1)],
    [`pages (allowed a week for 100 workloads: ${pagesAllowed})`, `${tally.pages}, ${weekly.toFixed(2)}`],
    ["would-be automatic containments (allowed: 0)", tally.contained],
  );
  console.log(table.toString());
  listed("pages by detector", tally.pagedBy);
  listed("would-be containments by detector", tally.containedBy);
  listed("findings of medium and up", tally.loudBy);
}

function listed(what: string, counts: ReadonlyMap<string, Noted>): void {
  if (counts.size === 0) return;
  console.log(`${what}:`);
  const sorted = [...counts].toSorted(([, a], [, b]) => b.count - a.count);
  for (const [key, { count, title, principal }] of sorted)
    console.log(`  ${count} ${key}, such as: ${title} (${principal})`);
}
