import { statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { isGzip, readLogBytes } from "../../../adapters/local/log-bytes.ts";
import { logFolder } from "./log-folder.ts";

const { write } = logFolder();
const mebibyte = 1_048_576;

async function textOf(content: string | Uint8Array, told?: number) {
  const path = join(write({ f: content }), "f");
  const pieces: string[] = [];
  const broken: string[] = [];
  let [damaged, wholes] = [0, 0];
  await readLogBytes(path, told ?? statSync(path).size, {
    whole(text) {
      wholes++;
      pieces.push(text);
    },
    text: (piece) => pieces.push(piece),
    damaged: () => damaged++,
    broken: (because) => broken.push(because),
  });
  return { text: pieces.join(""), damaged: damaged > 0, broken, wholes };
}

describe("turning a file into text", () => {
  it("tells gzip by its first two bytes", () => {
    expect([
      isGzip(gzipSync("")),
      isGzip(Buffer.from("{")),
      isGzip(Buffer.from([0x1f])),
      isGzip(Buffer.alloc(0)),
    ]).toEqual([true, false, false, false]);
  });

  it("reads small files at once and large ones in pieces, to the same text", async () => {
    const small = "é😀a".repeat(1_000);
    const large = "é😀a\n".repeat(700_000);
    for (const text of [small, large]) {
      const size = Buffer.byteLength(text);
      for (const content of [text, gzipSync(text, { level: 0 })]) {
        const read = await textOf(content);
        expect(read.text === text).toBe(true);
        expect(read).toMatchObject({ damaged: false, broken: [], wholes: size > 4 * mebibyte ? 0 : 1 });
      }
    }
  });

  it("keeps a character whole wherever a piece ends in it", async () => {
    for (const character of ["é", "€", "😀"])
      for (let shift = 0; shift < Buffer.byteLength(character); shift++) {
        const text = `${"a".repeat(mebibyte - shift)}${character.repeat(5)}`;
        const read = await textOf(text, 5 * mebibyte);
        expect(read.text === text).toBe(true);
        expect(read.damaged).toBe(false);
      }
  });

  it("says that bytes are not UTF-8, also the last ones and those at the end of a piece", async () => {
    for (const [before, bytes, after] of [
      ["", [0xff], "a"],
      ["a", [0xe2, 0x82], ""],
      ["a".repeat(mebibyte - 1), [0xf0, 0x9f], "b"],
      ["a".repeat(mebibyte - 1), [0xc0, 0x80], ""],
      ["a", [0xed, 0xa0, 0x80], "surrogate"],
    ] as const) {
      const content = Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
      for (const told of [content.length, 5 * mebibyte]) {
        const read = await textOf(content, told);
        expect(read.damaged).toBe(true);
        expect(read.text.startsWith(before)).toBe(true);
        expect(read.text.endsWith(after)).toBe(true);
      }
    }
    expect(await textOf("\ufffd is a character like any other")).toMatchObject({ damaged: false });
  });

  it("does not believe a trailer that lies about the size", async () => {
    const packed = gzipSync("a".repeat(1_000));
    packed.writeUInt32LE(7, packed.length - 4);
    expect((await textOf(packed)).broken).toEqual([expect.stringMatching(/damaged/)]);
    packed.writeUInt32LE(0xffffffff, packed.length - 4);
    expect((await textOf(packed)).text).toBe("a".repeat(1_000));
  });
});
