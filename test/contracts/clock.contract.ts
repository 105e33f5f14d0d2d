import { expect, it } from "vitest";
import type { Clock } from "../../core/flow/clock.ts";

/** What every clock must do: tell whole milliseconds that do not run backwards between two questions. */
export function clockContract(make: () => Clock): void {
  it("tells an instant in whole milliseconds, never earlier than before", () => {
    const clock = make();
    const [before, after] = [clock.now(), clock.now()];
    expect(Number.isSafeInteger(before)).toBe(true);
    expect(after).toBeGreaterThanOrEqual(before);
  });
}
