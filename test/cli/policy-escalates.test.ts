import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { escalatesFile, escalatesLines } from "../../cli/policy-escalates.ts";
import { spoken } from "./spoken.ts";

const file = async (text: string) => {
  const { out, err, terminal } = spoken();
  return { code: await escalatesFile(text, terminal), out: out.map((line): unknown => JSON.parse(line)), err };
};
const lines = async (...given: readonly string[]) => {
  const { out, err, terminal } = spoken();
  const code = await escalatesLines(Readable.from(given), terminal);
  return { code, out: out.map((line): unknown => JSON.parse(line)), err };
};

const policy = (...Action: readonly string[]) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource: "*" }],
});
const putRole = { escalates: true, paths: ["iam:PutRolePolicy"] };
const nothing = { escalates: false, paths: [] };

describe("cordon policy escalates FILE", () => {
  it("prints the answer, and explains it on standard error", async () => {
    const { code, out, err } = await file(JSON.stringify(policy("iam:PutRolePolicy", "s3:GetObject")));
    expect({ code, out }).toEqual({ code: 0, out: [putRole] });
    const text = err.join("\n");
    expect(text).toContain("1 known way to more rights:");
    expect(text).toMatch(/^CRITICAL +iam:PutRolePolicy$/m);
    expect(text).toContain("iam:PutRolePolicy on *");
  });

  it("names the gravest first when it explains, and sorts the ids in the answer", async () => {
    const { out, err } = await file(
      JSON.stringify(policy("sts:AssumeRole", "iam:PutRolePolicy", "apprunner:UpdateService")),
    );
    expect(out).toEqual([
      {
        escalates: true,
        paths: ["apprunner:UpdateService", "iam:PutRolePolicy", "iam:PutRolePolicy+sts:AssumeRole", "sts:AssumeRole"],
      },
    ]);
    expect(err.join("\n")).toMatch(/CRITICAL[\s\S]*HIGH[\s\S]*MEDIUM/);
  });

  it("says that nothing is open", async () => {
    const { code, out, err } = await file(JSON.stringify(policy("s3:GetObject")));
    expect({ code, out }).toEqual({ code: 0, out: [nothing] });
    expect(err).toEqual(["No known way to more rights, as far as this policy alone can tell."]);
  });

  it("makes what a policy says safe to show", async () => {
    const sly = {
      Statement: { Effect: "Allow", Action: "sts:AssumeRole", Resource: "arn:aws:iam::*:role/\u001b[2J*" },
    };
    expect((await file(JSON.stringify(sly))).err.join("")).not.toContain("\u001b");
  });

  it("answers what is no policy with what is wrong, and 3", async () => {
    for (const text of ["", "{", "[]", "7", '{"Statement":[{"Effect":"Perhaps"}]}']) {
      const { code, out } = await file(text);
      expect({ code, out }, text).toEqual({ code: 3, out: [{ line: 1, error: expect.any(String) }] });
    }
  });
});

describe("cordon policy escalates -", () => {
  it("answers each line in order, with its id", async () => {
    const asked = [
      { id: "a", document: policy("iam:PutRolePolicy") },
      { id: 2, document: null },
      { id: { of: "c" }, document: JSON.stringify(policy("s3:*")) },
      { id: "d", document: encodeURIComponent(JSON.stringify(policy("iam:PutRolePolicy"))) },
      { document: null },
    ];
    const { code, out, err } = await lines(asked.map((line) => JSON.stringify(line)).join("\n"));
    expect(code).toBe(0);
    expect(out).toEqual([
      { id: "a", ...putRole },
      { id: 2, ...nothing },
      { id: { of: "c" }, ...nothing },
      { id: "d", ...putRole },
      nothing,
    ]);
    expect(err).toEqual([]);
  });

  it("says which lines it could not read, and goes on", async () => {
    const { code, out } = await lines(
      '{\n\n7\n{"id":"x"}\n{"id":"y","document":"nonsense"}\n{"id":"z","document":null}\n',
    );
    expect(code).toBe(3);
    expect(out).toEqual([
      { line: 1, error: "not JSON" },
      { line: 3, error: "not a JSON object" },
      { id: "x", error: "no document" },
      { id: "y", error: expect.any(String) },
      { id: "z", ...nothing },
    ]);
  });

  it("answers nothing to nothing", async () => {
    expect(await lines("")).toEqual({ code: 0, out: [], err: [] });
  });
});
