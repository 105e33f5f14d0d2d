import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { count, placesOf } from "../../../core/iam/action-set.ts";
import { wildcardOnly } from "../../../core/iam/action-table.ts";
import { actionTableFile, actionTableText } from "../../../scripts/make-action-table.ts";
import { table } from "./tables.ts";

const file = new URL("../../../core/iam/action-table.data.json", import.meta.url);
const names = (pattern: string): readonly string[] =>
  [...placesOf(table.expand(pattern))].map((place) => table.at(place)?.name ?? "?");

describe("the action table", () => {
  it("is what the script makes of the pinned package", () => {
    expect(readFileSync(file, "utf8")).toBe(actionTableText(actionTableFile()));
  });

  it("stays small", () => {
    expect(gzipSync(readFileSync(file)).length).toBeLessThan(180_000);
    expect(table.size).toBeGreaterThan(20_000);
  });

  it("finds an action in any case and gives it AWS's spelling", () => {
    expect(table.canonical("IAM:passrole")).toBe("iam:PassRole");
    expect(table.canonical("nobody:DoesThis")).toBe("nobody:DoesThis");
    expect(table.find("iam")).toBeUndefined();
    expect(table.find("")).toBeUndefined();
    expect(table.find("__proto__:x")).toBeUndefined();
  });

  it("knows level and resources of an action", () => {
    const [role] = table.find("iam:PutRolePolicy")?.resources ?? [];
    expect(table.find("iam:PutRolePolicy")?.level).toBe("permissions");
    expect([role?.name, role?.required]).toEqual(["role", true]);
    expect(role?.arn).toMatch(/^arn:\$\{Partition\}:iam::\$\{Account\}:role\//);
    expect(table.find("s3:GetObject")?.level).toBe("read");
    expect(table.find("iam:ListRoles")?.level).toBe("list");
  });

  it("knows the actions that no resource can bound", () => {
    const only = (name: string): boolean | undefined => {
      const action = table.find(name);
      return action === undefined ? undefined : wildcardOnly(action);
    };
    expect(only("ec2:DescribeInstances")).toBe(true);
    expect(only("ec2:TerminateInstances")).toBe(false);
  });

  it("gives every action a place that leads back to it", () => {
    for (const place of placesOf(table.expand("*"))) expect(table.find(table.at(place)?.name ?? "")?.place).toBe(place);
    expect(table.at(-1)).toBeUndefined();
    expect(table.at(table.size)).toBeUndefined();
  });
});

describe("an action pattern", () => {
  it("covers what AWS says it covers, in any case", () => {
    expect(names("iam:passrole")).toEqual(["iam:PassRole"]);
    expect(names("iam:Attach*Policy")).toEqual([
      "iam:AttachGroupPolicy",
      "iam:AttachRolePolicy",
      "iam:AttachUserPolicy",
    ]);
    expect(names("IAM:ATTACH?ser*")).toEqual(["iam:AttachUserPolicy"]);
    expect(names("sts:Assume*Role")).toEqual(["sts:AssumeRole"]);
    expect(names("s?s:AssumeRole")).toEqual(["sts:AssumeRole"]);
  });

  it("covers everything, or nothing", () => {
    for (const pattern of ["*", "**", "*:*"]) expect(count(table.expand(pattern))).toBe(table.size);
    for (const pattern of ["", "iam:", "iam", "nobody:*", "iam:Pass Role"]) expect(names(pattern)).toEqual([]);
    expect(names("iam:**")).toEqual(names("iam:*"));
  });

  it("takes no longer for patterns made to be slow", () => {
    const started = process.hrtime.bigint();
    for (const pattern of [
      `*${"a*".repeat(100_000)}b`,
      "*".repeat(1_000_000),
      `${"?".repeat(500_000)}:*`,
      "*a*a*a*a*a*a*b",
    ])
      table.expand(pattern);
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(2_000);
  });
});
