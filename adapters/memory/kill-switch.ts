import type { KillSwitch, SwitchState } from "../../core/respond/kill-switch.ts";

/** A kill switch that lives as long as its process. */
export function memoryKillSwitch(state: SwitchState = { kind: "allowed" }): KillSwitch {
  let now = state;
  return {
    read: async () => now,
    async set(next) {
      now = next;
    },
  };
}
