import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../core/event/json.ts";
import { grantedBy } from "../../../../core/iam/account/account-policies.ts";
import { count, has } from "../../../../core/iam/action-set.ts";
import { actionTable } from "../../../../core/iam/action-table.ts";
import { parsePolicy } from "../../../../core/iam/policy.ts";
import { policy } from "../../../fixtures/account-details.ts";

const table = actionTable({
  source: "",
  notice: "",
  services: {
    iam: { types: {}, actions: { P: "AttachRolePolicy CreateRole PassRole" } },
    s3: { types: {}, actions: { R: "GetObject", W: "PutObject DeleteObject" } },
  },
});
const held = (...statements: readonly JsonObject[]) => {
  const parsed = parsePolicy(policy(...statements));
  if (!parsed.ok) throw new Error(parsed.because);
  return { name: "p", text: "", document: parsed.document };
};
const granted = grantedBy(table);
const actions = (...policies: readonly ReturnType<typeof held>[]) =>
  granted({ identity: policies, missing: [] }).actions;
const allow = (Action: string | string[], over: JsonObject = {}): JsonObject => ({
  Effect: "Allow",
  Action,
  Resource: "*",
  ...over,
});
const deny = (Action: string, over: JsonObject = {}): JsonObject => ({ ...allow(Action, over), Effect: "Deny" });

describe("what is granted", () => {
  it("is the union of what is allowed, wildcards and NotAction among it", () => {
    expect(count(actions(held(allow("s3:*")), held(allow("iam:passrole"))))).toBe(4);
    expect(count(actions(held({ Effect: "Allow", NotAction: "iam:*", Resource: "*" })))).toBe(3);
    expect(count(actions(held(allow("s3:GetObject", { Resource: "arn:aws:s3:::x/*" }))))).toBe(1);
  });

  it("is without what is denied everywhere, also by another policy, but not without what is denied here and there", () => {
    expect(count(actions(held(allow("s3:*")), held(deny("s3:Put*"))))).toBe(2);
    expect(count(actions(held(allow("s3:*"), deny("s3:Put*", { Resource: "arn:aws:s3:::x/*" }))))).toBe(3);
    const conditional = deny("s3:Put*", { Condition: { Bool: { "aws:SecureTransport": "false" } } });
    expect(count(actions(held(allow("s3:*"), conditional)))).toBe(3);
  });

  it("is cut by a boundary, which grants nothing itself", () => {
    const bounded = granted({ identity: [held(allow("*"))], boundary: held(allow("s3:GetObject")), missing: [] });
    expect(count(bounded.actions)).toBe(1);
    expect(bounded.everything).toBe(false);
    expect(has(bounded.actions, table.find("s3:GetObject")?.place ?? -1)).toBe(true);
    expect(count(granted({ identity: [], boundary: held(allow("*")), missing: [] }).actions)).toBe(0);
  });

  it("is everything for an administrator, and no longer when that is denied again", () => {
    expect(granted({ identity: [held(allow("*"))], missing: [] })).toMatchObject({ everything: true });
    expect(granted({ identity: [held(allow("*")), held(deny("*"))], missing: [] })).toMatchObject({
      everything: false,
    });
    expect(granted({ identity: [held(allow("s3:*"))], missing: [] })).toMatchObject({ everything: false });
  });
});
