import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generateCorpus } from "../../bench/corpus.ts";
import { ensureCorpus } from "../../bench/corpus-cache.ts";
import type { CorpusFacts } from "../../bench/corpus-facts.ts";
import { readHead } from "../../core/event/head.ts";
import { fields, type JsonObject, list, text } from "../../core/event/json.ts";
import { principalOf } from "../../core/event/user-identity.ts";

const size = { files: 180, recordsPerFile: 40 } as const;
let scratch: string;
let facts: CorpusFacts;
let files: readonly string[];
let records: readonly JsonObject[];

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "cordon-corpus-"));
  const directory = join(scratch, "corpus");
  facts = await generateCorpus({ seed: 7, directory, ...size });
  files = await filesBelow(directory);
  records = (await Promise.all(files.map(recordsOf))).flat();
});

afterAll(() => rm(scratch, { recursive: true, force: true }));

test("the same seed gives the same bytes, another seed gives others", async () => {
  const print = async (seed: number): Promise<string> => {
    const directory = await mkdtemp(join(scratch, "again-"));
    await generateCorpus({ seed, directory, files: 40, recordsPerFile: 20 });
    const hash = createHash("sha256");
    for (const file of await filesBelow(directory))
      hash.update(file.slice(directory.length)).update(await readFile(file));
    return hash.digest("hex");
  };
  const [first, again, other] = [await print(3), await print(3), await print(4)];
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

test("files lie where CloudTrail puts them, of twelve accounts in three Regions", () => {
  const shape =
    /\/AWSLogs\/(\d{12})\/CloudTrail\/([a-z0-9-]+)\/2026\/11\/\d\d\/\1_CloudTrail_\2_\d{8}T\d{4}Z_[A-Z2-7]{16}\.json\.gz$/;
  const found = files.map((file) => shape.exec(file));
  expect(found.every((one) => one !== null)).toBe(true);
  expect(new Set(found.map((one) => one?.[1])).size).toBe(12);
  expect(new Set(found.map((one) => one?.[2])).size).toBe(3);
  expect(files.length).toBe(facts.files);
});

test("a file is one minified line whose records begin as CloudTrail begins them", async () => {
  const content = gunzipSync(await readFile(files[0] ?? "")).toString();
  expect(content.startsWith('{"Records":[{"eventVersion":"1.11","userIdentity":{')).toBe(true);
  expect(content).toBe(JSON.stringify(JSON.parse(content)));
  const order = [
    "eventVersion",
    "userIdentity",
    "eventTime",
    "eventSource",
    "eventName",
    "awsRegion",
    "sourceIPAddress",
  ];
  for (const record of records) expect(Object.keys(record).slice(0, 7)).toEqual(order);
});

test("every record is read by the product, none is parked, every principal is known", () => {
  for (const record of records) {
    const read = readHead(record);
    expect(read, text(record["eventID"])).toMatchObject({ kind: "read", head: { guessed: false } });
    expect(principalOf(fields(record["userIdentity"])).kind).not.toBe("unknown");
    expect(text(record["eventID"])).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});

test("records, distinct records, errors and service events are as many as it says", () => {
  const distinct = new Map(records.map((record) => [text(record["eventID"]), record]));
  expect(records.length).toBe(facts.records);
  expect(distinct.size).toBe(facts.distinct);
  expect(records.length - distinct.size).toBe(facts.duplicates);
  expect(facts.duplicates).toBeGreaterThan(0);
  const all = [...distinct.values()];
  expect(all.filter((record) => record["errorCode"] !== undefined).length).toBe(facts.errors);
  expect(all.filter((record) => record["eventType"] === "AwsServiceEvent").length).toBe(facts.serviceEvents);
  expect(new Set(all.map((record) => record["eventName"])).size).toBe(facts.eventNames);
});

test("every planted chain is joined by the access key that its issuing record names", () => {
  const { issued, byHops } = chainsOf(records);
  expect(issued.size).toBe(facts.sessions);
  expect(byHops).toEqual(facts.chainsByHops);
  const signed = records.filter((record) => issued.has(keyOf(record)));
  expect(signed.length / records.length).toBeGreaterThan(0.75);
});

test("given time, chains of one, two and three hops are planted", async () => {
  const directory = join(scratch, "deep");
  const deep = await generateCorpus({ seed: 7, directory, oneFile: true, files: 100, recordsPerFile: 40 });
  const { byHops } = chainsOf((await Promise.all((await filesBelow(directory)).map(recordsOf))).flat());
  expect(byHops).toEqual(deep.chainsByHops);
  expect(Math.min(...byHops)).toBeGreaterThan(0);
});

test("the mix is that of an AI platform: wide, mostly reading, a few failures", () => {
  expect(facts.eventNames).toBeGreaterThan(150);
  const share = (wanted: (record: JsonObject) => boolean): number => records.filter(wanted).length / records.length;
  expect(share((record) => record["readOnly"] === true)).toBeGreaterThan(0.75);
  expect(share((record) => record["errorCode"] !== undefined)).toBeGreaterThan(0.015);
  expect(share((record) => record["errorCode"] !== undefined)).toBeLessThan(0.035);
  expect(facts.bytes / facts.records).toBeGreaterThan(1_600);
  expect(facts.bytes / facts.records).toBeLessThan(2_000);
  const launches = records.filter(
    (record) => record["eventName"] === "RunInstances" && record["errorCode"] === undefined,
  );
  expect(launches.length).toBeGreaterThan(0);
  for (const launch of launches)
    expect(list(fields(fields(launch["responseElements"])["instancesSet"])["items"]).length).toBeGreaterThan(0);
});

test("one file can hold everything, and scale multiplies the files", async () => {
  const directory = join(scratch, "one");
  const one = await generateCorpus({ seed: 7, directory, oneFile: true, files: 6, recordsPerFile: 20, scale: 2 });
  const [file = "", ...more] = await filesBelow(directory);
  expect(more).toEqual([]);
  expect(one.files).toBe(1);
  expect((await recordsOf(file)).length).toBe(one.records);
  const scaled = await generateCorpus({
    seed: 7,
    directory: join(scratch, "ten"),
    files: 3,
    recordsPerFile: 5,
    scale: 10,
  });
  expect(scaled.files).toBe(30);
});

test("a cached corpus is made once and found again; another size is another corpus", async () => {
  const cache = join(scratch, "cache");
  const made = await ensureCorpus({ seed: 1, files: 2, recordsPerFile: 5, cache });
  const [before = ""] = await filesBelow(made.directory);
  await rm(before);
  const again = await ensureCorpus({ seed: 1, files: 2, recordsPerFile: 5, cache });
  expect(again).toEqual(made);
  expect((await filesBelow(again.directory)).length).toBe(1);
  const other = await ensureCorpus({ seed: 1, files: 3, recordsPerFile: 5, cache });
  expect(other.directory).not.toBe(made.directory);
});

const keyOf = (record: JsonObject): string => text(fields(record["userIdentity"])["accessKeyId"]);

/** Issuing records by the key that they issue, and how many lie one, two and three role assumptions deep. */
function chainsOf(found: readonly JsonObject[]) {
  const issued = new Map<string, JsonObject>();
  for (const record of found) {
    const key = text(fields(fields(record["responseElements"])["credentials"])["accessKeyId"]);
    if (key && fields(record["userIdentity"])["type"] !== "AWSAccount") issued.set(key, record);
  }
  const hopsOf = (record: JsonObject | undefined): number =>
    record !== undefined && fields(record["userIdentity"])["type"] === "AssumedRole"
      ? 1 + hopsOf(issued.get(keyOf(record)))
      : 0;
  const hops = [...issued.values()].map(hopsOf);
  return { issued, byHops: [1, 2, 3].map((wanted) => hops.filter((one) => one === wanted).length) };
}

async function filesBelow(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

async function recordsOf(file: string): Promise<readonly JsonObject[]> {
  const content: unknown = JSON.parse(gunzipSync(await readFile(file)).toString());
  return list(fields(content)["Records"]).map(fields);
}
