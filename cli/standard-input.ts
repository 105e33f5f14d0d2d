import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Fault } from "../core/fault.ts";

/** Standard input as a file, so that it is read like any other and may be larger than memory. Removed by `close`, or when the process ends. */
export async function spooledInput(input: Readable): Promise<{ readonly path: string; close(): void }> {
  const folder = temporaryFolder();
  const path = join(folder, "standard-input");
  const close = (): void => rmSync(folder, { recursive: true, force: true });
  // Also when an interrupt or a closed pipe ends the process before anybody could call `close`.
  process.once("exit", close);
  await pipeline(input, createWriteStream(path, { mode: 0o600 })).catch((cause: unknown) => {
    throw full(cause);
  });
  return {
    path,
    close() {
      process.off("exit", close);
      close();
    },
  };
}

function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), "cordon-"));
  } catch (cause) {
    throw full(cause);
  }
}

const full = (cause: unknown): Fault =>
  new Fault("full", `cannot write to the temporary folder ${tmpdir()}: free some space or set TMPDIR`, { cause });
