import { describe, expect, it } from "vitest";
import { oracleSays, oursSays } from "./oracle.ts";
import { oracleCase } from "./oracle-case.ts";
import { explained, reasons } from "./oracle-disagreement.ts";
import { table } from "./tables.ts";

/** `node scripts/compare-with-oracle.ts` takes as many as it is told. */
const dose = 2_000;

describe("another evaluator, made by other people", () => {
  it(`decides as ours on ${dose} generated requests, or differs for a reason that is written down`, async () => {
    const agreed = new Map<string, number>();
    for (let seed = 0; seed < dose; seed++) {
      const one = oracleCase(seed);
      const [oracle, ours] = [await oracleSays(one), oursSays(one, table).decision];
      if (oracle === ours) agreed.set(ours, (agreed.get(ours) ?? 0) + 1);
      else
        expect(
          explained(one, oracle, table),
          `seed ${seed}: oracle ${oracle}, ours ${ours}: ${JSON.stringify(one)}`,
        ).toBeDefined();
    }
    // The questions are worth asking: every answer comes often.
    for (const decision of ["Allowed", "ImplicitlyDenied", "ExplicitlyDenied"])
      expect(agreed.get(decision) ?? 0).toBeGreaterThan(dose / 10);
  }, 60_000);

  it("is given the same question for the same seed", () => expect(oracleCase(7)).toEqual(oracleCase(7)));

  it("has a reason of its own for each kind of difference", () =>
    expect(new Set(reasons.map(({ id }) => id)).size).toBe(reasons.length));
});
