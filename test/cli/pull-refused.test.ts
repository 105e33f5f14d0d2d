import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type PullOptions, pullCommand } from "../../cli/pull.ts";
import { account, awsError, fakeBucket, fakeCaller } from "../adapters/aws/fake-aws.ts";
import { bucketUrl, objects, stage as pullStage, type Staged } from "./pull-stage.ts";

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

describe("cordon pull without credentials", () => {
  const nobody = () =>
    fakeCaller(() => {
      throw awsError("CredentialsProviderError", "Could not load credentials from any providers");
    });

  test("prints the line of aws s3 sync instead, alone on standard output, and exits with 2", async () => {
    const s = stage({ caller: nobody() });
    expect(await s.run({ ...bucketUrl, since: "24h", output: "pulled" })).toBe(2);
    expect(s.out).toEqual([
      "aws s3 sync s3://acme-trail/AWSLogs/ pulled/AWSLogs/ --exclude '*' --include '*CloudTrail/*/2026/11/19/*' --include '*CloudTrail/*/2026/11/20/*'",
    ]);
    expect(s.err.join("\n")).toContain("no credentials that AWS accepts");
    expect(s.bucket.sent).toEqual([]);
  });

  test("narrows that line to what the URL named, and quotes for the shell", async () => {
    const s = stage({ caller: nobody() });
    const url = `s3://acme-trail/it's ours/AWSLogs/o-exampleorgid/${account}/CloudTrail/eu-west-1/`;
    await s.run({ bucket: url, output: "my files" });
    const path = `AWSLogs/o-exampleorgid/${account}/CloudTrail/eu-west-1/`;
    expect(s.out).toEqual([
      `aws s3 sync 's3://acme-trail/it'\\''s ours/${path}' 'my files/${path}' --exclude '*' --include '2026/11/20/*'`,
    ]);
  });

  test("prints the line of aws cloudtrail lookup-events instead", async () => {
    const s = stage({ caller: nobody() });
    expect(await s.run({ lookup: true, output: "pulled" })).toBe(2);
    expect(s.out).toEqual([
      "mkdir -p pulled",
      "aws cloudtrail lookup-events --region eu-west-1 --start-time 2026-11-20T01:30:00Z --end-time 2026-11-20T04:30:00Z --output json > pulled/lookup-eu-west-1.json",
    ]);
  });

  test("and without a Region sends nothing at all and says what to set", async () => {
    const s = stage({ region: undefined });
    expect(await s.run(bucketUrl)).toBe(2);
    expect(s.err[0]).toContain("give --region, or set AWS_REGION");
    expect(s.calls()).toBe(0);
  });
});

describe("wrong usage of cordon pull", () => {
  test.each([
    [{ since: "yesterday" }, "--since yesterday is not a time in the past"],
    [{ bucket: "acme-trail" }, "write s3://bucket"],
    [{ lookup: true as const, ...bucketUrl }, "exclude each other"],
    [{ region: ["mars"] }, "--region mars"],
    [{ ...bucketUrl, account: ["1"] }, "twelve digits"],
    [{ account: [account] }, "--account needs --bucket"],
  ])("%j is refused before anything is sent", async (options, because) => {
    const s = stage({});
    expect(await s.run({ ...options, yes: true })).toBe(2);
    expect(s.err).toHaveLength(1);
    expect(s.err[0]).toContain(because);
    expect(s.calls()).toBe(0);
  });

  test("a second pull into the same folder is refused with 4", async () => {
    const s = stage({});
    let inner: number | undefined;
    const busy = fakeBucket(objects());
    const client = {
      send: async (command: never): Promise<never> => {
        inner ??= await s.run({ ...bucketUrl, yes: true });
        return busy.client.send(command) as Promise<never>;
      },
    };
    const waiting = stage({ bucket: { ...busy, client } });
    expect(await waiting.run({ ...bucketUrl, yes: true })).toBe(0);
    expect(inner).toBe(4);
    expect(s.err.at(-1)).toContain("another cordon pull");
  });
});

test("the help names every flag of the contract", () => {
  const help = pullCommand(
    { out: () => {}, err: () => {}, interactive: false, columns: 100 },
    () => {},
  ).helpInformation();
  for (const flag of ["--since", "--bucket", "--lookup", "-o, --output", "--yes", "--region"])
    expect(help).toContain(flag);
});
