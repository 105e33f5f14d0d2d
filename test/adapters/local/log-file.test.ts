import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readLogFile } from "../../../adapters/local/log-file.ts";
import { Fault } from "../../../core/fault.ts";
import { purposesOf } from "../../../core/flow/purpose.ts";
import { tracer } from "../../../core/flow/trace.ts";
import { chain, envelope, eventId, instanceEnvelope, lookupEntry, record } from "../../fixtures/records.ts";
import { logFolder, reading } from "./log-folder.ts";

const { write } = logFolder();
const [one, two, three] = chain();
const ids = [eventId(11), eventId(12), eventId(13)];
const logFile = JSON.stringify({ Records: [one, two, three] });
const lines = [one, two, three].map((item) => JSON.stringify(item)).join("\n");
const fileOf = (from: number, count: number): string =>
  JSON.stringify({ Records: Array.from({ length: count }, (_, i) => record({ eventID: eventId(from + i) })) });

describe("every form, plain and compressed", () => {
  it.each([
    ["a log file", logFile],
    ["NDJSON", lines],
    ["NDJSON with CRLF", lines.replaceAll("\n", "\r\n")],
    ["an array", JSON.stringify([one, two, three], null, 2)],
    ["a LookupEvents page", JSON.stringify({ Events: [one, two, three].map((item) => lookupEntry(item ?? {})) })],
    ["envelopes in lines", [one, two, three].map((item) => JSON.stringify(envelope(item ?? {}))).join("\n")],
    ["a log file with a BOM", `\ufeff${logFile}`],
  ])("reads %s", async (_, text) => {
    const folder = write({ plain: text, packed: gzipSync(text), "named.json.gz": text, "packed.json": gzipSync(text) });
    for (const name of ["plain", "packed", "named.json.gz", "packed.json"]) {
      const { rows, parked, ...rest } = await reading(folder, 1, [name]);
      expect(rest.ids, name).toEqual(ids);
      expect(parked).toEqual([]);
    }
  });

  it("reads a gzip file of several members, whole log files and a line cut in two", async () => {
    const folder = write({
      files: Buffer.concat([
        gzipSync(JSON.stringify({ Records: [one] })),
        gzipSync(JSON.stringify({ Records: [two, three] })),
      ]),
      lines: Buffer.concat([gzipSync(lines.slice(0, 700)), gzipSync(""), gzipSync(lines.slice(700))]),
      padded: Buffer.concat([gzipSync(lines), Buffer.alloc(512)]),
    });
    for (const name of ["files", "lines", "padded"])
      expect(await reading(folder, 1, [name]), name).toMatchObject({ ids, parked: [] });
  });

  it("is content with files that hold nothing", async () => {
    const folder = write({
      a: "",
      b: "\n\n",
      c: '{"Records":[]}',
      d: "[]",
      e: gzipSync(""),
      f: gzipSync('{"Records":[]}'),
    });
    expect(await reading(folder)).toMatchObject({ ids: [], parked: [], passedOver: [], files: 6 });
  });
});

