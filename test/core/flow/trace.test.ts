import { describe, expect, it } from "vitest";
import { instant } from "../../../core/event/instant.ts";
import { entryWords, keptFlag } from "../../../core/event/record-table.ts";
import { purposesOf } from "../../../core/flow/purpose.ts";
import { tracer } from "../../../core/flow/trace.ts";
import { noPrincipal } from "../../../core/identity/principal-index.ts";
import {
  account,
  assumeRole,
  chain,
  eventId,
  exampleKey,
  instanceEnvelope,
  lookupEntry,
  putRolePolicy,
  record,
  region,
  secondsAfter,
  session,
  sessionKey,
  user,
} from "../../fixtures/records.ts";
import { traced, tracedText } from "./folding.ts";

const wordsOf = (item: unknown): readonly number[] => [...traced([item]).words];
const twice = "one object has the same key twice, so two readers could see two different calls";

describe("tracing records", () => {
  it("writes six words a record and numbers each principal once", () => {
    const trace = traced([
      record(),
      record({ eventID: eventId(2) }),
      record({ eventID: eventId(3), userIdentity: session("a", "s", sessionKey(1)) }),
    ]);
    expect(trace).toMatchObject({ count: 3, ignored: 0, parked: [] });
    expect(trace.words).toHaveLength(3 * entryWords);
    expect([5, 11, 17].map((i) => trace.words[i])).toEqual([0, 0, 1]);
    expect(trace.principals.map(({ json }) => (JSON.parse(json) as { kind: string }).kind)).toEqual([
      "iam-user",
      "assumed-role",
    ]);
  });

  it("tells principals apart by everything that is said of them", () => {
    const identities = [
      user(),
      user({ invokedBy: "x.amazonaws.com" }),
      user({ accountId: "444455556666" }),
      session("a", "s", sessionKey(1)),
      session("a", "s", sessionKey(1), { inScopeOf: { issuerType: "t", credentialsIssuedTo: "a" } }),
      session("a", "s", sessionKey(1), { inScopeOf: { issuerType: "t", credentialsIssuedTo: "b" } }),
      session("a", "s", sessionKey(1), { sessionContext: { ec2RoleDelivery: "1.0" } }),
      session("a", "s", sessionKey(1), { sessionContext: { ec2RoleDelivery: "2.0" } }),
      session("a", "t", sessionKey(1)),
    ];
    const all = [...identities, ...identities.toReversed()];
    const trace = traced(all.map((userIdentity, i) => record({ eventID: eventId(i), userIdentity })));
    expect(trace.principals).toHaveLength(identities.length);
    expect(new Set(trace.principals.map(({ digest }) => digest.join())).size).toBe(identities.length);
    const numbers = Array.from({ length: all.length }, (_, i) => trace.words[i * entryWords + 5]);
    expect(numbers.slice(0, 9)).toEqual(numbers.slice(9).reverse());
  });

  it("starts anew with every take, but goes on numbering principals", () => {
    const into = tracer({ purposes: purposesOf([]), rows: "wanted" });
    const sink = into.sink("in");
    const put = (item: unknown): void => sink.item(item, () => JSON.stringify(item), { mark: "#", number: 0 });
    put(record());
    put(7);
    expect(into.pending).toBe(2);
    expect(into.take()).toMatchObject({ count: 1, parked: [{ source: "in#0" }] });
    expect(into.pending).toBe(0);
    put(record({ eventID: eventId(2), userIdentity: session("a", "s", sessionKey(1)) }));
    const second = into.take();
    expect(second).toMatchObject({ count: 1, parked: [] });
    expect(second.principals).toHaveLength(1);
    expect([second.words[5], second.rows.length, second.firsts.length]).toEqual([1, 1, 1]);
  });

  it("grows with the batch", () => {
    const trace = traced(Array.from({ length: 5_000 }, (_, i) => record({ eventID: eventId(i) })));
    expect(trace.words).toHaveLength(5_000 * entryWords);
    expect(
      new Set(
        Array.from({ length: 5_000 }, (_, i) => `${trace.words[i * entryWords]} ${trace.words[i * entryWords + 1]}`),
      ).size,
    ).toBe(5_000);
  });

  it("gives the same words for the same record, and differs in the words that say what differs", () => {
    const one = wordsOf(record());
    expect(wordsOf(record())).toEqual(one);
    const differing = (item: unknown): readonly number[] =>
      wordsOf(item).flatMap((word, i) => (word === one[i] ? [] : [i]));
    expect(differing(record({ eventID: eventId(2) }))).toEqual([0, 1]);
    expect(differing(record({ eventTime: secondsAfter(7) }))).toEqual([2]);
    expect(differing(record({ awsRegion: "us-east-2" }))).toEqual([3]);
    expect(differing(record({ userAgent: "aws-cli/2.15.00" }))).toEqual([4]);
  });

  it("keeps what is judged and what issues a credential, masked, and nothing else", () => {
    const [first, , read] = chain();
    const trace = traced([first, record({ eventName: "ListBuckets", eventID: eventId(2) }), read, instanceEnvelope()]);
    expect(trace.kept.map(({ record: number, links }) => [number, links.keys[0]])).toEqual([
      [0, `key ${sessionKey(1)}`],
      [2, undefined],
      [3, undefined],
    ]);
    expect([4, 10, 16, 22].map((i) => ((trace.words[i] ?? 0) & keptFlag) !== 0)).toEqual([true, false, true, true]);
    expect(trace.words[3 * entryWords + 5]).toBe(noPrincipal);
    const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    const kept = traced([
      record({ requestParameters: { a: secret } }),
      assumeRole(user(), "a", exampleKey, { requestParameters: { policy: secret } }),
    ]).kept;
    expect(kept).toHaveLength(2);
    expect(JSON.stringify(kept)).not.toContain(secret);
  });

  it("says where and when the records happened, whatever order they come in", () => {
    const all = [
      record({ eventTime: secondsAfter(5) }),
      record({ recipientAccountId: "", userIdentity: null, awsRegion: "" }),
      instanceEnvelope({ time: secondsAfter(-5), account: "444455556666" }),
    ];
    for (const order of [all, all.toReversed(), [...all.slice(1), all[0]]])
      expect(traced(order).spread).toEqual({
        accounts: new Set([account, "444455556666"]),
        regions: new Set([region]),
        earliest: Date.parse(secondsAfter(-5)),
        latest: Date.parse(secondsAfter(5)),
        reads: 2,
        dataEvents: 0,
        envelopes: 1,
      });
  });
});

