import { Presets, SingleBar } from "cli-progress";
import type { Terminal } from "./terminal.ts";

/** Progress of a run on standard error: a bar on a terminal, nothing elsewhere. Notes never tear the bar. */
export interface Progress {
  start(files: number, bytes: number): void;
  advance(files: number, bytes: number, records: number): void;
  note(line: string): void;
  stop(): void;
}

export function progressBar(terminal: Terminal, quiet: boolean): Progress {
  const bar =
    terminal.interactive && !quiet
      ? new SingleBar(
          {
            format:
              "reading {bar} {percentage} % · {files}/{allFiles} files · {rate} records/s · about {eta_formatted} left",
            clearOnComplete: true,
            hideCursor: true,
            etaBuffer: 50,
            stopOnComplete: false,
          },
          Presets.shades_classic,
        )
      : undefined;
  let [doneFiles, doneBytes, allFiles, started] = [0, 0, 0, 0];
  return {
    start(files, bytes) {
      allFiles = files;
      started = performance.now();
      bar?.start(Math.max(bytes, 1), 0, { files: 0, allFiles, rate: "0" });
    },
    advance(files, bytes, records) {
      doneFiles += files;
      doneBytes += bytes;
      const rate = Math.round(records / Math.max(0.001, (performance.now() - started) / 1000));
      bar?.update(doneBytes, { files: doneFiles, allFiles, rate: rate.toLocaleString("en-US") });
    },
    note(line) {
      if (bar?.isActive) process.stderr.write("\r\u001b[K");
      terminal.err(line);
    },
    stop: () => bar?.stop(),
  };
}
