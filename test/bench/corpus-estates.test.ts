import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { driftKinds } from "../../bench/corpus-drift.ts";
import {
  daysInAll,
  type EstateTruth,
  firstDay,
  generateEstate,
  learntDays,
  logsOf,
  truthOf,
} from "../../bench/corpus-estates.ts";
import { fields, type JsonObject, list, text } from "../../core/event/json.ts";

const size = { accounts: 5, workloads: 100, callsADay: 6 } as const;
let scratch: string;
let directory: string;
let records: readonly JsonObject[];
let truths: readonly EstateTruth[];

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "cordon-estate-"));
  directory = join(scratch, "estate");
  await generateEstate({ seed: 7, directory, ...size });
  records = (await Promise.all((await logs(directory)).map(recordsOf))).flat();
  truths = (await readFile(truthOf(directory), "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as EstateTruth);
});

afterAll(() => rm(scratch, { recursive: true, force: true }));

test("the same seed gives the same bytes, another seed gives others", async () => {
  const print = async (seed: number): Promise<string> => {
    const again = await mkdtemp(join(scratch, "again-"));
    await generateEstate({ seed, directory: again, accounts: 2, workloads: 10, callsADay: 2 });
    const hash = createHash("sha256").update(await readFile(truthOf(again)));
    for (const file of await logs(again)) hash.update(file.slice(again.length)).update(await readFile(file));
    return hash.digest("hex");
  };
  const [first, same, other] = [await print(3), await print(3), await print(4)];
  expect(same).toBe(first);
  expect(other).not.toBe(first);
});

test("it holds every kind of drift, all of it in the last week and none anywhere else", () => {
  const drifts = truths.flatMap(({ drift }) => drift ?? []);
  expect(new Set(drifts.map(({ kind }) => kind))).toEqual(new Set(driftKinds));
  const byId = new Map(records.map((one) => [text(one["eventID"]), one]));
  for (const { kind, eventIDs } of drifts) {
    expect(eventIDs.length, kind).toBeGreaterThan(0);
    for (const id of eventIDs) {
      const at = Date.parse(text(byId.get(id)?.["eventTime"]));
      expect(at, kind).toBeGreaterThanOrEqual(firstDay + learntDays * 86_400_000);
    }
  }
});

test("each workload is one role of one account, at work on every day of the month", () => {
  expect(truths).toHaveLength(size.workloads);
  expect(new Set(truths.map(({ role }) => role.split(":")[4])).size).toBe(size.accounts);
  const daysOf = Map.groupBy(records, (one) => issuerOf(one));
  for (const { role } of truths) {
    const days = new Set((daysOf.get(role) ?? []).map((one) => text(one["eventTime"]).slice(0, 10)));
    expect(days.size, role).toBe(daysInAll);
  }
});

const issuerOf = (record: JsonObject): string =>
  text(fields(fields(fields(record["userIdentity"])["sessionContext"])["sessionIssuer"])["arn"]);

const logs = async (from: string): Promise<readonly string[]> =>
  (await readdir(logsOf(from), { recursive: true, withFileTypes: true }))
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name))
    .sort();

const recordsOf = async (file: string): Promise<readonly JsonObject[]> =>
  list(fields(JSON.parse(gunzipSync(await readFile(file)).toString("utf8")))["Records"]).map(fields);