describe("parking", () => {
  const write = JSON.stringify(putRolePolicy("{}"));
  const doubled = write.replace('"roleName"', '"roleName":"other","roleName"');

  it("parks an IAM write in which a key stands twice, wherever it stands", () => {
    const text = [
      doubled,
      write.replace(/^\{/, '{"eventName":"GetRole",'),
      write.replace(/^\{/, '{"a":[{"b":1,"b":1}],'),
    ];
    for (const one of text)
      expect(tracedText(one)).toMatchObject({ count: 0, parked: [{ source: "in:1", reason: twice }] });
  });

  it("parks it inside an envelope and inside a LookupEvents entry as well", () => {
    const enveloped = JSON.stringify({
      version: "0",
      id: "1",
      "detail-type": "AWS API Call via CloudTrail",
      source: "aws.iam",
      time: secondsAfter(0),
      detail: "X",
    });
    for (const one of [enveloped.replace('"X"', doubled), JSON.stringify({ EventId: "1", CloudTrailEvent: doubled })])
      expect(tracedText(one).parked).toEqual([{ source: "in:1", reason: twice }]);
    expect(tracedText(JSON.stringify(lookupEntry(putRolePolicy("{}")))).parked).toEqual([]);
  });

  it("is quiet about the same in what IAM is only asked for, and elsewhere", () => {
    expect(tracedText(write).parked).toEqual([]);
    expect(tracedText(doubled.replace("PutRolePolicy", "GetRolePolicy"))).toMatchObject({ count: 1, parked: [] });
    expect(tracedText(doubled.replace("iam.amazonaws", "s3.amazonaws"))).toMatchObject({ count: 1, parked: [] });
  });

  it("parks any record in which a key stands twice when it is so large that something may hide in it", () => {
    const large = JSON.stringify(record({ filler: "a".repeat(70_000) }));
    expect(tracedText(large).parked).toEqual([]);
    expect(tracedText(large.replace("{", '{"a":1,"a":2,')).parked).toMatchObject([{ reason: twice }]);
  });

  it("survives an IAM write whose other fields only look like a LookupEvents entry", () =>
    expect(() => traced([putRolePolicy("{}", { CloudTrailEvent: '{"\\x":1,"\\x' })])).not.toThrow());

  it("parks by place what cannot be read, and what is dated in the future where that is asked", () => {
    const into = tracer({ purposes: [], rows: "not-wanted", notAfter: instant(Date.parse(secondsAfter(0))) });
    into.fileSink("file")("cut off");
    into.sink("file").broken("not valid JSON", { mark: ":", number: 3 });
    for (const second of [0, 1])
      into.sink("file").item(record({ eventTime: secondsAfter(second) }), () => "", { mark: "#", number: second });
    expect(into.take()).toMatchObject({
      count: 1,
      parked: [
        { source: "file", reason: "cut off" },
        { source: "file:3", reason: "not valid JSON" },
        { source: "file#1", reason: "the event is dated in the future" },
      ],
    });
  });
});

describe("a record whose identity is not what it should be", () => {
  it("is read all the same, whatever stands where a key id should", () => {
    // Found by the fuzzer: an object without a usable toString.
    const userIdentity = { ...user(), accessKeyId: JSON.parse('{"toString":null,"valueOf":null}') };
    const into = tracer({ purposes: purposesOf([]), rows: "not-wanted" });
    into.sink("a").item(record({ userIdentity }), () => "", { mark: "#", number: 0 });
    expect(into.take()).toMatchObject({ count: 1, parked: [] });
  });
});
