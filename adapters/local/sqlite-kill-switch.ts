import { Fault } from "../../core/fault.ts";
import type { KillSwitch, SwitchState } from "../../core/respond/kill-switch.ts";
import { inTransaction, prepared, reading, type Store } from "./sqlite.ts";

/** The kill switch of a store. Nothing written means allowed; something unreadable does not. */
export function sqliteKillSwitch(store: Store): KillSwitch {
  const { get, put } = prepared(store, {
    get: "SELECT value FROM meta WHERE key = 'kill-switch'",
    put: "INSERT INTO meta (key, value) VALUES ('kill-switch', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
  });
  return {
    async read() {
      const row = reading(store, () => get.get());
      return row === undefined ? { kind: "allowed" } : stateIn(String(row["value"]), store.file);
    },
    async set(state) {
      inTransaction(store, () => put.run(JSON.stringify(state)));
    },
  };
}

function stateIn(json: string, file: string): SwitchState {
  try {
    const state = JSON.parse(json) as SwitchState;
    if (state.kind === "allowed" || state.kind === "stopped") return state;
  } catch {
    // Said below: whatever is wrong with it, it is not a yes.
  }
  throw new Fault(
    "misconfigured",
    `the kill switch in ${file} is not readable: nothing is changed until it is set anew`,
  );
}
