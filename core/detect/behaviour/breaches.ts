import type { ActionTable } from "../../iam/action-table.ts";
import type { Conduct } from "../../identity/conduct.ts";
import type { CompiledEnvelope } from "../../identity/envelope/envelope.ts";
import type { Breach } from "../../identity/envelope/envelope-verdict.ts";
import type { Done } from "./conduct-detector.ts";
import { nearMissOf } from "./near-miss.ts";

/** How something done lies outside an envelope; empty where it does not, or where nobody can say. */
export function breachesOf({ conduct, first, by }: Done, envelope: CompiledEnvelope): readonly Breach[] {
  const verdict = envelope.judge(conduct, first);
  if (verdict.kind !== "outside") return [];
  // Who asks for a session needs no grant of the session's own role.
  return by === "session" ? verdict.breaches : verdict.breaches.filter(({ kind }) => aboutSessions.has(kind));
}

const aboutSessions: ReadonlySet<Breach["kind"]> = new Set<Breach["kind"]>(["origin", "session"]);

/** Whether a call is near what is declared in every way in which it lies outside. One detector tells of it, the others not. */
export const isNearMiss = (breaches: readonly Breach[], conduct: Conduct, table: ActionTable): boolean =>
  breaches.length > 0 && breaches.every((one) => nearMissOf(one, conduct, table) !== undefined);
