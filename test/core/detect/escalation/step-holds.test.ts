import { describe, expect, it } from "vitest";
import { leavesAt, textsAt } from "../../../../core/detect/escalation/parameters.ts";
import { holds, isUntold } from "../../../../core/detect/escalation/step-holds.ts";
import type { ApiCall } from "../../../../core/event/event.ts";
import { type Holds, showingOf } from "../../../../core/iam/reach/escalation-shows.ts";
import { eventOf } from "../../../fixtures/read.ts";
import { account, otherAccount, type RecordObject, record, user } from "../../../fixtures/records.ts";

const call = (over: RecordObject): ApiCall => {
  const event = eventOf(record(over));
  if (event.kind !== "api-call") throw new Error("no call");
  return event;
};
const step = (...conditions: readonly Holds[]) => {
  const [made] = showingOf({ steps: [{ calls: ["iam:CreateUser"] }] }).steps;
  if (made === undefined) throw new Error("no step");
  return { ...made, with: conditions };
};
const at = (...names: readonly string[]) => names.map((name) => `requestParameters.${name}`);

describe("what stands in a call", () => {
  const made = call({
    requestParameters: {
      instancesSet: { items: [{ instanceId: "i-1" }, { instanceId: "i-2" }] },
      pipelineObjects: [
        {
          id: "Default",
          fields: [
            { key: "role", stringValue: "worker" },
            { key: "x", stringValue: "y" },
          ],
        },
      ],
    },
    responseElements: { role: "r" },
  });
  it("is found at a dotted path, lists entered, nothing through a prototype", () => {
    expect(leavesAt(made, "requestParameters.instancesSet.items.instanceId")).toEqual(["i-1", "i-2"]);
    expect(leavesAt(made, "responseElements.role")).toEqual(["r"]);
    expect(leavesAt(made, "requestParameters.constructor.name")).toEqual([]);
  });
  it("is read out of a pipeline's fields where they name a role", () => {
    expect(textsAt(made, at("pipelineObjects")).map(({ value }) => value)).toEqual(["worker"]);
  });
});

describe("a step holds", () => {
  it("for another user than the caller, and not for the caller or for nobody", () => {
    const one = step({ at: at("userName"), is: "another" });
    expect(holds(call({ requestParameters: { userName: "director" } }), one)).toBe(true);
    expect(holds(call({ requestParameters: { userName: "trainer" } }), one)).toBe(false);
    expect(holds(call({ requestParameters: {} }), one)).toBe(false);
    // A user of another account may have the caller's name.
    const foreign = user({ accountId: otherAccount, arn: `arn:aws:iam::${otherAccount}:user/trainer` });
    expect(holds(call({ userIdentity: foreign, requestParameters: { userName: "trainer" } }), one)).toBe(true);
  });
  it("for a trust that lets strangers in, and not for one of the account's own", () => {
    const one = step({ at: at("assumeRolePolicyDocument"), is: "outside" });
    const trusting = (Principal: unknown) =>
      call({
        requestParameters: {
          assumeRolePolicyDocument: JSON.stringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Principal, Action: "sts:AssumeRole" }],
          }),
        },
      });
    for (const who of ["*", { AWS: `arn:aws:iam::${otherAccount}:root` }, { AWS: otherAccount }])
      expect(holds(trusting(who as never), one)).toBe(true);
    for (const who of [
      { Service: "lambda.amazonaws.com" },
      { AWS: account },
      { AWS: `arn:aws:iam::${account}:role/x` },
    ])
      expect(holds(trusting(who), one)).toBe(false);
    expect(holds(call({ requestParameters: { assumeRolePolicyDocument: "no JSON" } }), one)).toBe(false);
  });
  it("for user data, by its member or by the attribute's name", () => {
    const one = step({ at: at("userData", "attribute"), is: "user-data" });
    expect(holds(call({ requestParameters: { userData: "<sensitiveDataRemoved>" } }), one)).toBe(true);
    expect(holds(call({ requestParameters: { attribute: "userData" } }), one)).toBe(true);
    expect(holds(call({ requestParameters: { attribute: "instanceType" } }), one)).toBe(false);
  });
  it("for a document that runs code, and not for those of AWS that patch and look", () => {
    const one = step({ at: at("documentName"), is: "runs-code" });
    for (const name of ["AWS-RunShellScript", "team-fix", `arn:aws:ssm:us-east-1:${account}:document/team-fix`])
      expect(holds(call({ requestParameters: { documentName: name } }), one)).toBe(true);
    for (const name of ["AWS-RunPatchBaseline", "AmazonCloudWatch-ManageAgent"])
      expect(holds(call({ requestParameters: { documentName: name } }), one)).toBe(false);
  });
  it("for code that is put there, and not for a dry run", () => {
    const one = step({ at: at("dryRun"), is: "not-true" });
    for (const requestParameters of [{}, { dryRun: false }]) expect(holds(call({ requestParameters }), one)).toBe(true);
    expect(holds(call({ requestParameters: { dryRun: true } }), one)).toBe(false);
  });
  it("for one of the values that it names", () => {
    const one = step({ at: at("setAsDefault"), in: [true, "true"] });
    expect(holds(call({ requestParameters: { setAsDefault: true } }), one)).toBe(true);
    expect(holds(call({ requestParameters: { setAsDefault: false } }), one)).toBe(false);
  });
  it("for a refused call without parameters, which is all there is to know of it", () => {
    const refused = call({ requestParameters: null, errorCode: "AccessDenied" });
    expect(isUntold(refused)).toBe(true);
    expect(holds(refused, step({ at: at("userName"), is: "another" }))).toBe(true);
    expect(isUntold(call({ requestParameters: null }))).toBe(false);
    expect(isUntold(call({ requestParameters: null, errorCode: "RequestLimitExceeded" }))).toBe(false);
  });
});

it("refuses words that the escalation table may not have", () => {
  const made = (over: object) => showingOf({ steps: [{ calls: ["iam:CreateUser"], ...over }] });
  expect(() => made({ trail: "loud" })).toThrow("loud");
  expect(() => made({ grants: "much" })).toThrow("much");
  expect(() => made({ with: [{ at: ["requestParameters.x"], is: "odd" }] })).toThrow("odd");
  expect(() => made({ calls: ["CreateUser"] })).toThrow("CreateUser");
});
