import { expect, it } from "vitest";
import { instant } from "../../core/event/instant.ts";
import type { Ledger, LedgerEntry, Step, StoredLedger } from "../../core/record/ledger.ts";
import { verifyLedger } from "../../core/record/verify.ts";

const at = instant(Date.parse("2026-11-20T10:00:00Z"));
const step = (key: string, caseId?: string): Step => ({
  kind: "decided",
  key,
  ...(caseId === undefined ? {} : { caseId }),
  body: { key, count: 1 },
});

async function all(entries: AsyncIterable<LedgerEntry>): Promise<readonly LedgerEntry[]> {
  const found: LedgerEntry[] = [];
  for await (const entry of entries) found.push(entry);
  return found;
}

/** What every ledger must do, whatever it is made of. */
export function ledgerContract(make: () => Ledger & StoredLedger): void {
  it("appends in order, links the entries and verifies", async () => {
    const ledger = make();
    const first = await ledger.append("local", [step("a"), step("b")], at);
    const second = await ledger.append("local", [step("c")], at);
    expect([...first, ...second].map((entry) => entry.sequence)).toEqual([1, 2, 3]);
    expect(second[0]?.previous).toBe(first[1]?.digest);
    expect(await all(ledger.read({ chain: "local" }))).toEqual([...first, ...second]);
    expect(await verifyLedger(ledger)).toMatchObject({ kind: "unbroken", entries: 3 });
  });
  it("records a step once: within a batch, across batches, and with another body", async () => {
    const ledger = make();
    expect(await ledger.append("local", [step("a"), step("a")], at)).toHaveLength(1);
    expect(await ledger.append("local", [step("a"), { ...step("a"), body: {} }], at)).toEqual([]);
    expect(await ledger.append("local", [step("a"), step("b")], at)).toHaveLength(1);
    expect(await all(ledger.read({ chain: "local" }))).toHaveLength(2);
  });
  it("keeps chains apart, with a head each, sorted", async () => {
    const ledger = make();
    await ledger.append("b", [step("a")], at);
    await ledger.append("a", [step("a"), step("b")], at);
    expect((await ledger.heads()).map(({ chain, entries }) => [chain, entries])).toEqual([
      ["a", 2],
      ["b", 1],
    ]);
    const digests = await Promise.all(["a", "b"].map((chain) => all(ledger.read({ chain }))));
    expect(digests[0]?.[0]?.digest).not.toBe(digests[1]?.[0]?.digest);
    expect(await verifyLedger(ledger)).toMatchObject({ kind: "unbroken", entries: 3 });
  });
  it("reads the entries of one case, and nothing of an unknown chain", async () => {
    const ledger = make();
    await ledger.append("local", [step("a", "case-1"), step("b", "case-2"), step("c", "case-1")], at);
    const found = await all(ledger.read({ chain: "local", caseId: "case-1" }));
    expect(found.map((entry) => entry.step.key)).toEqual(["a", "c"]);
    expect(await all(ledger.read({ chain: "nowhere" }))).toEqual([]);
  });
  it("appends nothing for no steps, and has no head for it", async () => {
    const ledger = make();
    expect(await ledger.append("local", [], at)).toEqual([]);
    expect(await ledger.heads()).toEqual([]);
    expect(await verifyLedger(ledger)).toMatchObject({ kind: "incomplete" });
  });
  it("stores odd text so that it still verifies", async () => {
    const ledger = make();
    const body = JSON.parse('{"__proto__":1,"\\ud800":"\\udfff\\u202e","b":-0,"a":[1e21,null,{}],"\\ufffd":2}');
    await ledger.append("local", [{ ...step("odd"), body }], at);
    expect(await verifyLedger(ledger)).toMatchObject({ kind: "unbroken" });
  });
  it("refuses all of a batch with a step that no verifier would read", async () => {
    const ledger = make();
    const deep = JSON.parse(`{"a":${"[".repeat(500)}${"]".repeat(500)}}`);
    await expect(ledger.append("local", [step("a"), { ...step("b"), body: deep }], at)).rejects.toMatchObject({
      code: "misconfigured",
    });
    await expect(ledger.append("no spaces", [step("a")], at)).rejects.toMatchObject({ code: "misconfigured" });
    expect(await ledger.heads()).toEqual([]);
  });
}
