import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Measurement, Task } from "./measure.ts";

/** Measurements by task, one a round. */
export type Rounds = ReadonlyMap<Task, readonly Measurement[]>;

/** Interleaved rounds: every task once, then every task again. A dot on standard error for each measurement. */
export function interleaved(tasks: readonly Task[], rounds: number, folder: string): Rounds {
  const found = new Map<Task, Measurement[]>(tasks.map((task) => [task, []]));
  for (let round = 0; round < rounds; round++)
    for (const task of tasks) {
      found.get(task)?.push(measured(task, folder));
      process.stderr.write(".");
    }
  process.stderr.write("\n");
  return found;
}

/** One measurement in a process of its own. */
export function measured(task: Task, folder: string): Measurement {
  const program = fileURLToPath(new URL("./measure.ts", import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--max-semi-space-size=8", program, task, folder], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${task} failed:\n${stderr}`);
  return JSON.parse(stdout) as Measurement;
}

/** The median of the ratios within each round: what slowed one round slowed both. */
export const ratio = (
  all: readonly Measurement[],
  base: readonly Measurement[],
  of: (run: Measurement) => number,
): string => median(all.map((run, round) => of(run) / of(base[round] ?? run))).toFixed(2);

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
