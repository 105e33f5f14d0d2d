import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { run } from "../../cli/main.ts";
import { evaluateFile, evaluateLines } from "../../cli/policy-evaluate.ts";
import { spoken } from "./spoken.ts";

const lines = async (...given: readonly unknown[]) => {
  const { out, terminal } = spoken();
  const text = given.map((one) => `${typeof one === "string" ? one : JSON.stringify(one)}\n`);
  const code = await evaluateLines(Readable.from(text), terminal);
  return { code, out: out.map((line): unknown => JSON.parse(line)) };
};
const file = async (text: string) => {
  const { out, terminal } = spoken();
  return { code: await evaluateFile(text, terminal), out: out.map((line): unknown => JSON.parse(line)) };
};

const request = {
  action: "s3:GetObject",
  resource: { resource: "arn:aws:s3:::bucket/key", accountId: "111122223333" },
  principal: "arn:aws:iam::111122223333:user/ann",
  context: {},
};
const allow = { Version: "2012-10-17", Statement: { Sid: "Read", Effect: "Allow", Action: "s3:*", Resource: "*" } };
const allowed = {
  decision: "Allowed",
  because: [{ kind: "statement", layer: "identityPolicies", policy: 0, statement: 0, sid: "Read", effect: "Allow" }],
  notConsidered: ["resourcePolicy", "serviceControlPolicies", "resourceControlPolicies"],
};

describe("cordon policy evaluate", () => {
  it("answers a file", async () => {
    const question = JSON.stringify({ request, identityPolicies: [allow] }, null, 2);
    expect(await file(question)).toEqual({ code: 0, out: [allowed] });
    expect(await file(`\ufeff${question}`)).toEqual({ code: 0, out: [allowed] });
  });

  it("answers lines in order, each with its id, documents in every form", async () => {
    const text = JSON.stringify(allow);
    const { code, out } = await lines(
      { id: "a", request, identityPolicies: [text] },
      "",
      { id: 2, request, identityPolicies: [encodeURIComponent(text)], permissionBoundaries: null, sessionPolicy: null },
      { id: "none", name: "a label", request, identityPolicies: [null] },
      { request, identityPolicies: allow },
    );
    expect(code).toBe(0);
    expect(out).toMatchObject([
      { id: "a", ...allowed },
      { id: 2, ...allowed },
      { id: "none", decision: "ImplicitlyDenied" },
      allowed,
    ]);
  });

  it("reads an organization's policies as levels, or as one level", async () => {
    const ec2 = { Statement: { Effect: "Allow", Action: "ec2:*", Resource: "*" } };
    const base = { request, identityPolicies: [allow] };
    const { out } = await lines(
      { ...base, serviceControlPolicies: [ec2, allow] },
      {
        ...base,
        serviceControlPolicies: [
          { orgIdentifier: "o", policies: [allow] },
          { orgIdentifier: "ou", policies: [ec2] },
        ],
      },
      { ...base, serviceControlPolicies: [], resourceControlPolicies: [] },
    );
    expect(out).toMatchObject([
      { decision: "Allowed", notConsidered: ["resourcePolicy", "resourceControlPolicies"] },
      { decision: "ImplicitlyDenied", because: [{ layer: "serviceControlPolicies", level: 1 }] },
      allowed,
    ]);
  });

  it("knows from the table which actions take no resource, unless the request says so itself", async () => {
    const list = { Statement: { Effect: "Allow", Action: "*", Resource: "arn:aws:s3:::bucket" } };
    const asked = { ...request, action: "s3:ListAllMyBuckets", resource: { resource: "*" } };
    const { out } = await lines(
      { request: asked, identityPolicies: [list] },
      { request: { ...asked, wildcardOnlyAction: false }, identityPolicies: [list] },
    );
    expect(out).toMatchObject([{ decision: "ImplicitlyDenied" }, { decision: "Allowed" }]);
  });

  it.each<readonly [what: string, line: object, error: RegExp]>([
    ["a layer it does not know", { request, endpointPolicies: [] }, /unknown layer "endpointPolicies"/],
    ["no request", { identityPolicies: [] }, /no request/],
    ["a field it does not know", { request: { ...request, source: "x" } }, /unknown field "source"/],
    ["an action without service", { request: { ...request, action: "GetObject" } }, /request.action/],
    ["a resource without name", { request: { ...request, resource: {} } }, /request.resource/],
    [
      "an account that is a number",
      { request: { ...request, resource: { resource: "*", accountId: 1 } } },
      /accountId/,
    ],
    ["no principal", { request: { ...request, principal: null } }, /request.principal/],
    ["a context that is no object", { request: { ...request, context: [] } }, /request.context/],
    ["a context value that is an object", { request: { ...request, context: { a: {} } } }, /request.context/],
    ["a bad document", { request, sessionPolicy: { Statement: {} } }, /sessionPolicy\[0\]: statement 1 has no Effect/],
    [
      "a bad document in a level",
      { request, serviceControlPolicies: [{ policies: ["x"] }] },
      /serviceControlPolicies\[0\]/,
    ],
  ])("answers %s with an error, and goes on", async (_, line, error) => {
    const { code, out } = await lines({ id: "x", ...line }, { id: "y", request, identityPolicies: [allow] });
    expect(code).toBe(3);
    expect(out).toEqual([
      { id: "x", error: expect.stringMatching(error) },
      { id: "y", ...allowed },
    ]);
  });

  it("numbers the lines that it cannot read, and exits with 3", async () => {
    const { code, out } = await lines("{", "[]", { request });
    expect(code).toBe(3);
    expect(out).toMatchObject([
      { line: 1, error: "not JSON" },
      { line: 2, error: "not a JSON object" },
      { decision: "ImplicitlyDenied" },
    ]);
    expect(await file("{")).toEqual({ code: 3, out: [{ line: 1, error: "not JSON" }] });
  });

  it("is reached from the command line, and needs a file that can be read", async () => {
    const { out, err, terminal } = spoken();
    const path = join(mkdtempSync(join(tmpdir(), "cordon-")), "question.json");
    writeFileSync(path, JSON.stringify({ request, identityPolicies: [allow] }));
    expect(await run(["policy", "evaluate", path], terminal)).toBe(0);
    expect(out.map((line): unknown => JSON.parse(line))).toEqual([allowed]);
    expect(await run(["policy", "evaluate", "no-such-file.json"], terminal)).toBe(2);
    expect(err.join("\n")).toContain("cannot read no-such-file.json (ENOENT)");
  });
});
