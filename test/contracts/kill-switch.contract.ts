import { expect, it } from "vitest";
import { instant } from "../../core/event/instant.ts";
import type { KillSwitch } from "../../core/respond/kill-switch.ts";

/** What every kill switch must do, whatever it is made of. */
export function killSwitchContract(make: () => KillSwitch): void {
  it("allows until somebody stops it, and says who, when and why", async () => {
    const killSwitch = make();
    expect(await killSwitch.read()).toEqual({ kind: "allowed" });
    const stopped = { kind: "stopped", by: "sam", at: instant(5), reason: "wrong role" } as const;
    await killSwitch.set(stopped);
    expect(await killSwitch.read()).toEqual(stopped);
    await killSwitch.set({ kind: "allowed" });
    expect(await killSwitch.read()).toEqual({ kind: "allowed" });
  });
}
