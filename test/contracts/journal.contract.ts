import { expect, it } from "vitest";
import { instant } from "../../core/event/instant.ts";
import type { Journal, JournalEntry } from "../../core/respond/journal.ts";
import type { RunIndex } from "../../core/respond/run-index.ts";

const received: JournalEntry = { kind: "received", request: { caseId: "c" } };
const ended: JournalEntry = { kind: "ended", end: "contained", because: "every step was read back" };

/** What every journal must do, whatever it is made of. */
export function journalContract(make: () => Journal & RunIndex): void {
  it("finds runs by their case and by their principal, and intents by their token", async () => {
    const journal = make();
    const change = { slot: { kind: "trust", role: "r" }, before: null, after: {} } as const;
    const intent: JournalEntry = { kind: "intent", step: 0, token: "t1", change, attempt: 1 };
    for (const [run, principal, caseId] of [
      ["b", "AROA1", "c1"],
      ["a", "AROA1", "c2"],
      ["c", "AROA2", "c1"],
    ] as const) {
      const lease = await journal.claim(principal, "one", instant(0), 60);
      if (lease === undefined) throw new Error("nobody else is there");
      await journal.append(run, lease, 0, [{ kind: "received", request: { caseId } }, intent], instant(7));
    }
    expect((await journal.ofCase("c1")).map(({ run }) => run)).toEqual(["b", "c"]);
    expect((await journal.ofPrincipal("AROA1")).map(({ run }) => run)).toEqual(["a", "b"]);
    expect(await journal.ofCase("c3")).toEqual([]);
    expect((await journal.intents("t1")).map(({ run, at }) => [run, at])).toEqual([
      ["a", 7],
      ["b", 7],
      ["c", 7],
    ]);
    expect(await journal.intents("t2")).toEqual([]);
  });
  it("gives one worker a principal at a time, and the next one when the lease is given back or over", async () => {
    const journal = make();
    const first = await journal.claim("AROA1", "one", instant(0), 60);
    expect(first?.fence).toBe(1);
    expect(await journal.claim("AROA1", "two", instant(59_999), 60)).toBeUndefined();
    expect((await journal.claim("AROA2", "two", instant(0), 60))?.fence).toBe(1);
    expect((await journal.claim("AROA1", "two", instant(60_000), 60))?.fence).toBe(2);
    const again = await journal.claim("AROA2", "two", instant(1), 60);
    if (again !== undefined) await journal.release(again);
    expect((await journal.claim("AROA2", "three", instant(2), 60))?.owner).toBe("three");
  });
  it("refuses every write of whoever lost the lease", async () => {
    const journal = make();
    const slow = await journal.claim("AROA1", "slow", instant(0), 10);
    const quick = await journal.claim("AROA1", "quick", instant(10_000), 10);
    if (slow === undefined || quick === undefined) throw new Error("both had their turn");
    expect(await journal.renew(slow, instant(10_001), 10)).toBeUndefined();
    await expect(journal.append("run", slow, 0, [received], instant(10_001))).rejects.toMatchObject({
      code: "conflict",
    });
    await journal.release(slow);
    expect(await journal.claim("AROA1", "third", instant(10_002), 10)).toBeUndefined();
    await journal.append("run", quick, 0, [received], instant(10_003));
    expect(await journal.read("run")).toEqual([
      { schema: 1, run: "run", sequence: 1, at: 10_003, fence: quick.fence, entry: received },
    ]);
  });
  it("appends where the writer believes it is, or not at all", async () => {
    const journal = make();
    const lease = await journal.claim("AROA1", "one", instant(0), 60);
    if (lease === undefined) throw new Error("nobody else is there");
    await journal.append("run", lease, 0, [received], instant(1));
    await expect(journal.append("run", lease, 0, [ended], instant(2))).rejects.toMatchObject({ code: "conflict" });
    await expect(journal.append("run", lease, 2, [ended], instant(2))).rejects.toMatchObject({ code: "conflict" });
    await journal.append("run", lease, 1, [ended], instant(3));
    expect((await journal.read("run")).map(({ sequence, entry }) => [sequence, entry.kind])).toEqual([
      [1, "received"],
      [2, "ended"],
    ]);
  });
  it("names the runs that have no end yet", async () => {
    const journal = make();
    const lease = await journal.claim("AROA1", "one", instant(0), 60);
    if (lease === undefined) throw new Error("nobody else is there");
    await journal.append("a", lease, 0, [received], instant(1));
    await journal.append("b", lease, 0, [received], instant(1));
    await journal.append("b", lease, 1, [ended], instant(1));
    expect(await journal.open()).toEqual([{ run: "a", principal: "AROA1" }]);
    expect(await journal.read("nobody's")).toEqual([]);
  });
}
