import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PullOptions } from "../../cli/pull.ts";
import { account, awsError, fakeBucket, logFile, logKey } from "../adapters/aws/fake-aws.ts";
import { bucketUrl, keys, objects, stage as pullStage, type Staged } from "./pull-stage.ts";

let base = "";
let output = "";
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "cordon-cli-pull-"));
  output = join(base, "pulled");
});
afterEach(() => rmSync(base, { recursive: true, force: true }));
const stage = (staged: Staged) => {
  const set = pullStage(staged);
  return { ...set, run: (options: Partial<PullOptions>) => set.run({ output, ...options }) };
};

describe("cordon pull --bucket", () => {
  test("says rights, account, Region, objects, size and time before it asks, and fetches after a yes", async () => {
    const s = stage({ answer: "y" });
    expect(await s.run(bucketUrl)).toBe(0);
    const bytes = [...objects().values()].reduce((sum, { length }) => sum + length, 0);
    expect(s.err).toEqual([
      "cordon pull only reads. It uses these rights, and no other:",
      "  sts:GetCallerIdentity  to say whose account this is; nobody needs a right for it",
      "  s3:ListBucket          arn:aws:s3:::acme-trail, to find and count the log files",
      "  s3:GetObject           arn:aws:s3:::acme-trail/AWSLogs/*, to fetch the log files",
      "  kms:Decrypt            the key of the trail, if it has one",
      `account   ${account}, Region eu-west-1, as arn:aws:iam::${account}:user/reader`,
      `objects   5 objects, ${bytes} B of 1 account in 1 Region, day 2026/11/20 (5 list requests)`,
      `to fetch  5 objects, ${bytes} B`,
      "time      about 1 s, assuming 40 objects and 5 MB a second",
    ]);
    expect(s.asked).toEqual([`Fetch 5 objects into ${output}? y/N`]);
    expect(s.out).toEqual(["5 objects fetched, 0 here before", `next: cordon replay ${output}`]);
    expect(s.bars).toEqual([{ total: bytes, done: bytes, ended: true }]);
    for (const key of keys) expect(readFileSync(join(output, key))).toEqual(objects().get(key));
  });

  test("fetches no object and leaves nothing behind after anything but a yes", async () => {
    for (const answer of ["", "n", "yesterday"]) {
      const s = stage({ answer });
      expect(await s.run(bucketUrl)).toBe(0);
      expect(s.bucket.gets()).toEqual([]);
      expect(s.err.at(-1)).toBe("nothing was fetched");
      expect(existsSync(output)).toBe(false);
    }
  });

  test("without a terminal and without --yes, announces, fetches nothing and exits with 2", async () => {
    const s = stage({});
    expect(await s.run(bucketUrl)).toBe(2);
    expect(s.bucket.gets()).toEqual([]);
    expect(s.err.at(-1)).toContain("add --yes");
    expect(s.err.join("\n")).toContain("to fetch  5 objects");
  });

  test("stopped in the middle it exits with 130, and run again it fetches only the rest", async () => {
    const first = stage({ patience: 2 });
    expect(await first.run({ ...bucketUrl, yes: true })).toBe(130);
    expect(first.err.at(-1)).toContain("run the same command again to go on");
    const here = first.bucket.gets();
    const second = stage({});
    expect(await second.run({ ...bucketUrl, yes: true })).toBe(0);
    expect([...here, ...second.bucket.gets()].sort()).toEqual(keys);
    const third = stage({});
    expect(await third.run(bucketUrl)).toBe(0);
    expect(third.out[0]).toContain("every object of that time is here");
    expect(third.asked).toEqual([]);
  });

  test("given a trail with nothing in that time, says so and exits with 0", async () => {
    const old = new Map([[logKey("2026/01/01", "0210", "Aa00000000000000"), logFile("x")]]);
    const s = stage({ bucket: fakeBucket(old) });
    expect(await s.run({ ...bucketUrl, yes: true })).toBe(0);
    expect(s.err).toContain("to fetch  0 objects, 0 B");
    expect(existsSync(output)).toBe(false);
  });

  test("given a bucket that holds no trail, says where to look and exits with 2", async () => {
    const s = stage({ bucket: fakeBucket(new Map([["photos/cat.jpg", logFile("x")]])) });
    expect(await s.run({ ...bucketUrl, yes: true })).toBe(2);
    expect(s.err.at(-1)).toContain("aws cloudtrail describe-trails");
  });

  test("never writes what a hostile key names, and shows the key escaped", async () => {
    const hostile = `AWSLogs/${account}/CloudTrail/eu-west-1/2026/11/20/../../../../../../../\u001b[2Jevil.json.gz`;
    const s = stage({ bucket: fakeBucket(objects().set(hostile, logFile("x"))) });
    expect(await s.run({ ...bucketUrl, yes: true })).toBe(0);
    expect(readdirSync(base)).toEqual(["pulled"]);
    const refusal = s.err.find((line) => line.startsWith("refused")) ?? "";
    expect(refusal).toContain("refused   1 key that CloudTrail does not write");
    expect(refusal).toContain("\\u{1b}[2Jevil");
    expect([...s.err, ...s.out].join("")).not.toContain("\u001b");
  });

  test("given an object that vanished meanwhile, fetches the rest and exits with 3", async () => {
    const all = objects();
    const fake = fakeBucket(all, ({ name }) => {
      if (name === "GetObjectCommand") all.delete(keys[4] ?? "");
    });
    const s = stage({ bucket: fake });
    expect(await s.run({ ...bucketUrl, yes: true })).toBe(3);
    expect(s.out[0]).toBe("4 objects fetched, 0 here before, 1 missed (run again)");
  });

  test("denied, it names the missing right and exits with 2, and what was fetched stays", async () => {
    let reads = 0;
    const fake = fakeBucket(objects(), ({ name }) => {
      if (name === "GetObjectCommand") reads += 1;
      if (reads > 2) throw awsError("AccessDenied", "not authorized to perform: s3:GetObject", 403);
    });
    const s = stage({ bucket: fake });
    expect(await s.run({ ...bucketUrl, yes: true })).toBe(2);
    expect(s.err.at(-1)).toContain("The right s3:GetObject on arn:aws:s3:::acme-trail/AWSLogs/* is missing");
    const second = stage({});
    expect(await second.run({ ...bucketUrl, yes: true })).toBe(0);
    expect(second.bucket.gets()).toHaveLength(3);
  });

  test("throttled for good, it exits with 3 and says to come back", async () => {
    const fake = fakeBucket(objects(), () => {
      throw awsError("SlowDown", "Please reduce your request rate.", 503);
    });
    const s = stage({ bucket: fake });
    expect(await s.run({ ...bucketUrl, yes: true })).toBe(3);
    expect(s.err.at(-1)).toContain("run the same command later");
  });
});

