import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { since } from "../../cli/envelope-suggest.ts";
import { details, inline, roleDetail } from "../fixtures/account-details.ts";
import { manifest, ndjson, roleArn } from "../fixtures/incident.ts";
import { account, chain, eventId, fromLambda, record, region, session, sessionKey } from "../fixtures/records.ts";
import { cordon, folderWith, type Line } from "./replay-stage.ts";

const day = (number: number, over: Readonly<Record<string, unknown>> = {}) =>
  record({
    eventID: eventId(500 + number),
    eventTime: `2026-01-${String(number).padStart(2, "0")}T12:00:00Z`,
    ...over,
  } as never);
const bot = fromLambda()["userIdentity"];
const records = [
  ...[1, 15, 28].map((number) => ({
    ...day(number),
    eventSource: "bedrock.amazonaws.com",
    eventName: "InvokeModel",
    requestParameters: { modelId: "anthropic.claude-3-haiku-20240307-v1:0" },
    userIdentity: bot,
  })),
  { ...day(2), userIdentity: session("training", "job", sessionKey(77)) },
  {
    ...day(3),
    eventSource: "lambda.amazonaws.com",
    eventName: "CreateFunction20150331",
    userIdentity: session("deployer", "d", sessionKey(78)),
    requestParameters: { functionName: "support-bot", role: roleArn("bot"), tags: { owner: "team-records" } },
    responseElements: { functionArn: `arn:aws:lambda:${region}:${account}:function:support-bot`, role: roleArn("bot") },
  },
  ...chain(),
];
const iam = details({
  roles: [
    roleDetail("training", {
      RolePolicyList: [inline("wide", { Effect: "Allow", Action: ["s3:*", "iam:CreatePolicyVersion"], Resource: "*" })],
      Tags: [{ Key: "Owner", Value: "team-training" }],
    }),
  ],
});
const made = folderWith({
  "logs/a.ndjson": ndjson(records as never),
  "again/a.ndjson": ndjson(records.toReversed() as never),
  "again/b.ndjson": ndjson(records.slice(0, 3) as never),
  "iam.json": JSON.stringify(iam),
  "tf.json": JSON.stringify({
    values: {
      root_module: {
        resources: [
          { type: "aws_iam_role", address: "aws_iam_role.b", values: { arn: roleArn("b"), tags: { team: "team-tf" } } },
        ],
      },
    },
  }),
  "other.json": "{}",
  "empty/README.md": "",
  "declared/bot.yaml": manifest("declared-bot", "arn:aws:iam::111122223333:role/bot"),
});
const at = (name: string): string => join(made, name);
const fresh = (): string => mkdtempSync(join(tmpdir(), "cordon-suggest-"));
const none = ["--workloads", at("empty")];
const suggested = (...words: readonly string[]) => cordon("envelope", "suggest", ...words, ...none);
const lines = async (...words: readonly string[]): Promise<readonly Line[]> =>
  (await suggested("--json", ...words)).out.map((line) => JSON.parse(line));

