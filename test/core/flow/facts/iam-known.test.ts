import { describe, expect, it } from "vitest";
import { memoryWrites } from "../../../../adapters/memory/iam-writes.ts";
import { purposesOf } from "../../../../core/flow/purpose.ts";
import { tracer } from "../../../../core/flow/trace.ts";
import { account, eventId, type RecordObject, record, secondsAfter, user } from "../../../fixtures/records.ts";
import { line } from "../live-line.ts";
import { settled } from "../settling.ts";

const wide = `arn:aws:iam::${account}:policy/wide`;
const iam = (eventName: string, number: number, requestParameters: object, over: RecordObject = {}): RecordObject =>
  record({
    userIdentity: user(),
    eventID: eventId(number),
    eventTime: secondsAfter(number),
    eventSource: "iam.amazonaws.com",
    eventName,
    readOnly: false,
    requestParameters: { ...requestParameters } as never,
    responseElements: null,
    ...over,
  });
const written = iam(
  "CreatePolicy",
  1,
  {
    policyName: "wide",
    policyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
  },
  { responseElements: { policy: { arn: wide } } },
);
const attached = iam("AttachRolePolicy", 9, { roleName: "bot", policyArn: wide });
const again = iam("AttachRolePolicy", 20, { roleName: "bot", policyArn: wide });
const gravest = ({ findings }: { readonly findings: readonly { detector: string; severity: string }[] }) =>
  findings.filter((one) => one.detector === "drift-grant").map(({ severity }) => severity);

describe("what is known of IAM in the live line", () => {
  it("outlives the batch that wrote it, as in a replay of all", async () => {
    const iamKnown = { iam: { writes: memoryWrites() } };
    const { batch } = line();
    await batch([written], iamKnown);
    const live = gravest((await batch([attached], iamKnown)).settlement);
    expect(live).toEqual(gravest((await settled([[[written, attached]]])).settlement).slice(1));
    expect(live[0]).toMatch(/high|critical/);
    expect(gravest((await batch([attached])).settlement)[0]).not.toBe(live[0]);
  });

  it("is asked as of just before each call: what a role has already, it is not given again", async () => {
    const made = iam(
      "CreateRole",
      2,
      { roleName: "bot", assumeRolePolicyDocument: '{"Statement":[]}' },
      { responseElements: { role: { arn: `arn:aws:iam::${account}:role/bot`, roleName: "bot" } } },
    );
    const both = await settled([[[made, written, attached, again]]]);
    const at = both.settlement.findings.filter((one) => one.detector === "drift-grant").map((one) => one.at);
    expect(at).toContain(Date.parse(secondsAfter(9)));
    expect(at).not.toContain(Date.parse(secondsAfter(20)));
  });
});

describe("a write that is kept for IAM's history alone", () => {
  const keptOf = (one: RecordObject): number => {
    const into = tracer({ purposes: purposesOf([]), rows: "not-wanted" });
    const raw = JSON.stringify(one);
    into.sink("in").item(JSON.parse(raw), () => raw, { mark: "#", number: 0 });
    return into.take().kept.length;
  };
  it("is not kept where it was not let through, or writes no policy", () => {
    expect(keptOf(attached)).toBe(1);
    expect(
      keptOf(iam("AttachRolePolicy", 9, { roleName: "bot", policyArn: wide }, { errorCode: "AccessDenied" })),
    ).toBe(0);
    const topic = { eventSource: "sns.amazonaws.com", eventName: "SetTopicAttributes" };
    const topicArn = `arn:aws:sns:us-east-1:${account}:t`;
    const set = (attributeName: string) =>
      keptOf({ ...attached, ...topic, requestParameters: { topicArn, attributeName, attributeValue: "{}" } });
    expect([set("Policy"), set("DisplayName")]).toEqual([1, 0]);
  });
});
