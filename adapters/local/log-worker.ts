import { parentPort, workerData } from "node:worker_threads";
import type { Purposes } from "../../core/flow/purpose.ts";
import { type Trace, type TracerOptions, tracer } from "../../core/flow/trace.ts";
import { readLogFile } from "./log-file.ts";
import type { LogFile } from "./log-tree.ts";

/** What a reading thread is told, as plain data. */
export interface ReaderOptions {
  /** Calls whose records are looked at again at the end, and why. */
  readonly purposes: Purposes;
  readonly rows: TracerOptions["rows"];
  readonly usage?: NonNullable<TracerOptions["usage"]>;
  readonly conduct?: NonNullable<TracerOptions["conduct"]>;
  readonly fingerprintKey?: NonNullable<TracerOptions["fingerprintKey"]>;
}

export type ForWorker = { readonly kind: "read"; readonly files: readonly LogFile[] };

export type ForMain =
  | { readonly kind: "trace"; readonly trace: Trace }
  | { readonly kind: "read"; readonly files: number; readonly bytes: number; readonly passedOver: readonly string[] }
  | { readonly kind: "failed"; readonly error: unknown };

if (parentPort !== null) {
  const port = parentPort;
  const into = tracer(workerData as ReaderOptions);
  const handOn = (trace: Trace): void =>
    port.postMessage({ kind: "trace", trace } satisfies ForMain, [trace.words.buffer]);

  const read = async ({ files }: ForWorker): Promise<void> => {
    const passedOver: string[] = [];
    let bytes = 0;
    for (const file of files) {
      if ((await readLogFile(file, into, handOn)) === "passed-over") passedOver.push(file.shown);
      bytes += file.bytes;
    }
    handOn(into.take());
    port.postMessage({ kind: "read", files: files.length, bytes, passedOver } satisfies ForMain);
  };

  // One batch after the other: batches wait here while a large file is being streamed.
  let queue = Promise.resolve();
  port.on("message", (message: ForWorker) => {
    queue = queue
      .then(() => read(message))
      .catch((error: unknown) => port.postMessage({ kind: "failed", error } satisfies ForMain));
  });
}