describe("cordon envelope suggest", () => {
  it("writes one draft for each identity, the thin history first, and a table", async () => {
    const into = fresh();
    const { code, out, err } = await suggested("--all", at("logs"), "-o", into, "--account-state", at("iam.json"));
    expect(code).toBe(0);
    expect(readdirSync(into).sort()).toEqual([
      "a.yaml",
      "b.yaml",
      "deployer.yaml",
      "support-bot.yaml",
      "trainer.yaml",
      "training.yaml",
    ]);
    const [first, second] = readFileSync(join(into, "support-bot.yaml"), "utf8").split("\n");
    expect(first).toBe("# DRAFT from 31 days of history: will miss monthly jobs");
    expect(second).toMatch(/^# yaml-language-server: \$schema=.*workload\.schema\.json$/);
    expect(out[0]).toMatch(/^WORKLOAD +OWNER +IDENTITIES +CALLS +DAYS +STATEMENTS +UNUSED GRANTS/);
    expect(out.find((line) => line.startsWith("training"))).toMatch(
      /team-training .* 1 +1 +1\/30 +1 +\d+\/\d+, 1 way up$/,
    );
    expect(err.join("\n")).toContain("6 drafts from 8 records");
  });

  it("writes drafts that replay reads, that name nobody and that page nobody", async () => {
    const into = fresh();
    await suggested("--all", at("logs"), "-o", into);
    const words = [
      "replay",
      at("logs"),
      "--json",
      "--attributions",
      "--mode",
      "contain",
      "--workers",
      "1",
      "--workloads",
    ];
    const with_ = await cordon(...words, into);
    expect(with_.code).toBe(0);
    const promised = (all: readonly string[]) => all.map((line) => line.replace(/,"seconds":[^}]*/, ""));
    expect(promised(with_.out)).toEqual(promised((await cordon(...words, at("empty"))).out));
  });

  it("covers what was done: made active, no call lies outside", async () => {
    const into = fresh();
    await suggested("--all", at("logs"), "-o", into);
    for (const name of readdirSync(into)) {
      const text = readFileSync(join(into, name), "utf8");
      writeFileSync(join(into, name), text.replace("status: draft", "status: active"));
    }
    const { out } = await cordon("replay", at("logs"), "--json", "--attributions", "--workloads", into);
    const said = out.map((line) => JSON.parse(line) as Line);
    expect(said.filter(({ detector }) => detector === "drift-behaviour" || detector === "drift-near-miss")).toEqual([]);
    expect(JSON.stringify(said)).toContain('"id":"support-bot","declared":true');
  });

  it("says the same whatever the order and the duplicates", async () =>
    expect(await lines("--all", at("again"))).toEqual(await lines("--all", at("logs"))));

  it("draws from the time that was asked for, counted back from the last record", async () => {
    const found = await lines("--all", at("logs"), "--since", "4d");
    expect(found.map(({ workload, days }) => [workload, days])).toEqual([
      ["a", 1],
      ["b", 1],
      ["support-bot", 4],
      ["trainer", 1],
    ]);
    expect((await lines("--all", at("logs"), "--until", "2026-01-03")).map(({ workload }) => workload)).toEqual([
      "support-bot",
      "training",
    ]);
  });

  it("finds owners in IAM, in records and in files, each with its source", async () => {
    const found = await lines("--all", at("logs"), "--account-state", at("iam.json"), "--terraform", at("tf.json"));
    const owners = Object.fromEntries(
      found.map(({ workload, owner, ownerSource }) => [workload, [owner, ownerSource]]),
    );
    expect(owners).toMatchObject({
      training: ["team-training", `tag in IAM of ${roleArn("training")}, Owner`],
      "support-bot": ["team-records", expect.stringContaining("tag set by lambda:CreateFunction")],
      b: ["team-tf", `Terraform ${at("tf.json")}, aws_iam_role.b, team`],
      deployer: ["undeclared", "no tag, file or record names an owner"],
    });
  });

  it("prints one workload as YAML, asked for by its name, its role or its id", async () => {
    const byName = await suggested("training", at("logs"));
    expect(byName.out.join("\n")).toContain(`- roleArn: ${roleArn("training")}`);
    expect(byName.out.join("\n")).not.toContain("support-bot");
    expect((await suggested(roleArn("training"), at("logs"))).out).toEqual(byName.out);
    expect((await suggested(`role:${roleArn("training")}`, at("logs"))).out).toEqual(byName.out);
  });

  it("names the nearest where nothing of that name acted", async () => {
    const { code, err } = await suggested("trainig", at("logs"));
    expect(code).toBe(2);
    expect(err.join()).toContain('did you mean "training"?');
  });

  it("replaces drafts with --force only, anything else never, and then writes nothing at all", async () => {
    const into = fresh();
    await suggested("training", at("logs"), "-o", into);
    expect((await suggested("--all", at("logs"), "-o", into)).code).toBe(2);
    expect(readdirSync(into)).toEqual(["training.yaml"]);
    expect((await suggested("--all", at("logs"), "-o", into, "--force")).code).toBe(0);
    writeFileSync(join(into, "training.yaml"), "mine");
    expect((await suggested("--all", at("logs"), "-o", into, "--force")).code).toBe(2);
    expect(readFileSync(join(into, "training.yaml"), "utf8")).toBe("mine");
  });

  it("stands beside a manifest that is there, in the same folder", async () => {
    const into = fresh();
    await suggested("training", at("logs"), "-o", into);
    const file = join(into, "training.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("status: draft", "status: active"));
    const { code } = await cordon("envelope", "suggest", "training", at("logs"), "-o", into, "--workloads", into);
    expect(code).toBe(0);
    expect(readdirSync(into)).toEqual(["training.draft.yaml", "training.yaml"]);
    expect((await cordon("replay", at("logs"), "--workloads", into, "--quiet")).code).toBe(0);
  });

  it("exits with 3 where a file of owners cannot be read, with 2 without a workload or records", async () => {
    const { code, err } = await suggested(
      "--all",
      at("logs"),
      "--json",
      "--terraform",
      at("other.json"),
      "--kubernetes",
      at("absent"),
    );
    expect(code).toBe(3);
    expect(err.join("\n")).toContain("other.json: is not the output of terraform show -json");
    expect(err.join("\n")).toContain("absent: cannot be read (ENOENT)");
    expect((await suggested()).code).toBe(2);
    expect((await suggested("--all")).code).toBe(2);
    expect((await suggested("--all", at("logs"), "-o", "")).code).toBe(2);
  });

  it("draws the same from a store that was written with an active manifest, and says that another store does not know", async () => {
    const [plain, declared] = [join(fresh(), "s.sqlite"), join(fresh(), "s.sqlite")];
    await cordon("replay", at("logs"), "--store", plain, "--quiet", ...none);
    expect((await suggested("--all", "--store", plain)).err.join("\n")).toContain("does not know what was done");
    const manifests = ["--workloads", at("declared")];
    await cordon("replay", at("logs"), "--store", declared, "--quiet", ...manifests);
    const from = async (...words: readonly string[]) =>
      (await cordon("envelope", "suggest", "--all", "--json", ...words, ...manifests)).out;
    expect(await from("--store", declared)).toEqual(await from(at("logs")));
  });

  it("says that no record lies in a time", async () =>
    expect((await suggested("--all", at("logs"), "--since", "2027-01-01")).err.join("\n")).toContain(
      "no record lies in that time",
    ));
});

describe("--since", () => {
  it("takes a length or a time, and refuses anything else", () => {
    expect(since("30d")).toEqual({ kind: "last", seconds: 2_592_000 });
    expect(since("2026-01-01")).toEqual({ kind: "from", second: 1_767_225_600 });
    for (const wrong of ["", "30", "0d", "30y", "2026-02-30"]) expect(() => since(wrong)).toThrow();
  });
});
