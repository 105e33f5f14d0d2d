import { readSync } from "node:fs";
import { createGunzip, type Gunzip } from "node:zlib";

const chunk = 1_048_576;
const piece = 262_144;
/** A gzip stream may not expand more than this over any stretch of this many bytes of output. */
const ratioLimit = 200;
const ratioStretch = 8 * 1_048_576;
/** zlib gives nothing of a piece that it finds damaged, so the damage is approached again in steps of this many bytes. */
const steps = [4_096, 1];

/**
 * Inflates a gzip file of any number of members, handing on everything that can be read; the answer says what was wrong,
 * if anything. What `take` throws is thrown.
 */
export async function inflateFile(file: number, take: (piece: Buffer) => void): Promise<string | undefined> {
  let ended = await inflateOnce(file, { skip: 0, slowFrom: Number.POSITIVE_INFINITY, step: piece }, take);
  for (const step of steps)
    if (ended.kind === "damaged")
      ended = await inflateOnce(file, { skip: ended.written, slowFrom: ended.from, step }, take);
  switch (ended.kind) {
    case "whole":
      return isPadding(file, ended.consumed) ? undefined : behind;
    case "damaged":
      return behind;
    case "cut-off":
      return "the gzip stream ends early: the file is cut off";
    case "bomb":
      return `the gzip stream expands more than ${ratioLimit}:1`;
  }
}

const behind = "the gzip stream is damaged, or something that is not gzip stands behind it";

type Ended =
  | { readonly kind: "whole"; readonly consumed: number }
  /** `written` bytes came out before it; the damage lies in the piece that begins at `from`. */
  | { readonly kind: "damaged"; readonly written: number; readonly from: number }
  | { readonly kind: "cut-off" | "bomb" };

/** Output to leave out because it was handed on before, and from where on to go in small steps. */
interface Pass {
  readonly skip: number;
  readonly slowFrom: number;
  readonly step: number;
}

async function inflateOnce(file: number, pass: Pass, take: (piece: Buffer) => void): Promise<Ended> {
  const gunzip = createGunzip({ chunkSize: chunk });
  const buffer = Buffer.alloc(piece);
  let from = 0;
  const over = ending(gunzip, pass.skip, () => from, take);
  try {
    for (let next = 0; ; ) {
      const wanted = next >= pass.slowFrom ? pass.step : Math.min(piece, pass.slowFrom - next);
      const got = readSync(file, buffer, 0, wanted, next);
      from = next;
      next += got;
      const ended = await Promise.race([over, fed(gunzip, buffer.subarray(0, got))]);
      if (ended !== undefined) return ended;
    }
  } finally {
    gunzip.destroy();
  }
}

/** Settles when zlib has taken the piece. It never does when the stream is over: then `ending` tells. */
const fed = (gunzip: Gunzip, bytes: Buffer): Promise<undefined> =>
  new Promise((resolve) => {
    if (bytes.length === 0) gunzip.end();
    else gunzip.write(bytes, (error) => (error ? undefined : resolve(undefined)));
  });

function ending(gunzip: Gunzip, skip: number, from: () => number, take: (piece: Buffer) => void): Promise<Ended> {
  let written = 0;
  let stretchOut = 0;
  let stretchIn = 0;
  return new Promise((resolve, reject) => {
    gunzip.on("data", (bytes: Buffer) => {
      const known = Math.max(0, Math.min(bytes.length, skip - written));
      written += bytes.length;
      if (written - stretchOut >= ratioStretch) {
        if ((gunzip.bytesWritten - stretchIn) * ratioLimit < written - stretchOut) {
          gunzip.destroy();
          return resolve({ kind: "bomb" });
        }
        stretchOut = written;
        stretchIn = gunzip.bytesWritten;
      }
      try {
        if (known < bytes.length) take(bytes.subarray(known));
      } catch (cause) {
        gunzip.destroy();
        reject(cause);
      }
    });
    gunzip.on("error", (error: NodeJS.ErrnoException) =>
      resolve(
        error.code === "Z_BUF_ERROR"
          ? { kind: "cut-off" }
          : { kind: "damaged", written: Math.max(skip, written), from: from() },
      ),
    );
    gunzip.on("end", () => resolve({ kind: "whole", consumed: gunzip.bytesWritten }));
  });
}

/** Nothing, or zeros as tapes and block devices add them, from here to the end of the file. */
function isPadding(file: number, from: number): boolean {
  const buffer = Buffer.alloc(piece);
  for (let at = from; ; ) {
    const got = readSync(file, buffer, 0, piece, at);
    if (got === 0) return true;
    if (buffer.subarray(0, got).some((byte) => byte !== 0)) return false;
    at += got;
  }
}
