import { describe, expect, it } from "vitest";
import { eventId, exampleKey } from "../../fixtures/records.ts";
import { leaked, recordsOf, replayed, type Step } from "./replaying.ts";

/** Objects of a bucket are put under a key that only the intruder has, and marked for deletion within a week. */
const bucket = "model-weights";
const reencrypted = (place: number): Step => ({
  api: "s3:CopyObject",
  seconds: 300 + place * 2,
  request: {
    bucketName: bucket,
    key: `checkpoints/${place}.safetensors`,
    "x-amz-copy-source": `${bucket}/checkpoints/${place}.safetensors`,
    "x-amz-server-side-encryption-customer-algorithm": "AES256",
    "x-amz-server-side-encryption-customer-key-MD5": "HIDDEN_DUE_TO_SECURITY_REASONS",
  },
  over: { managementEvent: false, eventCategory: "Data", additionalEventData: { SSEApplied: "SSE_C" } },
});
const deadline: Step = {
  api: "s3:PutBucketLifecycle",
  seconds: 900,
  request: {
    bucketName: bucket,
    lifecycle: "",
    LifecycleConfiguration: { Rule: { ID: "pay", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 7 } } },
  },
};
const looking: readonly Step[] = [
  { api: "s3:ListBuckets", seconds: 0 },
  { api: "s3:GetBucketVersioning", seconds: 5, request: { bucketName: bucket } },
];
const intruder = leaked("backup-sync", exampleKey);
const copies = Array.from({ length: 12 }, (_, place) => reencrypted(place));

describe("Codefinger: ransom with keys that customers provide", () => {
  it("is one critical finding that names copies and deadline, where data events are recorded", async () => {
    const told = await replayed(recordsOf([...looking, ...copies, deadline], intruder));
    const [ransom, ...more] = told.by("exposure-ransom");
    expect(more).toEqual([]);
    expect(ransom).toMatchObject({ severity: "critical", resource: `arn:aws:s3:::${bucket}`, count: 13 });
    expect(ransom?.eventIDs).toEqual(Array.from({ length: 13 }, (_, place) => eventId(3 + place)));
    expect(told.cases).toBe(1);
  });

  it("is known by the deadline alone where they are not", async () => {
    const told = await replayed(recordsOf([...looking, deadline], intruder));
    expect(told.by("tampering-watch")).toMatchObject([
      { severity: "medium", title: `Everything in bucket ${bucket} will be deleted after 7 days by a rule` },
    ]);
    expect(told.by("exposure-ransom")).toEqual([]);
  });

  it("is known before the deadline is set, once several objects are gone", async () => {
    expect((await replayed(recordsOf(copies, intruder))).by("exposure-ransom")).toMatchObject([{ severity: "high" }]);
  });

  it("is told as tried where the bucket refuses such keys", async () => {
    const refused = copies.map((one) => ({ ...one, refused: true }));
    expect((await replayed(recordsOf(refused, intruder))).by("exposure-ransom")).toMatchObject([
      { severity: "medium", outcome: "denied" },
    ]);
  });

  it("is not an application that brings its own keys along, nor a bucket that is tidied up", async () => {
    const uploads = copies.map((one, place) => ({
      ...one,
      request: { ...one.request, "x-amz-copy-source": `incoming/${place}` },
    }));
    expect((await replayed(recordsOf(uploads, intruder))).loud()).toEqual([]);
  });
});
