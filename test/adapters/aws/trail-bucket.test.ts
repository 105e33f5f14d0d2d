import { describe, expect, test } from "vitest";
import { listTrail, type TrailBucket, trailReader } from "../../../adapters/aws/trail-bucket.ts";
import { parsePlace } from "../../../core/flow/pull/trail-layout.ts";
import { account, at, awsError, fakeBucket, logFile, logKey, virtualTime } from "./fake-aws.ts";

const time = virtualTime(at("2026-11-20T12:00:00Z"));
const wanted = { days: ["2026/11/19", "2026/11/20"], since: at("2026-11-19T12:00:00Z"), accounts: [], regions: [] };

function bucketWith(fake: ReturnType<typeof fakeBucket>, url = "s3://acme-trail"): TrailBucket {
  const parsed = parsePlace(url);
  if (!parsed.ok) throw new Error(parsed.because);
  return { client: fake.client, place: parsed.place, partition: "aws", sleep: time.sleep };
}

const filled = (...keys: readonly string[]) => new Map(keys.map((key) => [key, logFile(key)]));
const inside = logKey("2026/11/20", "0210", "Aa00000000000001");

describe("listing a trail", () => {
  test("follows every page and lists only the folders of the days asked for", async () => {
    const keys = Array.from({ length: 7 }, (_, n) => logKey("2026/11/20", "0210", `Aa0000000000000${n}`));
    const fake = fakeBucket(filled(...keys, logKey("2026/11/17", "0210", "Aa00000000000009")));
    const listing = await listTrail(bucketWith(fake), wanted);
    expect(listing.objects.map(({ key }) => key).sort()).toEqual(keys);
    const prefixes = fake.sent
      .filter(({ input }) => input["Delimiter"] === undefined)
      .map(({ input }) => input["Prefix"]);
    expect(new Set(prefixes)).toEqual(
      new Set(["2026/11/19/", "2026/11/20/"].map((day) => `AWSLogs/${account}/CloudTrail/eu-west-1/${day}`)),
    );
    expect(listing.requests).toBe(fake.sent.length);
  });

  test("finds accounts and Regions by their folders, below an organisation too, and under a prefix", async () => {
    const own = logKey("2026/11/20", "0210", "Aa00000000000001");
    const member = logKey("2026/11/20", "0215", "Aa00000000000002", "us-gov-west-1", "444455556666");
    const below = `logs/${member.replace("AWSLogs/", "AWSLogs/o-exampleorgid/")}`;
    const fake = fakeBucket(
      filled(`logs/${own}`, below, "logs/AWSLogs/vpcflowlogs/x", `logs/AWSLogs/${account}/Config/y`),
    );
    const listing = await listTrail(bucketWith(fake, "s3://acme-trail/logs"), wanted);
    expect(listing.accounts).toEqual([account, "444455556666"]);
    expect(listing.regions).toEqual(["eu-west-1", "us-gov-west-1"]);
    expect(listing.objects.map(({ path }) => path)).toEqual([own, below.slice("logs/".length)]);
  });

  test("keeps to the accounts and Regions asked for", async () => {
    const other = logKey("2026/11/20", "0210", "Aa00000000000002", "eu-west-2");
    const fake = fakeBucket(
      filled(inside, other, logKey("2026/11/20", "0210", "Aa00000000000003", "eu-west-1", "444455556666")),
    );
    const listing = await listTrail(bucketWith(fake), { ...wanted, accounts: [account], regions: ["eu-west-1"] });
    expect(listing.objects.map(({ key }) => key)).toEqual([inside]);
  });

  test("leaves out files delivered before the time asked for, and keeps the next quarter of an hour's doubt", async () => {
    const early = logKey("2026/11/19", "1130", "Aa00000000000001");
    const near = logKey("2026/11/19", "1150", "Aa00000000000002");
    const listing = await listTrail(bucketWith(fakeBucket(filled(early, near))), wanted);
    expect(listing.objects.map(({ key }) => key)).toEqual([near]);
  });

  test("refuses keys that are not CloudTrail's and names them", async () => {
    const folder = `AWSLogs/${account}/CloudTrail/eu-west-1/2026/11/20/`;
    const hostile = [
      "../../../../../../etc/passwd",
      "..",
      "a/b.json.gz",
      "con",
      "x\u202e.json.gz",
      "evil.json.gz",
      "\\..\\x",
    ];
    const fake = fakeBucket(filled(folder, inside, ...hostile.map((name) => `${folder}${name}`)));
    fake.sent.length = 0;
    const listing = await listTrail(bucketWith(fake), wanted);
    expect(listing.objects.map(({ key }) => key)).toEqual([inside]);
    expect(new Set(listing.refused)).toEqual(new Set([folder, ...hostile.map((name) => `${folder}${name}`)]));
  });

  test("passes over the empty object that shows a folder", async () => {
    const objects = filled(inside).set(`AWSLogs/${account}/CloudTrail/eu-west-1/2026/11/20/`, new Uint8Array());
    const listing = await listTrail(bucketWith(fakeBucket(objects)), wanted);
    expect(listing.refused).toEqual([]);
  });

  test("waits longer and longer while S3 says to slow down", async () => {
    let refusals = 3;
    const fake = fakeBucket(filled(inside), () => {
      refusals -= 1;
      if (refusals >= 0) throw awsError("SlowDown", "Please reduce your request rate.", 503);
    });
    const own = virtualTime(at("2026-11-20T12:00:00Z"));
    const listing = await listTrail({ ...bucketWith(fake), sleep: own.sleep }, wanted);
    expect(listing.objects).toHaveLength(1);
    expect(own.slept).toEqual([500, 1000, 2000]);
  });

  test("gives up on throttling after eight requests and says to come back", async () => {
    const fake = fakeBucket(filled(inside), () => {
      throw awsError("SlowDown", "Please reduce your request rate.", 503);
    });
    await expect(listTrail(bucketWith(fake), wanted)).rejects.toMatchObject({ code: "throttled" });
    expect(fake.sent).toHaveLength(8);
  });

  test("given a denied listing, names the right and the bucket", async () => {
    const fake = fakeBucket(filled(inside), () => {
      throw awsError("AccessDenied", "User is not authorized to perform: s3:ListBucket", 403);
    });
    const failed = listTrail(bucketWith(fake), wanted);
    await expect(failed).rejects.toMatchObject({ code: "denied" });
    await expect(failed).rejects.toThrow("The right s3:ListBucket on arn:aws:s3:::acme-trail is missing");
    expect(fake.sent).toHaveLength(1);
  });
});

describe("reading an object", () => {
  const object = { key: inside, path: inside, account, region: "eu-west-1", size: 1, etag: '"00"' };

  test("asks only for the version that was listed", async () => {
    const fake = fakeBucket(filled(inside));
    await expect(trailReader(bucketWith(fake)).read(object)).rejects.toMatchObject({ code: "conflict" });
    expect(fake.sent[0]?.input).toMatchObject({ Bucket: "acme-trail", Key: inside, IfMatch: '"00"' });
  });

  test("given a key that may not be used, names kms:Decrypt and not s3:GetObject", async () => {
    const fake = fakeBucket(filled(inside), () => {
      throw awsError("AccessDenied", "User: x is not authorized to perform: kms:Decrypt on the resource", 403);
    });
    await expect(trailReader(bucketWith(fake)).read(object)).rejects.toThrow(
      "The right kms:Decrypt on the key of the trail",
    );
  });

  test("given a bug of ours, lets it through as it is", async () => {
    const bug = new TypeError("x is not a function");
    const fake = fakeBucket(filled(inside), () => {
      throw bug;
    });
    await expect(trailReader(bucketWith(fake)).read(object)).rejects.toBe(bug);
  });
});
