import { expect, it } from "vitest";
import { fixedClock, virtualClock } from "../../../adapters/memory/clock.ts";
import { instant } from "../../../core/event/instant.ts";

it("a virtual clock moves by what it is told and a fixed one never", () => {
  const moving = virtualClock(instant(5));
  moving.advance(10);
  expect(moving.now()).toBe(15);
  expect(fixedClock(instant(5)).now()).toBe(5);
});
