import { expect, it } from "vitest";
import { watchersFor } from "../../../cli/watchers.ts";
import type { Head } from "../../../core/event/head.ts";
import { readHead } from "../../../core/event/head.ts";
import { keepingOf } from "../../../core/flow/keeping.ts";
import { countedOnly, purpose, purposeIndex, purposesOf } from "../../../core/flow/purpose.ts";

const head = (name: string, more: object = {}): Head => {
  const read = readHead({
    eventVersion: "1.11",
    eventTime: "2026-11-20T10:00:00Z",
    eventSource: "bedrock.amazonaws.com",
    eventName: name,
    awsRegion: "us-east-1",
    eventID: "00000000-0000-4000-8000-000000000001",
    requestID: "00000000-0000-4000-8000-000000000002",
    readOnly: true,
    managementEvent: true,
    recipientAccountId: "111122223333",
    tlsDetails: { tlsVersion: "TLSv1.3" },
    sourceIPAddress: "192.0.2.7",
    userAgent: "Boto3/1.35.0",
    userIdentity: { type: "IAMUser", accessKeyId: "AKIAIOSFODNN7EXAMPLE", accountId: "111122223333" },
    requestParameters: { modelId: "amazon.nova-lite-v1:0", prompt: "hello" },
    ...more,
  });
  if (read.kind !== "read") throw new Error("not a record");
  return read.head;
};

it("keeps of a call that is only counted what tells who did what from where, with its secrets masked", () => {
  const keeping = keepingOf(head("InvokeModel"), purpose.counted);
  expect(keeping.kind === "kept" && keeping.body).toEqual({
    eventTime: "2026-11-20T10:00:00Z",
    eventSource: "bedrock.amazonaws.com",
    eventName: "InvokeModel",
    awsRegion: "us-east-1",
    readOnly: true,
    managementEvent: true,
    recipientAccountId: "111122223333",
    sourceIPAddress: "192.0.2.7",
    userAgent: "Boto3/1.35.0",
    userIdentity: { type: "IAMUser", accessKeyId: "AKIAIOSFODNN7EXAMPLE", accountId: "111122223333" },
    requestParameters: { modelId: "amazon.nova-lite-v1:0", prompt: "[masked]" },
  });
});

it("keeps the whole of a call that is judged by itself", () => {
  const keeping = keepingOf(head("CreateAgent"), purpose.judge);
  expect(keeping.kind === "kept" && keeping.body["tlsDetails"]).toEqual({ tlsVersion: "TLSv1.3" });
});

it("drops keys that would reach a prototype from what is only counted", () => {
  const hostile = JSON.parse('{"__proto__":{"bad":true},"constructor":"x"}');
  const read = head("InvokeModel");
  const body = Object.defineProperties({ ...read.body }, Object.getOwnPropertyDescriptors(hostile));
  const keeping = keepingOf({ ...read, body }, purpose.counted);
  const kept = keeping.kind === "kept" ? keeping.body : {};
  expect(Object.keys(kept)).not.toContain("__proto__");
  expect(Object.keys(kept)).not.toContain("constructor");
  expect(({} as Record<string, unknown>)["bad"]).toBeUndefined();
});

it("counts only what no detector of single events watches", () => {
  const { detectors, windowed, counted = [] } = watchersFor([]);
  const again = countedOnly(windowed?.detectors ?? [], detectors);
  expect(counted.every((api) => again.includes(api))).toBe(true);
  expect(counted).toContain("bedrock:InvokeModel");
  expect(counted).not.toContain("iam:CreateAccessKey");
});

it("counts the same calls whatever a run asks for", () => {
  expect(watchersFor(["sprawl-access-key"]).counted).toEqual(watchersFor([]).counted);
});

it("tells calls that are only counted from those that are judged", () => {
  const purposeOf = purposeIndex(purposesOf(["bedrock:InvokeModel", "iam:CreateAccessKey"], ["bedrock:InvokeModel"]));
  const of = (source: string, name: string) => purposeOf({ form: "record", source, name });
  expect(of("bedrock.amazonaws.com", "InvokeModel")).toBe(purpose.counted);
  expect(of("iam.amazonaws.com", "CreateAccessKey")).toBe(purpose.judge);
});
