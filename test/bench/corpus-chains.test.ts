import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkChains } from "../../bench/check-chains.ts";
import type { ChainTruth } from "../../bench/corpus-chain.ts";
import { type ChainFacts, generateChains, logsOf, truthOf } from "../../bench/corpus-chains.ts";
import { fields, type JsonObject, list, text } from "../../core/event/json.ts";

const size = { records: 6_000, chains: 150, recordsPerFile: 60 } as const;
let scratch: string;
let directory: string;
let facts: ChainFacts;
let records: readonly JsonObject[];
let truths: readonly ChainTruth[];

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "cordon-chains-"));
  directory = join(scratch, "chains");
  facts = await generateChains({ seed: 7, directory, ...size });
  records = (await Promise.all((await logs(directory)).map(recordsOf))).flat();
  truths = (await readFile(truthOf(directory), "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as ChainTruth);
});

afterAll(() => rm(scratch, { recursive: true, force: true }));

test("the same seed gives the same bytes, another seed gives others", async () => {
  const print = async (seed: number): Promise<string> => {
    const again = await mkdtemp(join(scratch, "again-"));
    await generateChains({ seed, directory: again, records: 400, chains: 10 });
    const hash = createHash("sha256").update(await readFile(truthOf(again)));
    for (const file of await logs(again)) hash.update(file.slice(again.length)).update(await readFile(file));
    return hash.digest("hex");
  };
  const [first, same, other] = [await print(3), await print(3), await print(4)];
  expect(same).toBe(first);
  expect(other).not.toBe(first);
});

test("it holds as many records and chains as were asked for, of three accounts", () => {
  expect([facts.chains, facts.byHops]).toEqual([150, [30, 30, 30, 30, 30]]);
  expect(Math.abs(facts.records - size.records)).toBeLessThan(30);
  expect(records.length).toBe(facts.records);
  expect(new Set(records.map((one) => text(one["eventID"]))).size).toBe(facts.distinct);
  expect(facts.duplicates).toBeGreaterThan(0);
  expect(new Set(records.map((one) => text(one["recipientAccountId"])))).toEqual(
    new Set(["111122223333", "444455556666", "777788889999"]),
  );
  expect(Math.min(...Object.values(facts.byOrigin))).toBeGreaterThan(0);
});

test("sessions are seen at work before the call that issued their credential", () => {
  expect(facts.childrenFirst).toBeGreaterThan(facts.sessions / 3);
  expect(facts.childrenFirst).toBeLessThan(facts.sessions);
});

test("a call across accounts is recorded twice: with its caller, and with the caller's account and id alone", () => {
  const copies = new Map<string, JsonObject[]>();
  for (const one of distinct()) {
    const shared = text(one["sharedEventID"]);
    if (shared) copies.set(shared, [...(copies.get(shared) ?? []), one]);
  }
  const pairs = [...copies.values()].filter((both) => both.length === 2);
  expect(pairs.length).toBe(facts.crossings);
  for (const pair of pairs) {
    const [owner] = pair.filter((one) => fields(one["userIdentity"])["type"] === "AWSAccount");
    const [caller] = pair.filter((one) => one !== owner);
    const { accountId, principalId } = fields(owner?.["userIdentity"]);
    const by = fields(caller?.["userIdentity"]);
    expect([accountId, principalId]).toEqual([by["accountId"], by["principalId"]]);
    expect([owner?.["responseElements"], owner?.["recipientAccountId"] === accountId]).toEqual([
      caller?.["responseElements"],
      false,
    ]);
  }
});

test("what is said to be true is what the records hold", () => {
  const issued = new Map<string, JsonObject>();
  for (const one of distinct()) {
    const key = text(fields(fields(one["responseElements"])["credentials"])["accessKeyId"]);
    if (key && fields(one["userIdentity"])["type"] !== "AWSAccount") issued.set(key, one);
  }
  expect(truths.length).toBe(150);
  for (const { key, hops, end } of truths) {
    let steps = 0;
    let by: JsonObject = {};
    for (let next: string | undefined = key; next !== undefined && issued.has(next); steps++) {
      by = fields(issued.get(next)?.["userIdentity"]);
      next = text(by["accessKeyId"]);
    }
    expect([steps, text(by["arn"]) || text(by["invokedBy"]) || text(by["principalId"])]).toEqual([hops, end]);
    expect(records.some((one) => text(fields(one["userIdentity"])["accessKeyId"]) === key)).toBe(true);
  }
});

test("the whole line resolves every chain, with one thread and with two", async () => {
  for (const workers of [1, 2]) {
    const { byOrigin } = await checkChains(directory, workers);
    for (const [origin, { chains, chained, rooted }] of byOrigin) {
      expect([origin, chained]).toEqual([origin, chains]);
      expect([origin, rooted]).toEqual([origin, chains]);
    }
  }
});

test("a chain whose first call is missing is not counted as resolved", async () => {
  const broken = join(scratch, "broken");
  await generateChains({ seed: 7, directory: broken, records: 400, chains: 10 });
  const [file = ""] = await logs(broken);
  await rm(file);
  const { byOrigin, wrong } = await checkChains(broken, 1);
  const right = [...byOrigin.values()].reduce((sum, one) => sum + one.chained, 0);
  expect(right).toBeLessThan(10);
  expect(wrong.length).toBeGreaterThan(0);
});

const distinct = (): readonly JsonObject[] => [
  ...new Map(records.map((one) => [`${text(one["eventID"])}`, one])).values(),
];

async function logs(below: string): Promise<readonly string[]> {
  const entries = await readdir(logsOf(below), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

async function recordsOf(file: string): Promise<readonly JsonObject[]> {
  const content: unknown = JSON.parse(gunzipSync(await readFile(file)).toString());
  return list(fields(content)["Records"]).map(fields);
}
