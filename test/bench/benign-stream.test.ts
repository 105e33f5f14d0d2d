import { beforeAll, describe, expect, test } from "vitest";
import { benignRun } from "../../bench/bench-benign.ts";
import { makePlatform, manifestsOf, type Worker } from "../../bench/benign-estate.ts";
import { benignStream, streamStart } from "../../bench/benign-stream.ts";
import type { BenignTally } from "../../bench/benign-tally.ts";
import { seededRandom } from "../../bench/corpus-random.ts";
import { fields, type JsonObject, text } from "../../core/event/json.ts";

const size = { days: 2, records: 5_000 } as const;

function streamed(seed: number, days: number = size.days): readonly string[] {
  const random = seededRandom(seed);
  const stream = benignStream(random, makePlatform(random), { ...size, days });
  return Array.from({ length: days }, (_, number) => [...stream.day(number)]).flat();
}

const recordsOf = (texts: readonly string[]): readonly JsonObject[] => texts.map((one) => fields(JSON.parse(one)));
const apiOf = (one: JsonObject): string => `${text(one["eventSource"]).split(".")[0]}:${text(one["eventName"])}`;

describe("the stream", () => {
  test("is the same for one seed and another for another, record by record", () => {
    expect(streamed(3)).toEqual(streamed(3));
    expect(streamed(4)).not.toEqual(streamed(3));
  });

  test("has about as many records as were asked for, each on its day and with an id of its own", () => {
    const records = recordsOf(streamed(1));
    expect(Math.abs(records.length - size.records)).toBeLessThan(size.records / 4);
    expect(new Set(records.map((one) => text(one["eventID"]))).size).toBe(records.length);
    const times = records.map((one) => Date.parse(text(one["eventTime"])));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(streamStart);
    expect(Math.max(...times)).toBeLessThan(streamStart + size.days * 86_400_000 + 3_600_000);
  });

  test("holds what such a platform does in two days", () => {
    const seen = new Set(recordsOf(streamed(1)).map(apiOf));
    const wanted = ["ec2:RunInstances", "ec2:CreateFleet", "ec2:TerminateInstances", "sagemaker:CreateTrainingJob"];
    wanted.push("sagemaker:UpdateEndpoint", "iam:PutRolePolicy", "iam:CreateRole", "secretsmanager:PutSecretValue");
    wanted.push("logs:DeleteLogGroup", "ssm:StartSession", "signin:ConsoleLogin", "sts:AssumeRoleWithWebIdentity");
    expect(wanted.filter((one) => !seen.has(one))).toEqual([]);
  });

  test("moves what may move to the second Region for two days, and nothing else", () => {
    const random = seededRandom(1);
    const workers = makePlatform(random);
    const stream = benignStream(random, workers, { days: 13, records: 13_000 });
    const days = Array.from({ length: 13 }, (_, number) => recordsOf([...stream.day(number)]));
    const away = (day: number): readonly JsonObject[] =>
      (days[day] ?? []).filter((one) => text(one["awsRegion"]) === "us-west-2");
    expect([away(10).length, away(11).length > 50, away(12).length > 50]).toEqual([0, true, true]);
    const movable = new Set(workers.filter(({ refuge }) => refuge !== undefined).map(({ role }) => role.id));
    const strangers = away(11).filter((one) => {
      const { type, principalId } = fields(one["userIdentity"]);
      return type === "AssumedRole" && !movable.has(text(principalId).split(":")[0] ?? "");
    });
    expect(strangers).toEqual([]);
  });
});

describe("the platform", () => {
  const workers: readonly Worker[] = makePlatform(seededRandom(1));

  test("declares at least a hundred workloads, each found by its role", () => {
    const registry = manifestsOf(workers);
    expect(registry.workloads.length).toBeGreaterThanOrEqual(100);
    const declared = workers.filter(({ trade }) => trade.declared === "declared").length;
    expect(registry.workloads.length).toBe(declared);
    expect(new Set(registry.workloads.map(({ status }) => status))).toEqual(new Set(["active"]));
  });
});

describe.each(["with", "without"] as const)("two ordinary days %s manifests", (manifests) => {
  let tally: BenignTally;
  beforeAll(async () => {
    tally = await benignRun({ seed: 1, ...size, manifests });
  }, 60_000);

  test("wake nobody and contain nothing", () => {
    expect([tally.pages, [...tally.pagedBy.keys()]]).toEqual([0, []]);
    expect([tally.contained, [...tally.containedBy.keys()]]).toEqual([0, []]);
  });

  test("report no ordinary act as medium or more, though they leave findings", () => {
    expect([...tally.loudBy]).toEqual([]);
    expect(tally.bySeverity.get("info")).toBeGreaterThan(0);
    expect(tally.cases).toBeGreaterThan(0);
  });
});

// A line that says nothing would pass everything above.
test("a call that the manifests were not told of is found on the same two days", async () => {
  const tally = await benignRun({ seed: 1, ...size, manifests: "with", forgotten: "sagemaker:CreateTrainingJob" });
  expect([...tally.loudBy.keys()].some((key) => key.startsWith("drift-"))).toBe(true);
}, 60_000);
