import process from "node:process";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { type PullClients, pullClients } from "../adapters/aws/pull-clients.ts";
import type { Sleep } from "../adapters/aws/retry.ts";
import { instant } from "../core/event/instant.ts";
import type { Clock } from "../core/flow/clock.ts";
import type { PullProgress, Stopping } from "../core/flow/pull/pull-folder.ts";
import type { Terminal } from "./terminal.ts";

/** A bar that is drawn until it is ended. */
export interface Bar extends PullProgress {
  end(): void;
}

/** What a pull needs from outside; tests pass one without network, waiting or person. */
export interface PullWorld {
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly stopping: Stopping;
  clients(region: string | undefined): Promise<PullClients>;
  /** The person's answer, or nothing when nobody can answer. */
  ask(question: string): Promise<string | undefined>;
  bar(total: number): Promise<Bar>;
}

/** This process, its clock and its person. Call `release` when done: from then on Ctrl-C ends the process at once again. */
export function pullWorld(terminal: Terminal): PullWorld & { release(): void } {
  const interruption = { asked: false };
  const stop = (): void => {
    interruption.asked = true;
    terminal.err("stopping after what is being fetched; once more to stop at once");
  };
  process.once("SIGINT", stop);
  return {
    terminal,
    clock: { now: () => instant(Date.now()) },
    sleep: (milliseconds) => wait(milliseconds),
    stopping: () => interruption.asked,
    clients: pullClients,
    ask: async (question) =>
      terminal.interactive && process.stdin.isTTY === true ? answer(question, stop) : undefined,
    bar: async (total) => (terminal.interactive ? drawnBar(total) : { advance: () => {}, end: () => {} }),
    release: () => {
      process.off("SIGINT", stop);
    },
  };
}

/** The line typed, or an empty one when the input ends; readline swallows Ctrl-C, so that it is handed on. */
function answer(question: string, stop: () => void): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    lines.once("SIGINT", () => {
      stop();
      lines.close();
    });
    lines.once("close", () => resolve(""));
    lines.question(`${question} `, (line) => {
      resolve(line);
      lines.close();
    });
  });
}

async function drawnBar(total: number): Promise<Bar> {
  const { default: progress } = await import("cli-progress");
  const drawn = new progress.SingleBar(
    {
      format: "{bar} {percentage}% | {eta_formatted} left",
      stream: process.stderr,
      hideCursor: true,
      // Steps are bytes or seconds, a file or a page at a time: the time left is judged by the last 200 of them.
      etaBuffer: 200,
    },
    progress.Presets.shades_classic,
  );
  drawn.start(Math.max(1, Math.ceil(total)), 0);
  return { advance: (by) => drawn.increment(by), end: () => drawn.stop() };
}
