import { randomBytes } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { inflateFile } from "../../../adapters/local/log-inflate.ts";
import { logFolder } from "./log-folder.ts";

const { write } = logFolder();

async function inflated(content: Uint8Array): Promise<{ bytes: Buffer; because: string | undefined }> {
  const file = openSync(join(write({ f: content }), "f"), "r");
  const pieces: Buffer[] = [];
  try {
    const because = await inflateFile(file, (piece) => pieces.push(Buffer.from(piece)));
    return { bytes: Buffer.concat(pieces), because };
  } finally {
    closeSync(file);
  }
}

/** Bytes that hardly compress, so that pieces of input are many. */
const noise = Buffer.from(randomBytes(600_000).toString("hex"));

describe("inflating piece by piece", () => {
  it("gives what went in, of one member and of many", async () => {
    expect(await inflated(gzipSync(noise))).toEqual({ bytes: noise, because: undefined });
    const members = Buffer.concat([gzipSync(noise), gzipSync(""), gzipSync("end")]);
    expect(await inflated(members)).toEqual({ bytes: Buffer.concat([noise, Buffer.from("end")]), because: undefined });
  });

  it("takes zeros behind the stream for padding, and nothing else", async () => {
    expect(await inflated(Buffer.concat([gzipSync("a"), Buffer.alloc(300_000)]))).toMatchObject({ because: undefined });
    for (const behind of ["x", "\0x", `${"\0".repeat(300_000)}x`, "\x1f", "\x1f\x8b\x08\x07"])
      expect(
        (await inflated(Buffer.concat([gzipSync(noise), Buffer.from(behind, "latin1")]))).because,
        behind.slice(-4),
      ).toMatch(/not gzip stands behind it|cut off/);
  });

  it("gives every byte before the damage, each once, wherever it lies", async () => {
    const packed = gzipSync(noise);
    for (const keep of [11, 30_000, 262_144, packed.length - 1, packed.length])
      for (const tail of ["", "garbage that is no deflate stream at all \xff\xff\xff"]) {
        const { bytes, because } = await inflated(
          Buffer.concat([packed.subarray(0, keep), Buffer.from(tail, "latin1")]),
        );
        const sound = Math.floor(Math.min(bytes.length, noise.length) * 0.9);
        expect(bytes.subarray(0, sound).equals(noise.subarray(0, sound)), `${keep} ${tail.length}`).toBe(true);
        expect(because === undefined).toBe(keep === packed.length && tail === "");
      }
    const { bytes } = await inflated(Buffer.concat([packed, Buffer.from("garbage")]));
    expect(bytes.equals(noise)).toBe(true);
  });

  it("says of a wrong checksum that the stream is damaged, and gives what it held", async () => {
    const packed = gzipSync(noise);
    packed[packed.length - 6] = (packed[packed.length - 6] ?? 0) ^ 1;
    const { bytes, because } = await inflated(packed);
    expect(because).toMatch(/damaged/);
    expect(bytes.equals(noise)).toBe(true);
  });

  it("stops at what expands more than 200 to 1 over 8 MiB, and lets a short burst pass", async () => {
    const bomb = await inflated(gzipSync(Buffer.alloc(64 * 1_048_576)));
    expect(bomb.because).toBe("the gzip stream expands more than 200:1");
    expect(bomb.bytes.length).toBeLessThanOrEqual(9 * 1_048_576);
    expect(await inflated(gzipSync(Buffer.alloc(7 * 1_048_576)))).toMatchObject({ because: undefined });
    const late = await inflated(Buffer.concat([gzipSync(noise), gzipSync(Buffer.alloc(64 * 1_048_576))]));
    expect(late.because).toBe("the gzip stream expands more than 200:1");
  });

  it("throws what the taker throws", async () => {
    const file = openSync(join(write({ f: gzipSync(noise) }), "f"), "r");
    const stopped = inflateFile(file, () => {
      throw new RangeError("enough");
    });
    await expect(stopped).rejects.toThrow(RangeError);
    closeSync(file);
  });
});
