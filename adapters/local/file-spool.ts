import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Spool } from "../../core/event/spool.ts";
import { Fault } from "../../core/fault.ts";

/** Texts wait in memory until this many bytes are together. */
const flushAt = 1_048_576;
/** Reads in order fetch this much at once, as the end of a run mostly does. */
const window = 262_144;
/** Reads out of order fetch little: what lies around the text is hardly wanted. */
const glance = 8_192;

/** A spool on a temporary file of this process; memory holds eight bytes a text and one buffer. Nobody else can open it by name. */
export function fileSpool(): Spool {
  let ends = new Float64Array(1024);
  let count = 0;
  let written = 0;
  let buffered: Buffer[] = [];
  let bufferedBytes = 0;
  let file: number | undefined;
  let folder: string | undefined;
  let cached = Buffer.alloc(0);
  let cachedFrom = 0;

  const open = (): number => {
    folder = mkdtempSync(join(tmpdir(), "cordon-"));
    const opened = openSync(join(folder, "spool"), "wx+", 0o600);
    // An open file needs no name where the system allows it: nothing is left behind however the process ends.
    if (process.platform !== "win32") rmSync(folder, { recursive: true, force: true });
    return opened;
  };

  const flush = (): void => {
    if (bufferedBytes === 0) return;
    try {
      file ??= open();
      const bytes = Buffer.concat(buffered);
      for (let done = 0; done < bytes.length; )
        done += writeSync(file, bytes, done, bytes.length - done, written + done);
    } catch (cause) {
      throw new Fault("full", `cannot write to the temporary folder ${tmpdir()}: free some space or set TMPDIR`, {
        cause,
      });
    }
    written += bufferedBytes;
    buffered = [];
    bufferedBytes = 0;
  };

  const fromFile = (from: number, length: number): string => {
    if (from < cachedFrom || from + length > cachedFrom + cached.length) {
      const inOrder = from >= cachedFrom && from <= cachedFrom + cached.length + glance;
      const wanted = Math.min(Math.max(inOrder ? window : glance, length), written - from);
      if (cached.buffer.byteLength < wanted) cached = Buffer.alloc(Math.max(window, wanted));
      const target = Buffer.from(cached.buffer, 0, Math.max(wanted, 0));
      const got = file === undefined ? 0 : readSync(file, target, 0, wanted, from);
      if (got < length) throw new Fault("unreachable", "the temporary file ended early: something cut it");
      cached = target.subarray(0, got);
      cachedFrom = from;
    }
    return cached.toString("utf8", from - cachedFrom, from - cachedFrom + length);
  };

  return {
    get count() {
      return count;
    },
    add(text) {
      const bytes = Buffer.from(text);
      if (count === ends.length) {
        const wider = new Float64Array(Math.ceil(ends.length * 1.5));
        wider.set(ends);
        ends = wider;
      }
      ends[count] = (count === 0 ? 0 : (ends[count - 1] ?? 0)) + bytes.length;
      buffered.push(bytes);
      bufferedBytes += bytes.length;
      if (bufferedBytes >= flushAt) flush();
      return count++;
    },
    read(number) {
      const end = ends[number];
      if (end === undefined || number >= count) throw new RangeError(`nothing is spooled under ${number}`);
      const from = number === 0 ? 0 : (ends[number - 1] ?? 0);
      if (end > written) flush();
      return fromFile(from, end - from);
    },
    close() {
      if (file !== undefined) closeSync(file);
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
      file = undefined;
      folder = undefined;
      count = 0;
    },
  };
}
