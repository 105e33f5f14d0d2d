import { expect, it } from "vitest";
import { instant } from "../../../core/event/instant.ts";
import { emptyHead, entryText, following, headAfter, readEntry, unrecorded } from "../../../core/record/chain.ts";
import type { Step } from "../../../core/record/ledger.ts";

const step = (key: string): Step => ({ kind: "found", key, caseId: "c", body: { b: 1, a: [true, null, "é"] } });
const at = instant(Date.parse("2026-11-20T10:00:00Z"));

it("writes the digests that ledgers of this schema were always written with", () => {
  // Golden, computed by another program: a change here means that every stored ledger would no longer verify.
  const [first, second] = following(emptyHead("replay"), [step("one"), step("two")], at);
  expect(first?.previous).toBe("ca4ef2c808e8efd1904cf7a330e566b04e8a953e6327ba4ec8910278f4bf2c07");
  expect(first?.digest).toBe("acb8ee1e748cd381cd66acca3b0c2db909feeb2a9a575f1d616c0ffd5a2b988a");
  expect(second?.digest).toBe("c2e637ef9a23591a4f9d74b643d1532813a6706c54236159f1b04c4a75bac839");
});

it("spells an entry in one way only and reads it back", () => {
  const [entry] = following(emptyHead("replay"), [step("one")], at);
  expect(entry && readEntry(entryText(entry))).toEqual(entry);
  expect(entry && entryText(entry)).toMatch(
    /^\{"at":1795168800000,"chain":"replay","digest":"[0-9a-f]{64}","previous":/,
  );
});

it("starts chains of different names with different digests, so that none can pose as another", () => {
  expect(emptyHead("a").digest).not.toBe(emptyHead("b").digest);
});

it("moves the head to the last entry, and leaves it where nothing was appended", () => {
  const head = emptyHead("replay");
  const entries = following(head, [step("one"), step("two")], at);
  expect(headAfter(head, entries)).toEqual({ chain: "replay", entries: 2, digest: entries[1]?.digest });
  expect(headAfter(head, [])).toBe(head);
});

it("keeps the first of several steps with one key, and none whose key is recorded", () => {
  const steps = [step("a"), step("b"), { ...step("b"), body: {} }, step("c")];
  expect(unrecorded(steps, (key) => key === "a").map((one) => [one.key, Object.keys(one.body).length])).toEqual([
    ["b", 2],
    ["c", 2],
  ]);
});

it("refuses a step nested deeper than a verifier reads, and takes one that is not", () => {
  const nested = (levels: number): Step => ({
    ...step("deep"),
    body: JSON.parse(`{"a":${"[".repeat(levels)}${"]".repeat(levels)}}`),
  });
  expect(following(emptyHead("c"), [nested(120)], at)).toHaveLength(1);
  expect(() => following(emptyHead("c"), [nested(140)], at)).toThrow(
    expect.objectContaining({ code: "misconfigured" }),
  );
});
