import { describe, expect, it } from "vitest";
import { type Head, readHead } from "../../../core/event/head.ts";
import type { RecordObject } from "../../fixtures/records.ts";
import {
  account,
  envelope,
  eventId,
  insight,
  instanceEnvelope,
  lookupEntry,
  otherAccount,
  record,
} from "../../fixtures/records.ts";

function headOf(item: unknown): Head {
  const read = readHead(item);
  if (read.kind !== "read") throw new Error(`${read.kind}: ${read.because}`);
  return read.head;
}
const refusal = (item: unknown): string => {
  const read = readHead(item);
  return read.kind === "read" ? "read" : `${read.kind}: ${read.because}`;
};

describe("the id of a record", () => {
  it("is its eventID, also inside an envelope and a LookupEvents entry", () => {
    for (const item of [record(), envelope(record()), lookupEntry(record())])
      expect(headOf(item)).toMatchObject({ form: "record", id: eventId(1), guessed: false, name: "GetObject" });
  });

  it("is a digest of the canonical record where there is none, whatever wraps it, and is flagged", () => {
    const bare = record({ eventID: undefined });
    const shuffled = Object.fromEntries(Object.entries(JSON.parse(JSON.stringify(bare))).reverse());
    const heads = [bare, shuffled, envelope(bare), lookupEntry(bare)].map(headOf);
    expect(new Set(heads.map((head) => head.id)).size).toBe(1);
    for (const head of heads)
      expect(head).toMatchObject({ id: expect.stringMatching(/^sha256:[0-9a-f]{32}$/), guessed: true });
    expect(headOf(record({ eventID: undefined, requestID: "other" })).id).not.toBe(heads[0]?.id);
  });

  it.each([[""], [7], [null], [["x"]]])("is that digest too where eventID is %j", (eventID) =>
    expect(headOf(record({ eventID }))).toMatchObject({ id: expect.stringMatching(/^sha256:/), guessed: true }),
  );

  it("is source and id for an envelope that a service sent by itself", () =>
    expect(headOf(instanceEnvelope())).toMatchObject({
      form: "envelope",
      id: "aws.ec2:7bf73129-1428-4cd3-a780-95db273d1603",
      name: "EC2 Instance State-change Notification",
      guessed: false,
    }));

  it("is a digest for an envelope without an id, and is flagged", () =>
    expect(headOf(instanceEnvelope({ id: undefined }))).toMatchObject({
      id: expect.stringMatching(/^sha256:[0-9a-f]{32}$/),
      guessed: true,
    }));
});

describe("the time of a record", () => {
  const noon = Date.UTC(2026, 0, 31, 12);
  it("is its eventTime, in any spelling that is allowed", () => {
    for (const eventTime of ["2026-01-31T12:00:00Z", "2026-01-31 12:00:00", "2026-01-31T13:00:00+01:00"])
      expect(headOf(record({ eventTime }))).toMatchObject({ at: noon, guessed: false });
  });

  it("is the envelope's where there is none, and is flagged", () =>
    expect(headOf(envelope(record({ eventTime: undefined }), { time: "2026-01-31T12:00:00Z" }))).toMatchObject({
      at: noon,
      guessed: true,
    }));

  it("is not papered over by the envelope's where it is wrong", () =>
    expect(refusal(envelope(record({ eventTime: "2026-02-30T12:00:00Z" })))).toMatch(
      /^parked: eventTime is not a time/,
    ));

  it.each([
    ["no time at all", record({ eventTime: undefined }), /^parked: there is no eventTime/],
    ["30 February", record({ eventTime: "2026-02-30T12:00:00Z" }), /^parked: eventTime is not a time/],
    ["a number", record({ eventTime: 1_769_860_800 }), /^parked: eventTime is not a time/],
    ["an envelope without a time", instanceEnvelope({ time: undefined }), /^parked: there is no time/],
    ["an envelope with a wrong time", instanceEnvelope({ time: "noon" }), /^parked: time is not a time/],
    ["neither time", envelope(record({ eventTime: undefined }), { time: undefined }), /^parked: there is no eventTime/],
  ])("parks %s and says why", (_, item, reason) => expect(refusal(item)).toMatch(reason));
});

