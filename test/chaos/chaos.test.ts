import { expect, it } from "vitest";
import { checks } from "./checks.ts";

/** All checks together, in about a minute; the full doses are `npm run chaos`. */
const budget = 60;
const whole = checks.reduce((sum, { seconds }) => sum + seconds, 0);

it.each(checks)("$id holds in a small dose: $title", { timeout: 300_000 }, async ({ run }) => {
  const { runs, failures } = await run({ seed: 1, share: Math.min(1, budget / whole) });
  expect(failures).toEqual([]);
  expect(runs).toBeGreaterThan(0);
});
