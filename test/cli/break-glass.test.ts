import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BreakGlassWorld, breakGlass } from "../../cli/break-glass.ts";
import { recordRun } from "../../core/flow/respond/record-run.ts";
import { entryText } from "../../core/record/chain.ts";
import { revokesBefore } from "../../core/respond/revoke.ts";
import { denyAll, type ReleaseStage, releaseStage, target } from "../core/flow/releasing.ts";

let folder = "";
let stage: ReleaseStage;
let iam: { attached: string[]; inline: Map<string, unknown>; id: string };
let said: string[];
let calls: string[];
const record = (): string => join(folder, "record.ndjson");
const ledger = (): string => join(folder, "export.ndjson");

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "cordon-glass-"));
  stage = releaseStage();
  await stage.contained();
  await recordRun("decision-1", stage.ports, stage.clock.now());
  const lines: string[] = [];
  for (const chain of ["containments"])
    for await (const entry of stage.ports.ledger.read({ chain })) lines.push(entryText(entry));
  writeFileSync(ledger(), `${lines.join("\n")}\n`);
  iam = { attached: [denyAll, "arn:aws:iam::111122223333:policy/own"], inline: new Map(), id: target.id };
  said = [];
  calls = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const world: BreakGlassWorld = {
  aws(words) {
    const [, verb = "", ...rest] = words;
    const value = (flag: string): string => rest[rest.indexOf(flag) + 1] ?? "";
    calls.push(verb);
    switch (verb) {
      case "get-caller-identity":
        return JSON.stringify({ Arn: "arn:aws:sts::111122223333:assumed-role/break-glass/ana" });
      case "get-role":
        return JSON.stringify({ Role: { RoleId: iam.id } });
      case "list-attached-role-policies":
        return JSON.stringify({ AttachedPolicies: iam.attached.map((PolicyArn) => ({ PolicyArn })) });
      case "list-role-policies":
        return JSON.stringify({ PolicyNames: [...iam.inline.keys()] });
      case "get-role-policy":
        return JSON.stringify({ PolicyDocument: iam.inline.get(value("--policy-name")) });
      case "put-role-policy":
        iam.inline.set(value("--policy-name"), JSON.parse(value("--policy-document")));
        return "";
      case "detach-role-policy":
        expect(readFileSync(record(), "utf8")).toContain('"line":"begun"');
        iam.attached = iam.attached.filter((one) => one !== value("--policy-arn"));
        return "";
    }
    throw new Error(`no such call: ${words.join(" ")}`);
  },
  date: async () => "Fri, 20 Nov 2026 10:00:00 GMT",
  say: (line) => void said.push(line),
  pause: async () => undefined,
  now: () => 1_800_000_000_000,
};
const glass = (...words: readonly string[]): Promise<number> =>
  breakGlass(["--ledger", ledger(), "--record", record(), "--case", "case-1", ...words], world);
const reason = ["--reason", "the hub is down and the shop with it"];

describe("break-glass", () => {
  it("takes back what the ledger says that we wrote, after it has written down who and why", async () => {
    expect(await glass("--benign", ...reason)).toBe(0);
    expect(iam.attached).toEqual(["arn:aws:iam::111122223333:policy/own"]);
    const lines = readFileSync(record(), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({
      line: "begun",
      reason: reason[1],
      by: { Arn: expect.stringContaining("break-glass") },
    });
    expect(lines.at(-1)).toMatchObject({ line: "ended", missed: 0 });
  });

  it.each([
    ["without a reason", ["--benign"]],
    ["with an empty reason", ["--benign", "--reason", "   "]],
    ["without saying which kind", reason],
    ["with both kinds", ["--benign", "--compromised", ...reason]],
    ["with a word that it does not know", ["--benign", "--dry-run", ...reason]],
  ])("does nothing %s", async (_, words) => {
    expect(await glass(...words)).toBe(2);
    expect([calls, existsSync(record())]).toEqual([[], false]);
  });

  it("cuts the sessions from before first when somebody is compromised, by AWS's time", async () => {
    expect(await glass("--compromised", ...reason)).toBe(0);
    expect(calls.indexOf("put-role-policy")).toBeLessThan(calls.indexOf("detach-role-policy"));
    const document = iam.inline.get("cordon-case-1-revoke");
    expect(revokesBefore(document as never)).toBe(Date.parse("2026-11-20T10:00:30Z"));
  });

  it("leaves alone what somebody else has changed, and a role that was made anew", async () => {
    iam.attached = [];
    expect(await glass("--benign", ...reason)).toBe(0);
    expect(said.join("\n")).toContain("already");
    rmSync(record());
    iam = { ...iam, attached: [denyAll], id: "AROAEXAMPLENEW000001" };
    expect(await glass("--benign", ...reason)).toBe(1);
    expect(iam.attached).toEqual([denyAll]);
  });

  it("refuses an export that is not as it was written, and a case that it does not know", async () => {
    writeFileSync(ledger(), readFileSync(ledger(), "utf8").replace("AWSDenyAll", "Other"));
    expect(await glass("--benign", ...reason)).toBe(3);
    expect(calls).toEqual([]);
    writeFileSync(ledger(), "");
    expect(await glass("--benign", ...reason)).toBe(3);
  });

  it("does not write over another record", async () => {
    writeFileSync(record(), "");
    await expect(glass("--benign", ...reason)).rejects.toThrow("EEXIST");
    expect(calls).toEqual([]);
  });

  it("is one file that needs nothing of the project", () => {
    const source = readFileSync(join(import.meta.dirname, "../../cli/break-glass.ts"), "utf8");
    const imports = [...source.matchAll(/from "([^"]+)"/g)].map(([, name]) => name);
    expect(imports.filter((name) => !name?.startsWith("node:"))).toEqual([]);
  });
});
