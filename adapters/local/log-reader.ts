import { Worker } from "node:worker_threads";
import { type Trace, type Tracer, tracer } from "../../core/flow/trace.ts";
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
/** Worker threads begin with a small young generation: records die young, and a large one only adds memory. */
const limits = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 2_048 };

/** Reads every file and hands on its traces, on this thread or on several. The order of traces is not promised. */
export async function readLogs(
  files: Iterable<LogFile>,
  threads: number,
  options: ReaderOptions,
  sink: ReadingSink,
): Promise<void> {
  const batches = inBatches(files)[Symbol.iterator]();
  if (threads <= 1) return readHere(batches, options, sink);
  await Promise.all(Array.from({ length: threads }, (_, thread) => readElsewhere(thread, batches, options, sink)));
}

async function readHere(batches: Iterator<LogFile[]>, options: ReaderOptions, sink: ReadingSink): Promise<void> {
  const into: Tracer = tracer(options);
  const handOn = (trace: Trace): void => sink.trace(0, trace);
  for (let next = batches.next(); !next.done; next = batches.next()) {
    for (const file of next.value) {
      if ((await readLogFile(file, into, handOn)) === "passed-over") sink.passedOver(file.shown);
      sink.progress(1, file.bytes);
    }
    handOn(into.take());
  }
}

function readElsewhere(
  thread: number,
  batches: Iterator<LogFile[]>,
  options: ReaderOptions,
  sink: ReadingSink,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./log-worker.ts", import.meta.url), {
      workerData: options,
      resourceLimits: limits,
    });
    const assign = (): void => {
      const next = batches.next();
      worker.postMessage((next.done ? { kind: "finish" } : { kind: "read", files: next.value }) satisfies ForWorker);
    };
    worker.on("message", (message: ForMain) => {
      switch (message.kind) {
        case "trace":
          return sink.trace(thread, message.trace);
        case "read":
          for (const shown of message.passedOver) sink.passedOver(shown);
          sink.progress(message.files, message.bytes);
          return assign();
      }
    });
    worker.on("error", reject);
    worker.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`a reading thread ended with ${code}`))));
    assign();
  });
}

function* inBatches(files: Iterable<LogFile>): Generator<LogFile[]> {
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
