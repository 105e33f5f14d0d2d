import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { readHead } from "../../core/event/head.ts";
import { fields, type JsonObject, list, text } from "../../core/event/json.ts";
import { principalOf } from "../../core/event/user-identity.ts";
import { makeSample } from "../../scripts/make-sample.ts";
import { madeKey } from "../../scripts/sample-incident.ts";

const folder = resolve(import.meta.dirname, "../../examples/sample");
const made = makeSample();

interface Found {
  readonly file: string;
  readonly record: JsonObject;
}

let paths: readonly string[];
let found: readonly Found[];
let lines: readonly string[];

beforeAll(async () => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const logs = paths.filter((path) => path.endsWith(".json.gz"));
  found = (await Promise.all(logs.map(recordsOf))).flat();
  lines = (await readFile(join(folder, "events.ndjson"), "utf8")).trimEnd().split("\n");
});

test("what is committed is what the script makes, file by file", async () => {
  expect(paths.toSorted()).toEqual([...made.files.map(({ path }) => path), "events.ndjson"].toSorted());
  for (const { path, text: wanted } of made.files)
    expect(gunzipSync(await readFile(join(folder, path))).toString() === wanted, path).toBe(true);
  expect(lines).toEqual(made.envelopes);
});

test("it is small, and made of one account's hour in two Regions", async () => {
  const sizes = await Promise.all(paths.map(async (path) => (await stat(join(folder, path))).size));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(400_000);
  for (const { record } of found) {
    expect(record["recipientAccountId"]).toBe("111122223333");
    expect(["us-east-1", "us-west-2"]).toContain(record["awsRegion"]);
    expect(
      text(record["eventTime"]) >= "2026-11-20T02:00:00Z" && text(record["eventTime"]) < "2026-11-20T03:05:00Z",
    ).toBe(true);
  }
});

test("the counts are true: ordinary, incident, repeated", () => {
  const { ordinary, incident, repeated, streamed, notices } = made.facts;
  const distinct = new Set(found.map(({ record }) => record["eventID"]));
  expect(ordinary).toBe(3_412);
  expect(distinct.size).toBe(ordinary + incident);
  expect(found.length - distinct.size).toBe(repeated);
  expect(repeated).toBeGreaterThan(3);
  expect(lines.length).toBe(streamed + notices);
  expect(streamed).toBe(6);
});

test("the product reads every record and files every envelope", () => {
  for (const { record } of found) {
    expect(readHead(record)).toMatchObject({ kind: "read", head: { guessed: false } });
    expect(principalOf(fields(record["userIdentity"])).kind).not.toBe("unknown");
  }
  for (const line of lines) expect(readHead(JSON.parse(line))).toMatchObject({ kind: "read" });
});

test("an envelope's record is the file's record, to the letter", () => {
  const calls = lines
    .map((line) => fields(JSON.parse(line)))
    .filter((one) => text(one["detail-type"]).endsWith("via CloudTrail"));
  expect(calls.length).toBe(made.facts.streamed);
  for (const { detail } of calls)
    expect(found.some(({ record }) => JSON.stringify(record) === JSON.stringify(detail))).toBe(true);
});

test("nothing in it is anybody's: private or documentation addresses, example keys, no secret key", () => {
  for (const { record } of found) {
    expect(text(record["sourceIPAddress"])).toMatch(/^(10\.0\.40\.\d+|192\.0\.2\.\d+|[a-z0-9-]+\.amazonaws\.com)$/);
    const key = text(fields(record["userIdentity"])["accessKeyId"]);
    if (key) expect(key).toMatch(/^ASIA[A-Z2-7]{9}EXAMPLE$/);
    expect(JSON.stringify(record)).not.toContain("secretAccessKey");
  }
});

