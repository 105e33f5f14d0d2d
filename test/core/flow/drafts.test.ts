import { describe, expect, it } from "vitest";
import { calleeOf } from "../../../core/identity/lineage/may-invoke.ts";
import type { Declarations } from "../../../core/identity/registry.ts";
import {
  account,
  eventId,
  fromLambda,
  otherAccount,
  putRolePolicy,
  record,
  region,
  session,
  sessionKey,
} from "../../fixtures/records.ts";
import { everyKey, registryFrom, workload } from "../identity/manifest/manifest-examples.ts";
import { settled } from "./settling.ts";

const own = (status: string): string =>
  everyKey.replace("status: active", `status: ${status}`).replace("contain: automatic", "contain: never");
const approver = `apiVersion: cordon/v1
kind: Approver
metadata: { name: sec-oncall }
spec: { identities: [{ issuer: "https://idp.example.com", subject: 00u1 }] }
`;
const manifest = (status: string): Declarations => registryFrom(own(status), approver);
const draft = manifest("draft");
const active = manifest("active");

/** Calls that the manifest would name, judge and excuse if it were active. */
const records = [
  fromLambda(),
  record({ eventID: eventId(2), userIdentity: session("support-bot", "s", sessionKey(2)), awsRegion: "eu-west-1" }),
  putRolePolicy('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}', {
    userIdentity: session("support-bot", "s", sessionKey(2)),
    requestParameters: {
      roleName: "support-bot",
      policyName: "more",
      policyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    },
  }),
  record({
    eventID: eventId(3),
    eventSource: "sts.amazonaws.com",
    eventName: "AssumeRole",
    userIdentity: { type: "AWSAccount", principalId: "AROACKCEVSQ6C2EXAMPLE:s", accountId: otherAccount },
    requestParameters: {
      roleArn: `arn:aws:iam::${account}:role/other`,
      roleSessionName: "s",
      sourceIdentity: "support-bot",
    },
  }),
];

describe("a manifest that is a draft", () => {
  it("names nobody, by any of its selectors", () => {
    expect(active.byRole(`arn:aws:iam::${account}:role/support-bot`)).toBeDefined();
    expect(draft.byRole(`arn:aws:iam::${account}:role/support-bot`)).toBeUndefined();
    expect(draft.byRole(`arn:aws:iam::${account}:role/ai/any`)).toBeUndefined();
    expect(draft.byFunction(`arn:aws:lambda:${region}:${account}:function:support-bot`)).toBeUndefined();
    expect(draft.selecting("thirdParty", [otherAccount])).toBeUndefined();
    expect(draft.selecting("accessKeyId", ["AKIAIOSFODNN7EXAMPLE"])).toBeUndefined();
  });

  it("changes no line of a replay: it neither finds nor excuses, pages nor contains", async () => {
    const lines = async (registry?: Declarations) => {
      const { lines: said, attributions } = await settled([[records]], {
        mode: "contain",
        ...(registry === undefined ? {} : { registry }),
      });
      return { said, attributions };
    };
    const without = await lines();
    expect(await lines(draft)).toEqual(without);
    expect(await lines(active)).not.toEqual(without);
  });

  it("excuses no session that carries its name", async () => {
    const planner = workload("planner", "- roleArn: arn:aws:iam::111122223333:role/other");
    const found = async (registry: Declarations) =>
      (await settled([[records]], { registry })).settlement.findings.filter(
        ({ detector }) => detector === "identity-source-identity",
      );
    expect(await found(registryFrom(planner, own("draft"), approver))).toHaveLength(1);
    expect(await found(registryFrom(planner, own("active"), approver))).toEqual([]);
  });

  it("is not whom an agent asks, whatever an identity is called", () => {
    const identity = `arn:aws:bedrock-agentcore:${region}:${account}:workload-identity-directory/default/workload-identity/support-bot`;
    expect(calleeOf("workload-identity", identity, active)).toBeDefined();
    expect(calleeOf("workload-identity", identity, draft)).toBeUndefined();
  });
});
