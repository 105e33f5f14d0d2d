import { describe, expect, it } from "vitest";
import { grantsEverything, type ParsedPolicy, parsePolicy } from "../../../core/iam/policy.ts";

const everything = { Effect: "Allow", Action: "*", Resource: "*" };
const policy = (...statements: readonly unknown[]) => ({ Version: "2012-10-17", Statement: statements });
const grants = (value: unknown): boolean => {
  const parsed = parsePolicy(value);
  return parsed.ok && grantsEverything(parsed.document);
};
const why = (parsed: ParsedPolicy): string => (parsed.ok ? "read" : parsed.because);

describe("reading a policy", () => {
  it("reads one document in all its spellings", () => {
    const document = policy({ Sid: "All %41", Effect: "Allow", Action: ["s3:Get*"], Resource: "*" });
    const text = JSON.stringify(document);
    const expected = parsePolicy(document);
    expect(expected.ok).toBe(true);
    const spellings = [text, JSON.stringify(document, null, 2), encodeURIComponent(text), encodeURI(text)];
    for (const spelling of spellings) expect(parsePolicy(spelling)).toEqual(expected);
  });

  it("makes lists of what may stand alone", () =>
    expect(parsePolicy({ Statement: everything })).toEqual({
      ok: true,
      document: {
        statements: [
          {
            effect: "Allow",
            actions: { kind: "only", patterns: ["*"] },
            resources: { kind: "only", patterns: ["*"] },
            conditional: false,
          },
        ],
      },
    }));

  it.each([
    ["no JSON", "hello", /neither JSON nor URL-encoded/],
    ["a broken escape", "%7B%2", /neither JSON nor URL-encoded/],
    ["a list", "[]", /is a JSON object/],
    ["null", null, /is a JSON object/],
    ["a text inside the text", JSON.stringify(JSON.stringify(policy(everything))), /is a JSON object/],
    ["no statement", {}, /statement 1 /],
    ["a statement that is no object", policy(everything, "x"), /statement 2 /],
    ["an effect in lower case", policy({ ...everything, Effect: "allow" }), /statement 1 /],
  ])("refuses %s and says why", (_, value, reason) => expect(why(parsePolicy(value))).toMatch(reason));

  it("reads a document without statements as one that grants nothing", () => {
    expect(parsePolicy(policy())).toEqual({ ok: true, document: { statements: [] } });
    expect(grants(policy())).toBe(false);
  });
});

describe("granting everything", () => {
  it.each([
    ["star on star", policy(everything)],
    ["several stars", policy({ ...everything, Action: "**", Resource: ["**"] })],
    ["star of every service", policy({ ...everything, Action: ["*:*"] })],
    ["one of many patterns", policy({ ...everything, Action: ["s3:Get*", "*"] })],
    ["one of many statements", policy({ ...everything, Action: "s3:*" }, everything)],
    ["all but nothing", policy({ Effect: "Allow", NotAction: [], NotResource: [] })],
    ["an empty condition", policy({ ...everything, Condition: {} })],
    ["a Deny on less", policy(everything, { ...everything, Effect: "Deny", Action: "iam:*" })],
    ["a Deny with a condition", policy(everything, { ...everything, Effect: "Deny", Condition: { Bool: {} } })],
  ])("is said of %s", (_, value) => expect(grants(value)).toBe(true));

  it.each([
    ["one service", policy({ ...everything, Action: "iam:*" })],
    ["some resources", policy({ ...everything, Resource: "arn:aws:s3:::*" })],
    ["a condition", policy({ ...everything, Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } })],
    ["a Deny", policy({ ...everything, Effect: "Deny" })],
    ["an Allow that a Deny takes back", policy(everything, { ...everything, Effect: "Deny" })],
    ["no action", policy({ Effect: "Allow", Resource: "*" })],
    ["an empty pattern", policy({ ...everything, Action: "" })],
  ])("is not said of %s", (_, value) => expect(grants(value)).toBe(false));
});
