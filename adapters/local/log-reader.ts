import { setImmediate as breath } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { type Trace, tracer } from "../../core/flow/trace.ts";
import { readLogFile } from "./log-file.ts";
import type { LogFile } from "./log-tree.ts";
import type { ForMain, ForWorker, ReaderOptions } from "./log-worker.ts";

/** What reading reports while it goes on. `thread` tells apart the numberings of principals. */
export interface ReadingSink {
  trace(thread: number, trace: Trace): void;
  progress(files: number, bytes: number): void;
  passedOver(shown: string): void;
}

/** Files are handed to threads in batches of about this many bytes: enough to hide the messages, few enough to balance. */
const share = 400_000;
/** How many batches a worker holds: while this thread is busy with a file, the worker goes on with the next one. */
const ahead = 2;
/** Worker threads begin with a small young generation: records die young, and a large one only adds memory. */
const limits = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 2_048 };

type Batches = Iterator<readonly LogFile[]>;

/**
 * Reads every file and hands on its traces; their order is not promised. This thread is one of the `threads`: two cores
 * are kept busy by one worker, and no third thread competes with them. What a sink throws ends the reading and is thrown.
 */
export async function readLogs(
  files: Iterable<LogFile>,
  threads: number,
  options: ReaderOptions,
  sink: ReadingSink,
): Promise<void> {
  const batches = inBatches(files)[Symbol.iterator]();
  const workers = Array.from({ length: threads - 1 }, () => newWorker(options));
  try {
    await Promise.all([
      ...workers.map((worker, number) => feed(worker, number + 1, batches, sink)),
      readHere(batches, options, sink, workers.length),
    ]);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

async function readHere(batches: Batches, options: ReaderOptions, sink: ReadingSink, others: number): Promise<void> {
  const into = tracer(options);
  const handOn = (trace: Trace): void => sink.trace(0, trace);
  for (let next = batches.next(); !next.done; next = batches.next()) {
    for (const file of next.value) {
      if ((await readLogFile(file, into, handOn)) === "passed-over") sink.passedOver(file.shown);
      sink.progress(1, file.bytes);
      // Workers' messages are taken in between.
      if (others > 0) await breath();
    }
    handOn(into.take());
  }
}

const newWorker = (workerData: ReaderOptions): Worker =>
  new Worker(new URL("./log-worker.ts", import.meta.url), { workerData, resourceLimits: limits });

/** Keeps one worker in batches until there are none, and takes what it sends. */
function feed(worker: Worker, thread: number, batches: Batches, sink: ReadingSink): Promise<void> {
  return new Promise((resolve, reject) => {
    let held = 0;
    const assign = (): void => {
      const next = batches.next();
      if (!next.done) {
        held++;
        worker.postMessage({ kind: "read", files: next.value } satisfies ForWorker);
      } else if (held === 0) resolve();
    };
    const take = (message: ForMain): void => {
      switch (message.kind) {
        case "trace":
          sink.trace(thread, message.trace);
          break;
        case "read":
          held--;
          for (const shown of message.passedOver) sink.passedOver(shown);
          sink.progress(message.files, message.bytes);
          assign();
          break;
        case "failed":
          throw message.error;
      }
    };
    worker.on("message", (message: ForMain) => {
      try {
        take(message);
      } catch (error) {
        reject(error);
      }
    });
    worker.on("error", reject);
    worker.on("exit", (code) => reject(new Error(`a reading thread ended early, with ${code}`)));
    for (let first = 0; first < ahead; first++) assign();
  });
}

function* inBatches(files: Iterable<LogFile>): Generator<readonly LogFile[]> {
  let batch: LogFile[] = [];
  let bytes = 0;
  for (const file of files) {
    batch.push(file);
    bytes += file.bytes;
    if (bytes < share) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}
