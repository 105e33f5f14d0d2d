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
        version: "2008-10-17",
        statements: [
          {
            effect: "Allow",
            actions: { kind: "only", patterns: ["*"] },
            resources: { kind: "only", patterns: ["*"] },
            conditions: [],
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
    ["an effect in lower case", policy({ ...everything, Effect: "allow" }), /statement 1 has no Effect/],
    ["a version of its own", { ...policy(everything), Version: "2020-01-01" }, /Version is neither/],
    ["an element of another language", { ...policy(everything), Statments: [] }, /does not know: "Statments"/],
    ["a misspelled element", policy(everything, { ...everything, Resources: "*" }), /statement 2 .* "Resources"/],
    ["a Sid that is a number", policy({ ...everything, Sid: 1 }), /statement 1 has a Sid/],
    ["no action", policy({ Effect: "Allow", Resource: "*" }), /neither Action nor NotAction/],
    ["two kinds of action", policy({ ...everything, NotAction: "iam:*" }), /both Action and NotAction/],
    ["an action that is a number", policy({ ...everything, Action: ["s3:*", 5] }), /has Action that is not a text/],
    ["no resource", policy({ Effect: "Allow", Action: "*" }), /neither Resource nor NotResource/],
    ["two kinds of resource", policy({ ...everything, NotResource: "*" }), /both Resource and NotResource/],
    ["two kinds of principal", policy({ ...everything, Principal: "*", NotPrincipal: "*" }), /both Principal and/],
    ["a principal without its kind", policy({ ...everything, Principal: "111122223333" }), /has a Principal that is/],
    [
      "a principal of an unknown kind",
      policy({ ...everything, NotPrincipal: { Role: "x" } }),
      /a NotPrincipal that is/,
    ],
    ["a condition that is a text", policy({ ...everything, Condition: "x" }), /Condition is not an object/],
    ["an unknown operator", policy({ ...everything, Condition: { StringIs: {} } }), /operator "StringIs" is unknown/],
    ["NullIfExists", policy({ ...everything, Condition: { NullIfExists: {} } }), /"NullIfExists" is unknown/],
    ["an operator without keys", policy({ ...everything, Condition: { Bool: "true" } }), /"Bool" is not an object/],
    [
      "a condition on nothing",
      policy({ ...everything, Condition: { Bool: { k: null } } }),
      /no readable value for "k"/,
    ],
  ])("refuses %s and says why", (_, value, reason) => expect(why(parsePolicy(value))).toMatch(reason));

  it("reads principals of every kind, in whichever form", () => {
    const one = { ...everything, Effect: "Allow" };
    const read = (Principal: unknown) => {
      const parsed = parsePolicy(policy({ ...one, Principal }));
      return parsed.ok ? parsed.document.statements[0]?.principals?.principals : parsed.because;
    };
    const account = { kind: "account", account: "111122223333" };
    const role = "arn:aws:iam::111122223333:role/bot";
    expect(read("*")).toEqual([{ kind: "everyone" }]);
    expect(read({ AWS: ["111122223333", "arn:aws:iam::111122223333:root", role, "AROAEXAMPLEID", "*"] })).toEqual([
      account,
      account,
      { kind: "arn", arn: role },
      { kind: "unique-id", id: "AROAEXAMPLEID" },
      { kind: "everyone" },
    ]);
    expect(
      read({ Service: "lambda.amazonaws.com", Federated: "cognito-identity.amazonaws.com", CanonicalUser: "79a5" }),
    ).toEqual([
      { kind: "service", name: "lambda.amazonaws.com" },
      { kind: "federated", provider: "cognito-identity.amazonaws.com" },
      { kind: "canonical-user", id: "79a5" },
    ]);
  });

  it("reads a trust policy, which names no resource, as one for the role it is attached to", () => {
    const trust = policy({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "111122223333" } });
    const parsed = parsePolicy(trust);
    expect(parsed.ok && parsed.document.statements[0]?.resources).toEqual({ kind: "all-but", patterns: [] });
  });

  it("reads conditions with every part of the operator's name, in any case", () => {
    const Condition = {
      "ForAnyValue:StringNotLikeIfExists": { "aws:TagKeys": ["a*", "b"] },
      bool: { "aws:SecureTransport": false },
      NumericLessThan: { "s3:max-keys": 10 },
    };
    const parsed = parsePolicy(policy({ ...everything, Condition }));
    expect(parsed.ok && parsed.document.statements[0]).toMatchObject({
      conditional: true,
      conditions: [
        { comparison: "string-like", negated: true, quantifier: "any", ifExists: true, values: ["a*", "b"] },
        { comparison: "bool", negated: false, quantifier: "single", ifExists: false, values: ["false"] },
        { comparison: "number-below", key: "s3:max-keys", values: ["10"] },
      ],
    });
  });

  it("reads a document without statements as one that grants nothing", () => {
    expect(parsePolicy(policy())).toEqual({ ok: true, document: { version: "2012-10-17", statements: [] } });
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
    [
      "a Deny with a condition",
      policy(everything, { ...everything, Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    ],
  ])("is said of %s", (_, value) => expect(grants(value)).toBe(true));

  it.each([
    ["one service", policy({ ...everything, Action: "iam:*" })],
    ["some resources", policy({ ...everything, Resource: "arn:aws:s3:::*" })],
    ["a condition", policy({ ...everything, Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } })],
    ["a Deny", policy({ ...everything, Effect: "Deny" })],
    [
      "an Allow that a Deny with an operator but no key takes back",
      policy(everything, { ...everything, Effect: "Deny", Condition: { Bool: {} } }),
    ],
    ["an Allow that a Deny takes back", policy(everything, { ...everything, Effect: "Deny" })],
    ["no action", policy({ Effect: "Allow", Resource: "*" })],
    ["an empty pattern", policy({ ...everything, Action: "" })],
  ])("is not said of %s", (_, value) => expect(grants(value)).toBe(false));
});
