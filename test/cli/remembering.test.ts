import { expect, it } from "vitest";
import { remembering } from "../../cli/remembering.ts";

it("asks once while few take turns, answers rightly always, and forgets what is long past", () => {
  let asked = 0;
  const twice = remembering((number) => {
    asked++;
    return number * 2;
  });
  for (let round = 0; round < 3; round++)
    for (let number = 0; number < 8_000; number++) expect(twice(number)).toBe(number * 2);
  expect(asked).toBe(8_000);
  for (let number = 10_000; number < 40_000; number++) twice(number);
  expect(twice(0)).toBe(0);
  expect(asked).toBe(38_001);
});
