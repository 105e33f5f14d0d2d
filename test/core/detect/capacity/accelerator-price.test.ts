import { describe, expect, it } from "vitest";
import accelerators from "../../../../core/detect/accelerators.data.json" with { type: "json" };
import { cents, hourlyPriceOf, priceSaid } from "../../../../core/detect/capacity/accelerator-price.ts";

describe("hourlyPriceOf", () => {
  it.each([
    ["p5.48xlarge", { usd: 55.04, as: "list" }],
    ["P5.48xlarge ", { usd: 55.04, as: "list" }],
    ["ml.p5.48xlarge", { usd: 55.04, as: "at-least" }],
    ["g5.xlarge", { usd: 1.006, as: "list" }],
  ])("knows %s", (type, price) => expect(hourlyPriceOf(type, accelerators)).toEqual(price));

  it.each(["p5e.48xlarge", "g5", "g5.constructor", "constructor.xlarge", "m5.large", "", "ml."])(
    "says of %j that no price is known",
    (type) => expect(hourlyPriceOf(type, accelerators)).toBeUndefined(),
  );

  it("has a price for no size that the table does not count", () => {
    for (const [family, { sizes, usdPerHour = {} }] of Object.entries<{ sizes: object; usdPerHour?: object }>(
      accelerators.families,
    ))
      expect(Object.keys(sizes), family).toEqual(expect.arrayContaining(Object.keys(usdPerHour)));
  });
});

it("says where and when prices are from", () => expect(priceSaid(accelerators)).toContain(accelerators.prices.asOf));

it("rounds to cents", () => expect([cents(1.006), cents(219.999), cents(0)]).toEqual([1.01, 220, 0]));
