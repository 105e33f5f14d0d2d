import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { diffFiles, diffLines } from "../../cli/policy-diff.ts";
import { spoken } from "./spoken.ts";

type Kind = "identity" | "trust";
const files = async (old: string, now: string, kind: Kind = "identity") => {
  const { out, err, terminal } = spoken();
  const code = await diffFiles({ old, now }, { terminal, kind });
  return { code, out: out.map((line): unknown => JSON.parse(line)), err: err.join("\n") };
};
const lines = async (given: readonly string[], kind: Kind = "identity") => {
  const { out, err, terminal } = spoken();
  const code = await diffLines(Readable.from(given), { terminal, kind });
  return { code, out: out.map((line): unknown => JSON.parse(line)), err: err.join("\n") };
};
const policy = (Action: string, Resource = "*") => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource }],
});
const nothing = { added: [], removed: [], escalates: [] };

describe("cordon policy diff OLD NEW", () => {
  it("prints the answer, and explains it on standard error", async () => {
    const { code, out, err } = await files(
      JSON.stringify(policy("s3:GetObject")),
      JSON.stringify(policy("iam:PutRolePolicy")),
    );
    expect(code).toBe(0);
    expect(out).toEqual([
      {
        added: [
          {
            action: "iam:PutRolePolicy",
            resource: "*",
            except: [],
            condition: {},
            witness: {
              action: "iam:PutRolePolicy",
              resource: "arn:aws:iam::111122223333:role/any-cordon",
              context: {},
            },
          },
        ],
        removed: [expect.objectContaining({ action: "s3:GetObject" })],
        escalates: ["iam:PutRolePolicy"],
      },
    ]);
    expect(err).toContain("Newly allowed: 1 row");
    expect(err).toContain("No longer allowed: 1 row");
    expect(err).toMatch(/CRITICAL +iam:PutRolePolicy/);
  });

  it("opens no path that was open before, though there is more to take", async () => {
    const role = (name: string) => policy("iam:PutRolePolicy", `arn:aws:iam::111122223333:role/${name}`);
    const { out } = await files(JSON.stringify(role("a")), JSON.stringify(role("*")));
    expect(out).toMatchObject([{ added: [{ action: "iam:PutRolePolicy" }], escalates: [] }]);
  });

  it("says that nothing differs", async () => {
    const text = JSON.stringify(policy("s3:*"));
    expect(await files(text, text)).toEqual({ code: 0, out: [nothing], err: "No difference: both allow the same." });
  });

  it("makes what a policy says safe to show", async () => {
    const { err } = await files("null", JSON.stringify(policy("s3:GetObject", "arn:aws:s3:::\u001b[2J*")));
    expect(err).not.toContain("\u001b");
  });

  it("answers what is no policy with what is wrong, and 3", async () => {
    for (const text of ["", "{", "[]", "7"]) {
      const { code, out } = await files("null", text);
      expect({ code, out }, text).toEqual({ code: 3, out: [{ line: 1, error: expect.stringContaining("new: ") }] });
    }
  });
});

describe("cordon policy diff -", () => {
  it("answers each line in order, with its id", async () => {
    const asked = [
      { id: "a", old: null, new: policy("sqs:SendMessage") },
      { id: "b", old: encodeURIComponent(JSON.stringify(policy("sqs:*"))), new: JSON.stringify(policy("SQS:*")) },
      { id: "c", old: null },
      { id: "d", old: null, new: { Statement: [{ Effect: "Perhaps" }] } },
      { id: "e", old: null, new: null },
    ];
    const { code, out } = await lines([...asked.map((one) => `${JSON.stringify(one)}\n`), "{\n"]);
    expect(code).toBe(3);
    expect(out).toEqual([
      { id: "a", added: [expect.objectContaining({ action: "sqs:SendMessage" })], removed: [], escalates: [] },
      { id: "b", ...nothing },
      { id: "c", error: expect.stringContaining("no new") },
      { id: "d", error: expect.stringContaining("statement 1") },
      { id: "e", ...nothing },
      { line: 6, error: "not JSON" },
    ]);
  });

  it("compares trust policies with --trust", async () => {
    const trust = (Principal: unknown) => ({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal, Action: "sts:AssumeRole" }],
    });
    const asked = { id: 1, old: trust({ Service: "ec2.amazonaws.com" }), new: trust("*") };
    const { code, out } = await lines([JSON.stringify(asked)], "trust");
    expect(code).toBe(0);
    expect(out).toMatchObject([{ id: 1, added: [{ principal: "*", action: "sts:AssumeRole" }], removed: [] }]);
  });
});
