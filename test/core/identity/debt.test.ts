import { describe, expect, it } from "vitest";
import { remedyOf } from "../../../core/identity/debt.ts";
import { eventOf } from "../../fixtures/read.ts";
import {
  account,
  assumeRole,
  fromLambda,
  type RecordObject,
  record,
  session,
  sessionKey,
  user,
} from "../../fixtures/records.ts";
import { attributionOf } from "./behind.ts";

const instance = "i-0123456789abcdef0";
const domain = `arn:aws:sagemaker:us-east-1:${account}:domain/d-abc`;
const role = (name: string): string => `arn:aws:iam::${account}:role/${name}`;

const started = (tags: readonly { readonly key: string; readonly value: string }[]): RecordObject =>
  record({
    eventSource: "ec2.amazonaws.com",
    eventName: "RunInstances",
    requestParameters: {},
    responseElements: { instancesSet: { items: [{ instanceId: instance, tagSet: { items: tags } }] } },
  });
const madeDomain = record({
  eventSource: "sagemaker.amazonaws.com",
  eventName: "CreateDomain",
  requestParameters: { defaultUserSettings: { executionRole: role("studio") } },
  responseElements: { domainArn: domain },
});

/** The remedy for one call, with these records behind it. */
function remedyFor(call: RecordObject, among: readonly RecordObject[]) {
  const event = eventOf(call);
  if (event.kind !== "api-call") throw new Error("the test needs a call");
  return remedyOf(attributionOf(call, among), event.principal);
}

describe("what would attribute more", () => {
  const fromInstance = session("node", instance, sessionKey(1), {
    sessionContext: {
      sessionIssuer: { type: "Role", arn: role("node"), accountId: account },
      attributes: { creationDate: "2026-01-31T11:00:00Z" },
      ec2RoleDelivery: "2.0",
    },
  });
  it("for an instance that is a node of Kubernetes is a role of the pod's own", () =>
    expect(
      remedyFor(record({ userIdentity: fromInstance }), [started([{ key: "karpenter.sh/nodepool", value: "gpu" }])]),
    ).toMatchObject({ kind: "pod-identity", subject: role("node") }));
  it("for any other instance is nothing", () =>
    expect(remedyFor(record({ userIdentity: fromInstance }), [started([])])).toBeUndefined());

  const fromStudio = session("studio", "SageMaker", sessionKey(2));
  it("for a Studio domain whose user is not said is the profile in the session", () =>
    expect(remedyFor(record({ userIdentity: fromStudio }), [madeDomain])).toMatchObject({
      kind: "studio-source-identity",
      subject: role("studio"),
    }));
  it("for a Studio user who is said is nothing", () => {
    const named = { ...fromStudio, sessionContext: { ...Object(fromStudio["sessionContext"]), sourceIdentity: "ana" } };
    expect(remedyFor(record({ userIdentity: named }), [madeDomain])).toBeUndefined();
  });

  const signed = (name: string, key = sessionKey(7), over: RecordObject = {}) =>
    record({ userIdentity: session("bot", name, key, over) });
  const chained = assumeRole(session("first", "s", sessionKey(8)), "bot", sessionKey(7));
  const pods = assumeRole({ type: "AWSService", invokedBy: "pods.eks.amazonaws.com" }, "bot", sessionKey(7));
  const provider = `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`;
  it.each([
    ["a role that nothing names", signed("x"), [], "declare-role", role("bot")],
    ["a chain whose beginning is older", signed("x"), [chained], "earlier-records", role("bot")],
    ["a pod without tags", signed("x"), [pods], "pod-identity-tags", role("bot")],
    ["a pipeline that says no run", signed("GitHubActions"), [], "ci-session", role("bot")],
    [
      "a token without its subject",
      signed("x", sessionKey(7), { sessionContext: { webIdFederationData: { federatedProvider: provider } } }),
      [],
      "ci-session",
      role("bot"),
    ],
    ["a key of a user", record({ userIdentity: user() }), [], "replace-key", String(user()["arn"])],
    [
      "a caller of another account",
      record({ userIdentity: { type: "AWSAccount", accountId: "444455556666" } }),
      [],
      "other-account",
      "account:444455556666",
    ],
  ] as const)("for %s is said", (_, call, among, kind, subject) =>
    expect(remedyFor(call, among)).toMatchObject({ kind, subject, advice: expect.stringContaining(subject) }),
  );
  it("for a function that AWS names is nothing", () => expect(remedyFor(fromLambda(), [])).toBeUndefined());
});
