import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../core/event/json.ts";
import { roleArn } from "../../fixtures/incident.ts";
import {
  account,
  assumeRole,
  eventId,
  type RecordObject,
  record,
  session,
  sessionKey,
} from "../../fixtures/records.ts";
import { attributionOf } from "./behind.ts";

const cluster = `arn:aws:eks:us-east-1:${account}:cluster/agents`;
const pod = {
  "eks-cluster-arn": cluster,
  "kubernetes-namespace": "bots",
  "kubernetes-service-account": "support-bot",
};
const tags = Object.entries(pod).map(([key, value]) => ({ key, value }));
const id = `eks:${cluster}/bots/support-bot`;

/** The call that began the first session, by EKS or by somebody who sets the same tags. */
const first = (caller: JsonObject): RecordObject =>
  assumeRole(caller, "bot", sessionKey(1), {
    eventID: eventId(11),
    requestParameters: { roleArn: roleArn("bot"), tags, transitiveTagKeys: Object.keys(pod) },
  });
const second = assumeRole(session("bot", "s", sessionKey(1)), "target", sessionKey(2), {
  eventID: eventId(12),
  requestParameters: { roleArn: roleArn("target"), incomingTransitiveTags: pod },
});
const call = record({ userIdentity: session("target", "s", sessionKey(2)) });

describe("a role that a pod took with its first session", () => {
  it("is the pod's where EKS is seen to have begun that session", () => {
    const byEks = first({ type: "AWSService", invokedBy: "pods.eks.amazonaws.com" });
    expect(attributionOf(call, [second, byEks])).toMatchObject({ id, class: "linked", root: { kind: "workload", id } });
  });

  it("is a guess where the beginning is not seen, or somebody else set the tags", () => {
    for (const among of [[second], [second, first(session("intruder", "s", sessionKey(3)))]])
      expect(attributionOf(call, among)).toMatchObject({
        class: "inferred",
        confidence: "low",
        declared: false,
        root: { kind: "unknown" },
      });
  });
});
