import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { details, managedPolicy, roleDetail } from "../fixtures/account-details.ts";
import { ndjson } from "../fixtures/incident.ts";
import { organizationFile } from "../fixtures/organization.ts";
import { account, eventId, record, secondsAfter } from "../fixtures/records.ts";
import { cordon, folderWith, ofType, promised, replayed } from "./replay-stage.ts";

const wide = `arn:aws:iam::${account}:policy/wide`;
const narrow = `arn:aws:iam::${account}:policy/narrow`;
const attach = (policyArn: string, number: number) =>
  record({
    eventID: eventId(number),
    eventTime: secondsAfter(number),
    eventSource: "iam.amazonaws.com",
    eventName: "AttachRolePolicy",
    readOnly: false,
    requestParameters: { roleName: "bot", policyArn },
    responseElements: null,
  });
const policies = [
  managedPolicy(wide, [{ Effect: "Allow", Action: "*", Resource: "*" }]),
  managedPolicy(narrow, [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::own/*" }]),
];
const folder = folderWith({
  "logs/one.ndjson": ndjson([attach(wide, 1), attach(narrow, 2)]),
  "iam/one.json": JSON.stringify(details({ roles: [roleDetail("bot")], policies })),
  "partly.json": JSON.stringify(details({ roles: [roleDetail("bot", { Arn: "none" })], policies })),
  "text.json": "no JSON",
  "org.json": JSON.stringify(organizationFile()),
  "no-org.json": "{}",
});
const at = (name: string): string => join(folder, name);
const severities = (lines: Awaited<ReturnType<typeof replayed>>["lines"]): readonly unknown[] =>
  ofType(lines, "finding")
    .filter((one) => one["detector"] === "drift-grant")
    .map((one) => one["severity"]);

describe("a replay with what IAM held at first", () => {
  it("judges a grant by the text of a policy that no record shows", async () => {
    const blind = await replayed(at("logs"));
    const told = await replayed(at("logs"), "--account-state", at("iam"), "--org-state", at("org.json"));
    expect(told.code).toBe(0);
    expect(severities(told.lines)[0]).toMatch(/high|critical/);
    expect(severities(blind.lines)).not.toContain(severities(told.lines)[0]);
  });

  it("prints the same lines a second time into one store", async () => {
    const store = join(mkdtempSync(join(tmpdir(), "cordon-iam-store-")), "store");
    const words = [at("logs"), "--account-state", at("iam"), "--store", store];
    const [first, second] = [await replayed(...words), await replayed(...words)];
    const findings = (out: readonly string[]) => promised(out).filter((line) => !line.startsWith('{"type":"summary"'));
    expect(findings(second.out)).toEqual(findings(first.out));
    expect(ofType(second.lines, "summary")[0]).toMatchObject({ records: 2, duplicates: 2 });
  });

  it("refuses a path of which nothing can be read, before anything runs", async () => {
    for (const words of [
      ["--account-state", at("absent.json")],
      ["--account-state", at("text.json")],
      ["--account-state", ""],
      ["--org-state", at("absent.json")],
      ["--org-state", at("text.json")],
      ["--org-state", at("no-org.json")],
    ]) {
      const { code, out } = await cordon("replay", "--json", ...words, at("logs"));
      expect([code, out], words.join(" ")).toEqual([2, []]);
    }
  });

  it("names parts that cannot be read, goes on, and exits with 3", async () => {
    const { code, err, lines } = await replayed(at("logs"), "--account-state", at("partly.json"));
    expect(code).toBe(3);
    expect(err.join("\n")).toContain("RoleDetailList[0].Arn");
    expect(severities(lines)[0]).toMatch(/high|critical/);
  });

  it("shows cases as that replay settled them, and not of a store", async () => {
    const { out } = await cordon("case", "list", "--json", at("logs"), "--account-state", at("iam"));
    expect(JSON.parse(out[0] ?? "{}")["severity"]).toMatch(/high|critical/);
    expect((await cordon("case", "list", "--store", at("s"), "--account-state", at("iam"))).code).toBe(2);
  });
});