describe("the account of a record", () => {
  const detail = (over: RecordObject): RecordObject => envelope(record(over), { account: "222222222222" });
  it.each([
    ["recipientAccountId", detail({ recipientAccountId: otherAccount }), otherAccount],
    ["the envelope's, where that is absent", detail({ recipientAccountId: undefined }), "222222222222"],
    ["the signer's, where both are absent", record({ recipientAccountId: undefined }), account],
    ["nothing, where no one says", record({ recipientAccountId: undefined, userIdentity: null }), ""],
  ])("is %s", (_, item, expected) => expect(headOf(item).account).toBe(expected));

  it("is where the Region comes from the envelope as well", () => {
    expect(headOf(envelope(record({ awsRegion: undefined }), { region: "eu-west-1" })).region).toBe("eu-west-1");
    expect(headOf(envelope(record(), { region: "eu-west-1" })).region).toBe("us-east-1");
  });
});

describe("the version of a record", () => {
  it.each([[undefined], ["1"], ["1.0"], ["1.08"], ["1.11"], ["1.99"]])("is accepted when it is %j", (eventVersion) =>
    expect(refusal(record({ eventVersion }))).toBe("read"),
  );
  it.each([["2.0"], ["10.1"], ["0.9"], ["11"], [""], ["v1"], [null], [{}]])(
    "parks the record when it is %j",
    (eventVersion) => expect(refusal(record({ eventVersion }))).toMatch(/^parked: eventVersion is not 1\.x/),
  );
});

describe("telling items apart", () => {
  it.each([
    ["a list", []],
    ["text", "x"],
    ["a number", 7],
    ["null", null],
  ])("parks %s", (_, item) => expect(refusal(item)).toBe("parked: the item is not a JSON object"));

  it.each([
    ["no eventSource", record({ eventSource: undefined }), /no eventSource/],
    ["no eventName", record({ eventName: undefined }), /no eventName/],
    ["an envelope without detail", envelope(record(), { detail: null }), /no detail/],
    ["an envelope without a source", instanceEnvelope({ source: undefined }), /no source/],
    ["an object of another kind", { hello: "world" }, /neither a CloudTrail record nor an EventBridge event/],
    ["a LookupEvents entry whose text is not JSON", { CloudTrailEvent: "{" }, /CloudTrailEvent is not JSON/],
    ["a LookupEvents entry inside another", lookupEntry(lookupEntry(record())), /does not hold a record/],
    ["a LookupEvents entry that holds a list", { CloudTrailEvent: "[]" }, /does not hold a record/],
  ])("parks %s and says why", (_, item, reason) => expect(refusal(item)).toMatch(reason));

  it("takes the call's name from an Insight event's details", () =>
    expect(headOf(insight())).toMatchObject({ name: "RunInstances", source: "cloudtrail.amazonaws.com" }));

  it("ignores digest files", () =>
    expect(refusal({ awsAccountId: account, digestS3Object: "AWSLogs/x", logFiles: [] })).toBe(
      "ignored: a CloudTrail digest file",
    ));

  it("measures the record inside an envelope or entry, not what is around it", () => {
    const lengths = [record(), envelope(record()), lookupEntry(record())].map((item) => headOf(item).length);
    expect(new Set(lengths).size).toBe(1);
  });

  it("refuses by name what breaks a bound, around the record and inside it", () => {
    const deep = JSON.parse(`${'{"a":'.repeat(100)}1${"}".repeat(100)}`);
    const reason = /^parked: the record is nested deeper than 64 levels/;
    const inEntry = lookupEntry(record({ requestParameters: deep }));
    for (const item of [record({ x: deep }), envelope(record({ x: deep })), envelope(record(), { x: deep }), inEntry])
      expect(refusal(item)).toMatch(reason);
  });

  it("says that a key could reach a prototype", () => {
    expect(headOf(record({ requestParameters: JSON.parse('{"__proto__":{"a":1}}') })).guessed).toBe(true);
    expect(headOf(record()).guessed).toBe(false);
    expect(refusal(JSON.parse('{"__proto__":{"eventName":"x","eventSource":"y"}}'))).toMatch(/^parked: neither/);
  });
});
