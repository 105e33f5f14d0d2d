import { describe, expect, it } from "vitest";
import { memorySessions } from "../../../adapters/memory/sessions.ts";
import { audit } from "../../../core/flow/audit.ts";
import type { SessionStore } from "../../../core/identity/lineage/session-store.ts";
import { incident } from "../../fixtures/incident.ts";
import type { RecordObject } from "../../fixtures/records.ts";
import { messageOf, portsOf, remembering } from "./live.ts";

/** Calls of the store for each of these batches, audited by one process or each by a new one. */
async function callsFor(batches: readonly (readonly RecordObject[])[], how: "one process" | "a new process each") {
  const inner = memorySessions();
  let [reads, writes] = [0, 0];
  const store: SessionStore = {
    ...inner,
    find: (keys) => {
      reads++;
      return inner.find(keys);
    },
    put: (links) => {
      writes++;
      return inner.put(links);
    },
  };
  const { sessions: _, ...ports } = portsOf();
  let sessions = remembering(store);
  const calls: { reads: number; writes: number; found: number }[] = [];
  for (const batch of batches) {
    if (how === "a new process each") sessions = remembering(store);
    [reads, writes] = [0, 0];
    const { settlement } = await audit(
      batch.map((one) => messageOf(one)),
      { ...ports, sessions },
    );
    calls.push({ reads, writes, found: settlement.findings.length });
  }
  return calls;
}

const quiet = { acts: [], ordinary: 6 };

describe("calls of the session store", () => {
  it("are one write for a new credential and at most one read, and none once it is known", async () => {
    const records = incident({ hops: 3, ...quiet });
    const issuing = records.filter((one) => one["eventName"] === "AssumeRole");
    const using = records.filter((one) => one["eventName"] !== "AssumeRole");
    const calls = await callsFor(
      [...issuing.map((one) => [one]), ...using.map((one) => [one]), records],
      "one process",
    );
    for (const { reads, writes } of calls.slice(0, 3)) {
      expect(writes).toBe(1);
      expect(reads).toBeLessThanOrEqual(1);
    }
    const rest = calls.slice(3);
    expect(rest.reduce((sum, one) => sum + one.writes, 0)).toBe(0);
    expect(rest.reduce((sum, one) => sum + one.reads, 0)).toBeLessThanOrEqual(1);
    expect(calls.at(-1)).toEqual({ reads: 0, writes: 0, found: 0 });
  });

  it("are one write for a batch that issues many credentials, and one read at most for each step of a chain", async () => {
    const many = Array.from({ length: 20 }, (_, place) => incident({ hops: 3, ...quiet, from: 1_000 * place })).flat();
    const issuing = many.filter((one) => one["eventName"] === "AssumeRole");
    const using = many.filter((one) => one["eventName"] !== "AssumeRole");
    const [first, second] = await callsFor([issuing, using], "a new process each");
    expect(first?.writes).toBe(1);
    expect(first?.reads).toBeLessThanOrEqual(3);
    expect(second?.writes).toBe(0);
    expect(second?.reads).toBeLessThanOrEqual(4);
  });

  it("are two reads more where something was found, for the chain must not have grown meanwhile", async () => {
    const records = incident({ hops: 2, acts: ["grant", "key", "trail"], ordinary: 0 });
    const [, once, again] = await callsFor([records.slice(0, 2), records.slice(2), records], "one process");
    expect(once?.found).toBe(3);
    expect(once).toMatchObject({ writes: 0 });
    expect(once?.reads).toBeLessThanOrEqual(3);
    expect(again).toMatchObject({ reads: 2, writes: 0 });
  });
});