test("the incident is told in order, by one session, at its times", () => {
  const told = distinctRecords().filter((record) => keyOf(record) === keyOf(launch()) && record["readOnly"] === false);
  expect(
    told.map((record) => [text(record["eventTime"]).slice(11, 19), record["eventName"], record["awsRegion"]]),
  ).toEqual([
    ["02:45:12", "RunInstances", "us-west-2"],
    ["02:45:40", "PutRolePolicy", "us-east-1"],
    ["02:46:20", "CreateAccessKey", "us-east-1"],
    ["02:46:50", "StopLogging", "us-east-1"],
    ["02:47:01", "RunInstances", "us-west-2"],
  ]);
  const [, widened, key, , refused] = told;
  expect(text(fields(widened?.["requestParameters"])["policyDocument"])).toContain('"Action":"*","Resource":"*"');
  expect(fields(fields(key?.["responseElements"])["accessKey"])["accessKeyId"]).toBe(madeKey);
  expect(refused?.["errorCode"]).toBe("Client.VcpuLimitExceeded");
  const started = list(fields(fields(launch()["responseElements"])["instancesSet"])["items"]).map(fields);
  expect(started.map((one) => one["instanceType"])).toEqual(Array.from({ length: 4 }, () => "p5.48xlarge"));
});

test("the chain is joined by issued keys, from the launch to the pod's service account", () => {
  const taken = issuingOf(keyOf(launch()));
  expect(taken["eventName"]).toBe("AssumeRole");
  expect(text(fields(taken["requestParameters"])["roleArn"])).toBe("arn:aws:iam::111122223333:role/gpu-launcher");
  const began = issuingOf(keyOf(taken));
  expect(began["eventName"]).toBe("AssumeRoleWithWebIdentity");
  expect(fields(began["responseElements"])["subjectFromWebIdentityToken"]).toBe("system:serviceaccount:ml:train-orch");
});

test("the call that issued the launcher's session comes in a later file than the session's first calls", () => {
  const stampOf = (id: unknown): string =>
    /_(\d{8}T\d{4})Z_/.exec(found.find(({ record }) => record["eventID"] === id)?.file ?? "")?.[1] ?? "";
  const issued = stampOf(issuingOf(keyOf(launch()))["eventID"]);
  expect(issued > stampOf(launch()["eventID"])).toBe(true);
});

test("ordinary traffic stays inside the declared envelopes", () => {
  const ordinary = distinctRecords().filter((record) => keyOf(record) !== keyOf(launch()));
  const declared = new Set([
    "support-bot",
    "train-orch",
    "gpu-launcher",
    "nightly-eval",
    "github-deploy",
    "rag-index-task",
  ]);
  const roleOf = (record: JsonObject): string =>
    text(fields(fields(fields(record["userIdentity"])["sessionContext"])["sessionIssuer"])["userName"]);
  const byDeclared = ordinary.filter((record) => declared.has(roleOf(record)));
  expect(new Set(byDeclared.map(roleOf))).toEqual(declared);
  expect(new Set(byDeclared.map((record) => record["awsRegion"]))).toEqual(new Set(["us-east-1"]));
  const bot = ordinary.filter((record) => roleOf(record) === "support-bot");
  expect(new Set(bot.map((record) => record["eventName"]))).toEqual(
    new Set(["InvokeModel", "InvokeModelWithResponseStream", "GetSecretValue"]),
  );
  const writes = ordinary.filter((record) => record["readOnly"] === false).map((record) => record["eventName"]);
  expect(new Set(writes)).toEqual(
    new Set(["RunInstances", "UpdateFunctionCode20150331v2", "PublishVersion20150331", "UpdateAlias20150331"]),
  );
});

const keyOf = (record: JsonObject): string => text(fields(record["userIdentity"])["accessKeyId"]);

const distinctRecords = (): readonly JsonObject[] =>
  [...new Map(found.map(({ record }) => [record["eventID"], record])).values()].toSorted((a, b) =>
    text(a["eventTime"]) < text(b["eventTime"]) ? -1 : 1,
  );

const launch = (): JsonObject =>
  one((record) => record["eventName"] === "RunInstances" && text(record["eventTime"]) === "2026-11-20T02:45:12Z");

const issuingOf = (key: string): JsonObject =>
  one((record) => fields(fields(record["responseElements"])["credentials"])["accessKeyId"] === key);

function one(wanted: (record: JsonObject) => boolean): JsonObject {
  const record = found.find((each) => wanted(each.record))?.record;
  if (record === undefined) throw new Error("the sample has no such record; run scripts/make-sample.ts");
  return record;
}

async function recordsOf(file: string): Promise<readonly Found[]> {
  const content: unknown = JSON.parse(gunzipSync(await readFile(join(folder, file))).toString());
  return list(fields(content)["Records"]).map((record) => ({ file, record: fields(record) }));
}
