import type { Finding } from "../../detect/finding.ts";
import type { ApiCall } from "../../event/event.ts";
import type { Principal } from "../../event/principal.ts";
import { parseArn } from "../../iam/arn.ts";
import type { JournalLine } from "../../respond/journal.ts";
import type { RunIndex } from "../../respond/run-index.ts";
import { tokenIn } from "../../respond/session-name.ts";
import { isOn } from "../../respond/slot-writers.ts";
import { alarmFinding } from "./watch-alarm.ts";

/** Roles of this product in whatever account, by ARN with or without path. */
export type OwnRoles = readonly string[];

/** What a call is to us. */
export type OwnAction =
  /** Somebody else's. */
  | { readonly kind: "foreign" }
  /** One of our roles read something, or began a session of another of ours. */
  | { readonly kind: "reading" }
  /** One of our roles did what an intent in the journal said before. */
  | { readonly kind: "explained"; readonly run: string; readonly step: number }
  /** One of our roles did what no intent said: it is not we who use it. */
  | { readonly kind: "unexplained"; readonly finding: Finding };

/** A record may be dated so much before its intent (clocks differ), and so much after it (calls are tried again). */
const early = 60_000;
const late = 15 * 60_000;

/**
 * Judges a call by the journal. Our own calls are never simply ignored: each has to be the one that an intent announced,
 * on the thing that it named, at its time, and no more often than it was tried.
 */
export async function ownAction(call: ApiCall, own: OwnRoles, journal: RunIndex, calls: OwnCalls): Promise<OwnAction> {
  const role = roleIn(call.principal);
  if (role === undefined || !own.some((one) => isSameRole(one, role))) return { kind: "foreign" };
  if (call.record["readOnly"] === true || call.api === "sts:AssumeRole") return { kind: "reading" };
  const token = call.principal.kind === "assumed-role" ? tokenIn(call.principal.session.name) : undefined;
  const intents = token === undefined ? [] : (await journal.intents(token)).filter((one) => announces(one, call));
  const [intent] = intents;
  if (intent?.entry.kind !== "intent" || token === undefined)
    return outside(call, role, token === undefined ? "its session names no step of ours" : "no intent announced it");
  return calls.count(token, call.id) > intents.length
    ? outside(call, role, "its intent is used up by other calls")
    : { kind: "explained", run: intent.run, step: intent.entry.step };
}

/** How many distinct calls claimed a token so far. */
export interface OwnCalls {
  /** Counts this call, once by its id, and answers with its place among all that claimed the token. */
  count(token: string, eventID: string): number;
}

export function ownCalls(): OwnCalls {
  const claimed = new Map<string, string[]>();
  return {
    count(token, eventID) {
      const known = claimed.get(token) ?? [];
      if (!known.includes(eventID)) known.push(eventID);
      claimed.set(token, known);
      return known.indexOf(eventID) + 1;
    },
  };
}

/** True for findings about what we did ourselves: a person may read them, nothing is ever done because of them. */
export function isByUs({ principal }: Pick<Finding, "principal">, own: OwnRoles): boolean {
  if (principal === undefined) return false;
  const role = roleOfArn(principal);
  return role !== undefined && own.some((one) => isSameRole(one, role));
}

const announces = ({ entry, at }: JournalLine, call: ApiCall): boolean =>
  entry.kind === "intent" && isOn(call, entry.change.slot) && call.at >= at - early && call.at <= at + late;

function outside(call: ApiCall, role: string, because: string): OwnAction {
  return {
    kind: "unexplained",
    finding: alarmFinding({
      kind: "own-role-outside-ledger",
      subject: call.id,
      title: `Cordon's own role called ${call.api}, and the ledger knows nothing of it`,
      at: call.at,
      region: call.region,
      principal: role,
      eventIDs: [call.id],
      because: [because, "whoever did this has the rights of the role: pull the kill switch and close its trust"],
    }),
  };
}

/** The role that signed, as an ARN without its path: session ARNs do not have it. */
function roleIn(principal: Principal): string | undefined {
  return principal.arn === undefined ? undefined : roleOfArn(principal.arn);
}

function roleOfArn(arn: string): string | undefined {
  const fields = parseArn(arn);
  if (fields === undefined) return undefined;
  const [kind, ...names] = fields.resource.split("/");
  const name = kind === "assumed-role" ? names[0] : kind === "role" ? names.at(-1) : undefined;
  return name === undefined ? undefined : `arn:${fields.partition}:iam::${fields.account}:role/${name}`;
}

const isSameRole = (one: string, other: string): boolean => roleOfArn(one)?.toLowerCase() === other.toLowerCase();
