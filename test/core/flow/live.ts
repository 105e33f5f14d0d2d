import { virtualClock } from "../../../adapters/memory/clock.ts";
import { memoryLedger } from "../../../adapters/memory/ledger.ts";
import { memoryParked } from "../../../adapters/memory/parked.ts";
import { memorySessions } from "../../../adapters/memory/sessions.ts";
import { memoryWaiting } from "../../../adapters/memory/waiting.ts";
import { watchersFor } from "../../../cli/watchers.ts";
import { instant } from "../../../core/event/instant.ts";
import type { AuditPorts } from "../../../core/flow/audit.ts";
import type { Message } from "../../../core/flow/live/messages.ts";
import { sessionMemory } from "../../../core/identity/lineage/session-memory.ts";
import type { SessionStore } from "../../../core/identity/lineage/session-store.ts";
import { emptyRegistry } from "../../../core/identity/registry.ts";
import type { Ledger, LedgerEntry } from "../../../core/record/ledger.ts";
import { delivered } from "../../fixtures/incident.ts";
import { type RecordObject, secondsAfter } from "../../fixtures/records.ts";

/** Ports of the live line over memory, an hour after the incident. */
export function portsOf(over: Partial<AuditPorts> = {}) {
  const registry = over.registry ?? emptyRegistry;
  return {
    sessions: remembering(memorySessions()),
    waiting: memoryWaiting(),
    ledger: memoryLedger(),
    parked: memoryParked(),
    clock: virtualClock(instant(Date.parse(secondsAfter(36_000)))),
    registry,
    watchers: watchersFor([]),
    policy: { mode: "contain", registry } as const,
    ...over,
  };
}

/** A store as a process that just started has it: nothing is remembered yet. */
export const remembering = (store: SessionStore) => sessionMemory(store, { limit: 1_000, now: () => 0 });

/** A record as the queue hands it over, in its envelope. */
export const messageOf = (one: RecordObject, id = String(one["eventID"] ?? one["id"])): Message => ({
  id,
  body: JSON.stringify(one["detail-type"] === undefined ? delivered(one) : one),
});

/** Everything that a ledger holds of the line. */
export async function entriesOf(ledger: Ledger): Promise<readonly LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for (const { chain } of await ledger.heads()) for await (const entry of ledger.read({ chain })) entries.push(entry);
  return entries;
}
