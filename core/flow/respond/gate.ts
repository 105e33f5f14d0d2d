import { Fault } from "../../fault.ts";
import { type Gate, writesASecond } from "../../respond/gate.ts";
import type { KillSwitch } from "../../respond/kill-switch.ts";
import type { Clock } from "../clock.ts";

interface GatePorts {
  readonly killSwitch: KillSwitch;
  readonly clock: Clock;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/**
 * Lets one mutating call after another pass: none while the kill switch is on or cannot be read, and no more than an
 * account's pace allows. One gate serves one process, which is the only one that writes to its accounts.
 */
export function gateOf({ killSwitch, clock, pause }: GatePorts): Gate {
  const passed = new Map<string, readonly number[]>();
  const turns = new Map<string, Promise<void>>();
  return {
    async pass(account) {
      const turn = (turns.get(account) ?? Promise.resolve()).then(() => paced(account, passed, clock, pause));
      turns.set(
        account,
        turn.catch(() => undefined),
      );
      await turn;
      // Read last: what was switched off while this call waited for its turn holds.
      return allowed(killSwitch);
    },
  };
}

async function paced(
  account: string,
  passed: Map<string, readonly number[]>,
  clock: Clock,
  pause: GatePorts["pause"],
): Promise<void> {
  for (;;) {
    const now = clock.now();
    const recent = (passed.get(account) ?? []).filter((at) => now - at < second);
    const [oldest] = recent;
    if (recent.length < writesASecond || oldest === undefined) {
      passed.set(account, [...recent, now]);
      return;
    }
    await pause(Math.max(1, oldest + second - now));
  }
}

const second = 1_000;

async function allowed(killSwitch: KillSwitch): ReturnType<Gate["pass"]> {
  try {
    const state = await killSwitch.read();
    return state.kind === "allowed"
      ? { ok: true }
      : { ok: false, because: `the kill switch is on: ${state.reason} (${state.by})` };
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    return { ok: false, because: `the kill switch cannot be read: ${cause.message}` };
  }
}
