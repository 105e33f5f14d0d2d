import { describe, expect, it } from "vitest";
import { memoryWaiting } from "../../../../adapters/memory/waiting.ts";
import type { WaitingStore } from "../../../../core/flow/live/waiting-store.ts";
import { eventId, record, secondsAfter, session, sessionKey, user } from "../../../fixtures/records.ts";
import { asks, line, stops } from "../live-line.ts";

const first = sessionKey(1);
const child = stops(session("a", "s", first), 50);
const parent = asks(first, 10);

describe("what does not wait", () => {
  it("is a record that shares its id with another: read alone, its finding would be another", async () => {
    const twins = ["ListKeys", "DescribeTrails", "GetTrailStatus", "LookupEvents"].map((eventName) => ({
      ...record({ eventName, userIdentity: user(), eventID: eventId(50), eventTime: secondsAfter(50) }),
    }));
    const { batch, steps } = line();
    const [finding] = (await batch([child, ...twins])).settlement.findings;
    expect(finding?.eventIDs[0]).toContain(`${eventId(50)}#`);
    expect((await batch([parent])).reconsidered).toBeUndefined();
    expect((await steps("found")).map(({ body }) => body["id"])).toEqual([finding?.id]);
  });

  it("is what comes when too many wait for the same credential; it is counted", async () => {
    const full: WaitingStore = { ...memoryWaiting(), put: async (records) => records.map((one) => one.id) };
    const { batch } = line({ waiting: full });
    expect((await batch([child, stops(session("a", "s", first), 56)])).crowded).toBe(2);
    expect((await batch([stops(user(), 57)])).crowded).toBe(0);
  });
});
