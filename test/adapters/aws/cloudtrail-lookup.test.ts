import { describe, expect, test } from "vitest";
import { lookupReader } from "../../../adapters/aws/cloudtrail-lookup.ts";
import { at, awsError, fakeHistory, virtualTime } from "./fake-aws.ts";

const window = {
  region: "eu-west-1",
  from: at("2026-11-20T02:00:00Z"),
  to: at("2026-11-20T02:59:59Z"),
  settled: true,
};
const happened = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    id: `id-${n}`,
    time: at(`2026-11-20T02:${String(n).padStart(2, "0")}:00Z`),
  }));

function reading(fake: ReturnType<typeof fakeHistory>) {
  const time = virtualTime(at("2026-11-20T12:00:00Z"));
  return { time, reader: lookupReader(async () => fake.client, time.clock, time.sleep) };
}

describe("reading the event history", () => {
  test("asks for fifty records of the window and follows the token", async () => {
    const fake = fakeHistory(happened(4));
    const { reader } = reading(fake);
    const first = await reader.page(window, undefined);
    if (first.kind !== "page") throw new Error("no page");
    expect(first.records).toHaveLength(3);
    expect(first.oldest).toBe(at("2026-11-20T02:01:00Z"));
    expect(fake.sent[0]?.input).toEqual({
      StartTime: new Date(window.from),
      EndTime: new Date(window.to),
      MaxResults: 50,
    });
    const second = await reader.page(window, first.next);
    expect(second).toMatchObject({ kind: "page", next: undefined });
    expect(fake.sent[1]?.input).toMatchObject({ NextToken: first.next });
  });

  test("keeps half a second between requests to a Region", async () => {
    const { reader, time } = reading(fakeHistory(happened(1)));
    for (let n = 0; n < 3; n += 1) await reader.page(window, undefined);
    expect(time.slept).toEqual([500, 500]);
    await reader.page({ ...window, region: "eu-west-2" }, undefined);
    expect(time.slept).toEqual([500, 500]);
  });

  test("waits out throttling", async () => {
    let refusals = 2;
    const fake = fakeHistory(happened(1), () => {
      refusals -= 1;
      if (refusals >= 0) throw awsError("ThrottlingException", "Rate exceeded");
    });
    expect(await reading(fake).reader.page(window, undefined)).toMatchObject({ kind: "page" });
    expect(fake.sent).toHaveLength(3);
  });

  test("says that a token is refused instead of failing", async () => {
    const { reader } = reading(fakeHistory(happened(1)));
    expect(await reader.page(window, "stale")).toEqual({ kind: "token-refused" });
  });

  test("given a denied look-up, names the right", async () => {
    const fake = fakeHistory([], () => {
      throw awsError("AccessDeniedException", "User: x is not authorized to perform: cloudtrail:LookupEvents");
    });
    await expect(reading(fake).reader.page(window, undefined)).rejects.toThrow(
      "The right cloudtrail:LookupEvents on * is missing",
    );
  });

  test("keeps a record on one line and an event without its record readable", async () => {
    const client = {
      send: async () => ({
        $metadata: {},
        Events: [{ CloudTrailEvent: '{\n  "eventID": "a\\nb"\r\n}' }, { EventId: "bare", EventName: "X" }],
      }),
    };
    const time = virtualTime(at("2026-11-20T12:00:00Z"));
    const page = await lookupReader(async () => client, time.clock, time.sleep).page(window, undefined);
    if (page.kind !== "page") throw new Error("no page");
    expect(page.records.map((one) => JSON.parse(one))).toEqual([
      { eventID: "a\nb" },
      { EventId: "bare", EventName: "X" },
    ]);
    expect(page.records.join("")).not.toContain("\n");
  });
});
