import { expect, it } from "vitest";
import { type Budget, breakers, type Spend } from "../../core/decide/budget.ts";
import { instant } from "../../core/event/instant.ts";

const spend = (run: number, over: Partial<Spend> = {}): Spend => ({
  schema: 1,
  run: `run-${run}`,
  account: "111122223333",
  principal: `AROA${run}`,
  at: instant(1_000_000_000),
  ...over,
});

/** What every count of containments must do, whatever it is made of. */
export function budgetContract(make: () => Budget): void {
  it("gives out so many places in ten minutes and no more, also to workers that ask at once", async () => {
    const budget = make();
    const asked = await Promise.all(Array.from({ length: 12 }, (_, run) => budget.take(spend(run))));
    expect(asked.filter(({ kind }) => kind === "taken")).toHaveLength(breakers.tenMinutes);
    expect(asked.filter(({ kind }) => kind === "refused")).toHaveLength(12 - breakers.tenMinutes);
    expect((await budget.take(spend(50, { account: "444455556666" }))).kind).toBe("taken");
    expect((await budget.take(spend(51, { at: instant(1_000_000_000 + 600_000) }))).kind).toBe("taken");
  });
  it("counts a run once, however often it asks", async () => {
    const budget = make();
    expect((await budget.take(spend(1))).kind).toBe("taken");
    for (let time = 0; time < 9; time++) expect((await budget.take(spend(1))).kind).toBe("known");
    expect((await budget.take(spend(2))).kind).toBe("taken");
  });
  it("refuses a second action on one principal within a day", async () => {
    const budget = make();
    await budget.take(spend(1, { principal: "AROA" }));
    expect(await budget.take(spend(2, { principal: "AROA" }))).toMatchObject({ reason: { rule: "second-action" } });
    const nextDay = instant(1_000_000_000 + 86_400_000);
    expect((await budget.take(spend(3, { principal: "AROA", at: nextDay }))).kind).toBe("taken");
  });
  it("gives out so many places in a day", async () => {
    const budget = make();
    const asked: string[] = [];
    for (let run = 0; run < 30; run++)
      asked.push((await budget.take(spend(run, { at: instant(1_000_000_000 + run * 1_800_000) }))).kind);
    expect(asked.filter((kind) => kind === "taken")).toHaveLength(breakers.day);
  });
}