describe("cordon pull --lookup", () => {
  const pulledRecords = () =>
    readdirSync(output, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".json.gz") && statSync(join(output, name)).isFile())
      .flatMap((name) =>
        gunzipSync(readFileSync(join(output, name)))
          .toString()
          .trimEnd()
          .split("\n"),
      )
      .map((line) => JSON.parse(line).eventID);

  test("says rights, pace and what it cannot see before it asks, and writes records one a line", async () => {
    const s = stage({ answer: "yes" });
    expect(await s.run({})).toBe(0);
    expect(s.err).toEqual([
      "cordon pull only reads. It uses these rights, and no other:",
      "  sts:GetCallerIdentity    to say whose account this is; nobody needs a right for it",
      "  cloudtrail:LookupEvents  *, to read the management events of the last 90 days",
      `account   ${account}, Region eu-west-1, as arn:aws:iam::${account}:user/reader`,
      "hours     4 hours of history, 0 complete already; LookupEvents does not say how many records they hold",
      "time      at least 2 s (4 requests a Region, 2 a second); a busy account takes 1 min for 6,000 records",
      "not seen  data events (S3 objects, Lambda invocations), network and Insights events; other accounts; other Regions than eu-west-1",
      "          IAM and other global services are recorded in one Region of the partition (commercial: us-east-1); name it with --region",
    ]);
    expect(s.asked).toEqual([`Fetch 4 hours of history into ${output}? y/N`]);
    expect(s.out[0]).toBe(
      "1 record fetched with 4 requests, 0 hours here before; 1 hour may still grow and will be read again next time",
    );
    expect(pulledRecords()).toEqual(["id-0"]);
    expect(s.bars[0]?.done).toBe(s.bars[0]?.total);
  });

  test("asks every Region named", async () => {
    const s = stage({});
    expect(await s.run({ lookup: true, region: ["eu-west-1", "us-gov-west-1"], yes: true })).toBe(0);
    expect(s.history.sent).toHaveLength(8);
  });

  test("says that older history is cut", async () => {
    const s = stage({});
    await s.run({ since: "100d" });
    expect(s.err.join("\n")).toContain("reaches back 90 days; for what is older use --bucket");
  });

  test("stopped in the middle it exits with 130, and run again it goes on without a second copy", async () => {
    const first = stage({ patience: 3 });
    expect(await first.run({ yes: true })).toBe(130);
    const second = stage({});
    expect(await second.run({ yes: true })).toBe(0);
    expect(pulledRecords()).toEqual(["id-0"]);
  });
});
