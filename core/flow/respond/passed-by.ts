import type { Finding } from "../../detect/finding.ts";
import type { ApiCall } from "../../event/event.ts";
import { type Instant, instant, printInstant } from "../../event/instant.ts";
import type { Change } from "../../respond/change.ts";
import type { JournalLine } from "../../respond/journal.ts";
import type { Plan } from "../../respond/plan.ts";
import type { SeenCalls } from "../../respond/seen-calls.ts";
import { onceWantedBy } from "../../respond/written.ts";
import { alarmFinding } from "./watch-alarm.ts";

/** A change of rights is seen everywhere after so long at most, by all that is known. */
export const propagation = 60_000;

export interface Passed {
  readonly findings: readonly Finding[];
  /** The first call that was refused since: when, and how long after the event that the containment is about. */
  readonly firstDenied?: { readonly at: string; readonly seconds: number; readonly eventID: string };
}

/**
 * Whether a principal that is denied everything still got a call through after the change must have been seen everywhere.
 * One that is denied a part only is expected to go on with the rest, and nothing is said of it.
 */
export async function passedBy(
  plan: Plan,
  lines: readonly JournalLine[],
  { seen }: { readonly seen: SeenCalls },
): Promise<Passed> {
  const since = effectiveAt(lines);
  if (since === undefined || !onceWantedBy({ run: "", lines }).some((one) => deniesAll(one))) return { findings: [] };
  const calls = await seen.by(plan.target, instant(Math.floor(since / 1_000) * 1_000));
  const through = calls.filter(
    (call) => call.outcome === "done" && call.at > since + propagation && !undeniable.has(call.api),
  );
  const denied = calls.find(({ outcome }) => outcome === "denied");
  const eventAt = eventOf(lines);
  return {
    findings: through.length === 0 ? [] : [gotThrough(plan, through, lines)],
    ...(denied === undefined
      ? {}
      : {
          firstDenied: {
            at: printInstant(denied.at),
            seconds: Math.max(0, Math.round((denied.at - (eventAt ?? since)) / 1_000)),
            eventID: denied.id,
          },
        }),
  };
}

/** No policy can deny it (STS API, GetCallerIdentity). */
const undeniable: ReadonlySet<string> = new Set(["sts:GetCallerIdentity"]);

/** When the last change was read back: a later one starts the time anew. */
const effectiveAt = (lines: readonly JournalLine[]): Instant | undefined =>
  lines.findLast(
    ({ entry }) => entry.kind === "outcome" && (entry.outcome === "applied" || entry.outcome === "already"),
  )?.at;

function deniesAll({ slot, after }: Change): boolean {
  if (slot.kind === "attached-policy") return slot.policy.endsWith(":aws:policy/AWSDenyAll");
  if (slot.kind === "boundary") return typeof after === "string" && after.endsWith(":aws:policy/AWSDenyAll");
  return slot.kind === "access-key" && after === "Inactive";
}

function eventOf(lines: readonly JournalLine[]): number | undefined {
  const first = lines[0]?.entry;
  const at = first?.kind === "received" ? first.request["eventAt"] : undefined;
  return typeof at === "number" ? at : undefined;
}

function gotThrough(plan: Plan, through: readonly ApiCall[], lines: readonly JournalLine[]): Finding {
  const [first] = through;
  const [id = plan.target.id, ...more] = through.map((call) => call.id);
  return alarmFinding({
    kind: "containment-ineffective",
    subject: `${plan.caseId} ${lines[0]?.run ?? ""}`,
    title: `${plan.target.arn} still gets calls through although it is contained`,
    at: first?.at ?? instant(0),
    ...(first === undefined ? {} : { region: first.region }),
    principal: first?.principal.arn ?? plan.target.arn,
    resource: plan.target.arn,
    eventIDs: [id, ...more],
    because: [
      `${first?.api ?? "a call"} succeeded more than a minute after the containment was read back`,
      "look for a policy of a resource that lets it in, a session of another account, or a containment that was taken off",
    ],
  });
}
