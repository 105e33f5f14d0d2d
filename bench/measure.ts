import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { gunzipSync } from "node:zlib";
import { replayed } from "./replayed.ts";

/** One measurement in a process of its own: what was done, how long it took, and how much memory it needed at most. */
export interface Measurement {
  readonly records: number;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

export type Task = "gunzip" | "floor" | "replay-1" | "replay-all" | "replay-declared";

const [task, folder] = process.argv.slice(2) as [Task, string];

const gzFiles = (): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".gz"))
    .map((name) => join(folder, name));

/** Inflates into a buffer of the size that the trailer tells: the quickest way there is, so the floor is not flattered. */
function inflated(path: string): Buffer {
  const content = readFileSync(path);
  return gunzipSync(content, { chunkSize: content.readUInt32LE(content.length - 4) + 64 });
}

async function work(): Promise<number> {
  switch (task) {
    case "gunzip":
      for (const path of gzFiles()) inflated(path);
      return 0;
    case "floor":
      return gzFiles().reduce(
        (sum, path) => sum + (JSON.parse(inflated(path).toString()) as { Records: unknown[] }).Records.length,
        0,
      );
    case "replay-declared":
      return (await replayed(folder, 1, "one")).summary.records;
    case "replay-1":
    case "replay-all": {
      const workers = task === "replay-1" ? 1 : (await import("node:os")).availableParallelism();
      return (await replayed(folder, workers)).summary.records;
    }
  }
}

const cpuBefore = process.cpuUsage();
const before = performance.now();
const records = await work();
const { user, system } = process.cpuUsage(cpuBefore);
const measurement: Measurement = {
  records,
  wallSeconds: (performance.now() - before) / 1000,
  cpuSeconds: (user + system) / 1e6,
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
};
console.log(JSON.stringify(measurement));
