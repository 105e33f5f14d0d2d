import type { Instant } from "../event/instant.ts";

/** Whether anything may be changed at all, as people set it. */
export type SwitchState =
  | { readonly kind: "allowed" }
  | { readonly kind: "stopped"; readonly by: string; readonly at: Instant; readonly reason: string };

/** The kill switch. Read before every mutating call: from the moment that it says stopped, no call is begun. */
export interface KillSwitch {
  /** Throws Fault when it cannot be read; that is a no. */
  read(): Promise<SwitchState>;
  set(state: SwitchState): Promise<void>;
}
