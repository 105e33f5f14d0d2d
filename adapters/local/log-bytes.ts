import { isUtf8 } from "node:buffer";
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { gunzipSync, type ZlibOptions } from "node:zlib";
import { inflateFile } from "./log-inflate.ts";

/** Takes the text of one file: at once, or in pieces. */
export interface TextSink {
  whole(text: string): void;
  text(piece: string): void;
  /** From here on U+FFFD may stand for bytes that are not UTF-8. */
  damaged(): void;
  /** What was wrong with the file as a whole; the pieces before it still count. */
  broken(because: string): void;
}

/** Files whose text is at most this long are read at once; larger ones are streamed, so memory does not follow file size. */
const wholeFile = 4 * 1_048_576;
const streamChunk = 1_048_576;
/** A small file that inflates to more is streamed, where its ratio is watched. */
const inflatedMost = 8 * 1_048_576;

/** Reads one file, gzip or plain, told apart by its first bytes. */
export async function readLogBytes(path: string, bytes: number, sink: TextSink): Promise<void> {
  if (bytes > wholeFile) return streamFile(path, sink);
  const content = readFileSync(path);
  const inflated = isGzip(content) ? inflateWhole(content) : content;
  if (inflated === undefined) return streamFile(path, sink);
  sink.whole(textOf(inflated, sink));
}

export const isGzip = (content: Uint8Array): boolean => content[0] === 0x1f && content[1] === 0x8b;

/** Whether a file begins as gzip does; it must have been read before. */
export function isGzipFile(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const first = Buffer.alloc(2);
    return isGzip(first.subarray(0, readSync(file, first, 0, 2, 0)));
  } finally {
    closeSync(file);
  }
}

/**
 * Inflates a small file in one step, into a buffer of the size that the gzip trailer tells (RFC 1952, ISIZE): the default
 * buffer size costs a third of the time and keeps threads from scaling. Nothing when it is large, broken or lies.
 */
function inflateWhole(content: Buffer): Buffer | undefined {
  const told = content.length < 18 ? 0 : content.readUInt32LE(content.length - 4);
  if (told > wholeFile) return undefined;
  try {
    const { buffer, engine } = inflateSaying(content, {
      chunkSize: roundedUp(told + 64),
      maxOutputLength: inflatedMost,
      info: true,
    });
    // zlib stops in silence at a zero byte behind the last member; whatever else stands there is for the stream to judge.
    return engine.bytesWritten === content.length ? buffer : undefined;
  } catch {
    return undefined;
  }
}

/** With `info`, zlib answers with the engine as well (Node, "zlib: class Options"); its published types do not say so. */
const inflateSaying = gunzipSync as unknown as (
  content: Buffer,
  options: ZlibOptions & { readonly info: true },
) => { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };

async function streamFile(path: string, sink: TextSink): Promise<void> {
  const decode = decodeInto(sink);
  const file = openSync(path, "r");
  try {
    const first = Buffer.alloc(streamChunk);
    let got = readSync(file, first, 0, first.length, 0);
    if (!isGzip(first.subarray(0, got))) {
      for (let at = 0; got > 0; got = readSync(file, first, 0, first.length, at)) {
        decode(first.subarray(0, got), "more");
        at += got;
      }
      return decode(Buffer.alloc(0), "last");
    }
    const because = await inflateFile(file, (piece) => decode(piece, "more"));
    decode(Buffer.alloc(0), "last");
    if (because !== undefined) sink.broken(because);
  } finally {
    closeSync(file);
  }
}

type Decode = (piece: Buffer, position: "more" | "last") => void;

/** Turns bytes into text without ever replacing a byte in silence: what is not UTF-8 is said and left out. */
function decodeInto(sink: TextSink): Decode {
  let carried = Buffer.alloc(0);
  return (piece, position) => {
    const all = carried.length === 0 ? piece : Buffer.concat([carried, piece]);
    const whole = position === "last" ? all.length : completeLength(all);
    carried = Buffer.from(all.subarray(whole));
    const bytes = all.subarray(0, whole);
    if (bytes.length === 0) return;
    sink.text(textOf(bytes, sink));
  };
}

function textOf(bytes: Buffer, sink: TextSink): string {
  if (!isUtf8(bytes)) sink.damaged();
  return bytes.toString();
}

/** How many bytes can be decoded now: a character that is cut at the end waits for its rest. */
function completeLength(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** A few sizes instead of thousands: freed buffers are used again, and memory does not fall to pieces. */
const roundedUp = (bytes: number): number => 2 ** Math.max(16, Math.ceil(Math.log2(bytes)));
