import { decodeMasked } from "../event/decode.ts";
import type { AuditEvent, EventId } from "../event/event.ts";
import type { Head } from "../event/head.ts";
import type { State } from "./state.ts";

/** A kept record decoded again, or nothing when a fuller copy took its place. Its id carries the suffix of a conflict. */
export function keptEvent(state: State, number: number): AuditEvent | undefined {
  const entry = state.kept.entry(number);
  if (!state.records.stayed(entry)) return undefined;
  const head = JSON.parse(state.kept.json(number)) as Omit<Head, "length">;
  const decoded = decodeMasked(head);
  if (decoded.kind !== "event") return undefined;
  return { ...decoded.event, id: `${head.id}${state.records.suffix(entry)}` as EventId };
}