describe("what cannot be read", () => {
  it("given a broken line or element, parks it with its place and reads its neighbours", async () => {
    const folder = write({
      "a.ndjson": `${JSON.stringify(one)}\noops\n${JSON.stringify(two)}`,
      "b.json": `{"Records":[${JSON.stringify(one)},{"eventVersion":oops},${JSON.stringify(two)}]}`,
      "c.json": JSON.stringify([one, 7, record({ eventTime: "noon" }), two]),
    });
    const { ids: read, parked } = await reading(folder);
    expect(read).toEqual([ids[0], ids[0], ids[0], ids[1], ids[1], ids[1]]);
    expect(parked).toEqual([
      "in/a.ndjson:2: not valid JSON",
      "in/b.json#1: not valid JSON",
      "in/c.json#1: the item is not a JSON object",
      "in/c.json#2: eventTime is not a time: write RFC 3339, such as 2026-01-31T23:59:59Z",
    ]);
  });

  it.each([
    ["cut off", (packed: Buffer) => packed.subarray(0, -200), /cut off/],
    ["cut off in its trailer", (packed: Buffer) => packed.subarray(0, -3), /cut off/],
    [
      "followed by something else",
      (packed: Buffer) => Buffer.concat([packed, Buffer.from("oops")]),
      /not gzip stands behind/,
    ],
    [
      "followed by zeros and something else",
      (packed: Buffer) => Buffer.concat([packed, Buffer.from("\0\0oops")]),
      /not gzip/,
    ],
    [
      "followed by something that ends like a trailer",
      (packed: Buffer) => Buffer.concat([packed, Buffer.from("\0oops\0\0\0\0")]),
      /not gzip/,
    ],
    [
      "followed by a damaged member",
      (packed: Buffer) => Buffer.concat([packed, packed.subarray(0, 10), Buffer.alloc(9, 7)]),
      /damaged/,
    ],
  ])("given a gzip file that is %s, parks it once as a whole and reads what can be read", async (_, damage, reason) => {
    const distinct = Array.from({ length: 300 }, (__, i) =>
      JSON.stringify(record({ eventID: eventId(i), requestID: String(i * 7_919_777 * 31) })),
    );
    for (const text of [distinct.join("\n"), `{"Records":[${distinct.join(",")}]}`]) {
      const folder = write({ file: damage(gzipSync(text)) });
      const { ids: read, parked } = await reading(folder, 1, ["file"]);
      expect(read.length).toBeGreaterThan(200);
      expect(parked.filter((line) => line.startsWith("file: "))).toEqual([expect.stringMatching(reason)]);
      if (!/cut off$/.test(reason.source)) expect(read).toHaveLength(300);
    }
  });

  it("given a bomb, stops, says so, and keeps what came before it", async () => {
    const bomb = Buffer.concat([Buffer.from(`${lines}\n`), Buffer.alloc(32 * 1_048_576, 0x20)]);
    const folder = write({ bomb: gzipSync(bomb, { level: 9 }) });
    const { ids: read, parked } = await reading(folder, 1, ["bomb"]);
    expect(read).toEqual(ids);
    expect(parked).toContain("bomb: the gzip stream expands more than 200:1");
  });

  it("given bytes that are not UTF-8, parks only the records they stand in", async () => {
    const bytes = Buffer.from(lines);
    bytes[bytes.indexOf("roleSessionName", bytes.indexOf("\n")) + 3] = 0xff;
    const cut = Buffer.concat([
      Buffer.from('{"Records":['),
      Buffer.from(lines.replaceAll("\n", ",")),
      Buffer.from("]}"),
    ]);
    cut[cut.lastIndexOf("192.0.2.10")] = 0xc3;
    const folder = write({
      lines: bytes,
      list: cut,
      packed: gzipSync(bytes),
      fine: JSON.stringify(record({ userAgent: "\ufffd é 😀" })),
    });
    for (const name of ["lines", "packed"])
      expect(await reading(folder, 1, [name])).toMatchObject({
        ids: [ids[0], ids[2]],
        parked: [`${name}:2: not valid UTF-8`],
      });
    expect(await reading(folder, 1, ["list"])).toMatchObject({
      ids: ids.slice(0, 2),
      parked: ["list#2: not valid UTF-8"],
    });
    expect(await reading(folder, 1, ["fine"])).toMatchObject({ ids: [eventId(1)], parked: [] });
  });

  it("given a file that is neither JSON nor gzip, parks it when it was named and passes it over in a folder", async () => {
    const folder = write({
      "notes.txt": "hello\n",
      "image.png": Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]),
      "good.json": logFile,
    });
    expect(await reading(folder)).toMatchObject({ ids, parked: [], passedOver: ["in/image.png", "in/notes.txt"] });
    expect(await reading(folder, 1, ["notes.txt"])).toMatchObject({
      parked: ["notes.txt: neither JSON nor gzip-compressed JSON"],
      passedOver: [],
    });
  });

  it("given a gzip file without JSON inside, or a file named as one, parks it in a folder as well", async () => {
    const folder = write({ "backup.tgz": gzipSync("not JSON"), "broken.json.gz": "not gzip" });
    expect(await reading(folder)).toMatchObject({
      parked: [
        "in/backup.tgz: neither JSON nor gzip-compressed JSON",
        "in/broken.json.gz: neither JSON nor gzip-compressed JSON",
      ],
      passedOver: [],
    });
  });

  it("given a file that vanished, parks it and goes on", async () => {
    const into = tracer({ purposes: purposesOf([]), rows: "not-wanted" });
    const path = join(write({}), "gone");
    expect(await readLogFile({ shown: "gone", path, bytes: 10, given: true }, into, () => undefined)).toBe("read");
    expect(into.take().parked).toEqual([{ source: "gone", reason: "the file cannot be read (ENOENT)" }]);
  });

  it("counts digest files and events that no decoder claims as ignored", async () => {
    const folder = write({
      "digest.json": '{"digestS3Object":"x","logFiles":[]}',
      "b.json": JSON.stringify(instanceEnvelope({ "detail-type": "Tea" })),
    });
    expect(await reading(folder)).toMatchObject({ ids: [], parked: [], ignored: 2 });
  });
});

describe("large files", () => {
  it("gives the same items when it is streamed as when it is read whole, plain and compressed", async () => {
    const parts = Array.from({ length: 10 }, (_, i) => fileOf(i * 1_000, 1_000));
    const joined = `{"Records":[${parts.map((part) => part.slice('{"Records":['.length, -2)).join(",")}]}`;
    expect(joined.length).toBeGreaterThan(4 * 1_048_576);
    const folder = write({ "large.json": joined, "large.json.gz": gzipSync(joined) });
    const small = await reading(write(Object.fromEntries(parts.map((part, i) => [`${i}.json`, part]))));
    expect(small.ids).toHaveLength(10_000);
    for (const name of ["large.json", "large.json.gz"]) {
      const large = await reading(folder, 1, [name]);
      expect(large.rows).toEqual(small.rows);
      expect([...new Set(large.kept)]).toEqual([...new Set(small.kept)]);
      expect(large.parked).toEqual([]);
    }
  });

  it("hands on what it has read before the file ends, and lets the taker's fault through", async () => {
    const text = `[${Array.from({ length: 12_000 }, (_, i) => JSON.stringify(record({ eventID: eventId(i) }))).join(",")}]`;
    const folder = write({ plain: text, packed: gzipSync(text) });
    const options = { purposes: purposesOf([]), rows: "not-wanted" } as const;
    const full = new Fault("full", "no room");
    for (const name of ["plain", "packed"]) {
      const file = { shown: name, path: join(folder, name), bytes: text.length, given: true };
      const into = tracer(options);
      const counts: number[] = [];
      await readLogFile(file, into, (trace) => counts.push(trace.count));
      expect(counts.length).toBeGreaterThan(1);
      expect(counts.reduce((sum, count) => sum + count, into.take().count)).toBe(12_000);
      const stopped = readLogFile(file, tracer(options), () => {
        throw full;
      });
      await expect(stopped).rejects.toBe(full);
    }
  });
});
