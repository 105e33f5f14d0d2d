import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStore } from "../../adapters/local/sqlite.ts";
import { sqliteGrants } from "../../adapters/local/sqlite-grants.ts";
import { instant } from "../../core/event/instant.ts";
import { recordsOf } from "../fixtures/conduct.ts";
import { attributions, folderWith, ofType, promised, replayed } from "./replay-stage.ts";

const call = (service: string, eventName: string, requestParameters: object, over: object = {}) =>
  ({ eventSource: `${service}.amazonaws.com`, eventName, requestParameters, ...over }) as never;
const invoke = (over: object = {}) => call("bedrock", "InvokeModel", { modelId: "anthropic.claude-3" }, over);
const made = (begin: string) =>
  recordsOf({
    ...{ name: "", begin, role: "bot", workloads: [] },
    calls: [
      { record: invoke(), days: [0, 1, 2], times: 20 },
      { record: invoke({ awsRegion: "us-west-2" }), days: [1], times: 3 },
      { record: call("iam", "CreateUser", { userName: "eve" }), days: [1], times: 2 },
      { record: call("dynamodb", "Scan", { tableName: "t" }), days: [2] },
      { record: call("dynamodb", "Query", { tableName: "t" }, { errorCode: "AccessDenied" }), days: [2], times: 70 },
    ],
  });
const records = made("2026-11-18");
const log = (some: readonly unknown[]): string => JSON.stringify({ Records: some });
const manifest = `apiVersion: cordon/v1
kind: Workload
metadata: { name: bot, owner: team-bot }
spec:
  class: agent
  identifiedBy: [ { roleArn: arn:aws:iam::111122223333:role/bot } ]
  envelope:
    statements: [ { Effect: Allow, Action: "bedrock:*", Resource: "*" } ]
    regions: [us-east-1]
`;
const folder = folderWith({
  "all/one.json": log(records),
  ...Object.fromEntries(records.map((one, place) => [`many/${place}.json`, log([one])])),
  "halves/a/1.json": log(records.slice(0, 70)),
  "halves/b/2.json": log(records.slice(60)),
  "workloads/bot.yaml": manifest,
  "none/.keep": "",
});
const at = (name: string): string => join(folder, name);
const declared = ["--workloads", at("workloads")];
const fresh = (): string => join(folderWith({}), "store.sqlite");
const drift = (out: readonly string[]): readonly string[] =>
  out.filter((line) => /^\{"type":"finding".*"detector":"drift-(?:behaviour|near-miss|deny-storm)"/.test(line));

describe("cordon replay, of what a declared workload did", () => {
  it("finds every deviation of every day", async () => {
    const { lines } = await replayed(...declared, at("all"));
    const found = ofType(lines, "finding").filter(({ detector }) =>
      /^drift-(?:behav|near|deny)/.test(String(detector)),
    );
    expect(
      found
        .map(({ detector, severity, count, at: when, workload, audience }) =>
          [detector, severity, count, when, workload, audience].filter((one) => one !== undefined),
        )
        .sort(),
    ).toEqual(
      [
        ["drift-near-miss", "low", 3, "2026-11-19T12:00:00Z", "bot"],
        ["drift-behaviour", "high", 2, "2026-11-19T12:00:00Z", "bot"],
        ["drift-behaviour", "medium", 1, "2026-11-20T12:00:00Z", "bot"],
        ["drift-behaviour", "low", 70, "2026-11-20T12:00:00Z", "bot"],
        ["drift-deny-storm", "low", 70, "2026-11-20T12:00:00Z", "bot", "owner"],
      ].sort(),
    );
    expect(found.map(({ eventIDs }) => (eventIDs as unknown[]).length).sort()).toEqual([1, 2, 3, 50, 50]);
  });

  it("prints the same bytes from one file and from many, on one thread and on two", async () => {
    const one = promised((await replayed(...declared, at("all"))).out);
    expect(promised((await replayed(...declared, at("many"), "--workers", "2")).out)).toEqual(one);
    expect(promised((await replayed(...declared, at("many"))).out)).toEqual(one);
  });

  it("prints the same lines a second time into one store", async () => {
    const words = ["--attributions", "--store", fresh(), ...declared, at("all")];
    const [once, again] = [await replayed(...words), await replayed(...words)];
    expect(drift(once.out)).toHaveLength(5);
    expect(drift(again.out)).toEqual(drift(once.out));
    expect(attributions(again.out)).toEqual(attributions(once.out));
    expect(attributions(once.out)).toHaveLength(records.length);
  });

  it("says of files that come after each other what it says of all at once", async () => {
    const store = ["--store", fresh(), ...declared];
    await replayed(...store, at("halves/a"));
    const { out } = await replayed(...store, at("halves/b"));
    expect(drift(out)).toEqual(drift((await replayed(...declared, at("all"))).out));
  });

  it("knows what was done before the first manifest once the files are read again", async () => {
    const file = fresh();
    const bare = await replayed("--attributions", "--store", file, "--workloads", at("none"), at("all"));
    expect(drift(bare.out)).toEqual([]);
    const again = await replayed("--attributions", "--store", file, ...declared, at("all"));
    expect(drift(again.out)).toEqual(drift((await replayed(...declared, at("all"))).out));
    const without = await replayed("--attributions", "--store", file, "--workloads", at("none"), at("all"));
    expect(attributions(without.out)).toEqual(attributions(bare.out));
  });

  it("counts grants that were approved at run time", async () => {
    const file = fresh();
    const store = openStore(file);
    await sqliteGrants(store).put({
      ...{ schema: 1, workload: "bot", id: "scan", approvedBy: "security-lead@example.com" },
      statements: [{ Effect: "Allow", Action: "dynamodb:Scan", Resource: "*" }],
      from: instant(Date.parse("2026-11-20T00:00:00Z")),
      until: instant(Date.parse("2026-11-21T00:00:00Z")),
    });
    store.close();
    const { out } = await replayed("--store", file, ...declared, at("all"));
    expect(drift(out)).toHaveLength(4);
    expect(out.some((line) => line.includes("dynamodb:Scan"))).toBe(false);
  });
});
