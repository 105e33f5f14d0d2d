import { isAscii, isUtf8 } from "node:buffer";
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { constants, createGunzip, gunzipSync } from "node:zlib";

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
/** A gzip stream may not expand more than this over any stretch of this many bytes of output. */
const ratioLimit = 200;
const ratioStretch = 8 * 1_048_576;

/** Reads one file, gzip or plain, told apart by its first bytes. */
export async function readLogBytes(path: string, bytes: number, sink: TextSink): Promise<void> {
  if (bytes > wholeFile) return streamFile(path, sink);
  const content = readFileSync(path);
  const inflated = isGzip(content) ? inflateWhole(content) : content;
  if (inflated === undefined) return streamFile(path, sink);
  sink.whole(textOf(inflated, sink));
}

export const isGzip = (content: Uint8Array): boolean => content[0] === 0x1f && content[1] === 0x8b;

/**
 * Inflates a small file in one step, into a buffer of the size that the gzip trailer tells (RFC 1952, ISIZE): the default
 * buffer size costs a third of the time and keeps threads from scaling. Nothing when it is large, broken or lies.
 */
function inflateWhole(content: Buffer): Buffer | undefined {
  const told = content.length < 18 ? 0 : content.readUInt32LE(content.length - 4);
  if (told > wholeFile) return undefined;
  try {
    return gunzipSync(content, { chunkSize: Math.max(told + 64, 1_024), maxOutputLength: ratioStretch });
  } catch {
    return undefined;
  }
}

async function streamFile(path: string, sink: TextSink): Promise<void> {
  const decode = decodeInto(sink);
  const file = openSync(path, "r");
  try {
    const first = Buffer.alloc(streamChunk);
    let got = readSync(file, first, 0, first.length, null);
    if (!isGzip(first.subarray(0, got))) {
      for (; got > 0; got = readSync(file, first, 0, first.length, null)) decode(first.subarray(0, got), "more");
      return decode(Buffer.alloc(0), "last");
    }
    const because = await inflateStream(file, first.subarray(0, got), decode);
    if (because === undefined) return decode(Buffer.alloc(0), "last");
    decode(Buffer.alloc(0), "last");
    return sink.broken(because);
  } finally {
    closeSync(file);
  }
}

type Decode = (piece: Buffer, position: "more" | "last") => void;

/** Inflates piece by piece; the answer says what was wrong, if anything. */
function inflateStream(file: number, first: Buffer, decode: Decode): Promise<string | undefined> {
  return new Promise((resolve) => {
    const gunzip = createGunzip({ chunkSize: streamChunk, finishFlush: constants.Z_NO_FLUSH });
    let written = 0;
    let stretchOut = 0;
    let stretchIn = 0;
    const stop = (because: string | undefined): void => {
      gunzip.destroy();
      resolve(because);
    };
    gunzip.on("data", (piece: Buffer) => {
      written += piece.length;
      if (written - stretchOut >= ratioStretch) {
        if ((gunzip.bytesWritten - stretchIn) * ratioLimit < written - stretchOut)
          return stop(`the gzip stream expands more than ${ratioLimit}:1`);
        stretchOut = written;
        stretchIn = gunzip.bytesWritten;
      }
      decode(piece, "more");
    });
    gunzip.on("error", (error: NodeJS.ErrnoException) => stop(gzipTrouble(error.code)));
    gunzip.on("end", () => resolve(undefined));
    const buffer = Buffer.from(first);
    const feed = (piece: Buffer): void => {
      if (piece.length === 0) return void gunzip.end();
      const more = (): void => {
        const next = Buffer.alloc(streamChunk / 4);
        const got = readSync(file, next, 0, next.length, null);
        feed(next.subarray(0, got));
      };
      if (gunzip.destroyed) return;
      if (gunzip.write(piece)) setImmediate(more);
      else gunzip.once("drain", more);
    };
    feed(buffer);
  });
}

const gzipTrouble = (code: string | undefined): string =>
  code === "Z_BUF_ERROR" ? "the gzip stream ends early: the file is cut off" : "the gzip stream is damaged";

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
  if (isAscii(bytes)) return bytes.toString("latin1");
  if (!isUtf8(bytes)) sink.damaged();
  return bytes.toString("utf8");
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
