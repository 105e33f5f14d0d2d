import { type Instant, instant, printInstant } from "../../event/instant.ts";
import type { Ledger } from "../../record/ledger.ts";
import type { SeenCalls } from "../../respond/seen-calls.ts";
import type { Clock } from "../clock.ts";
import type { Later } from "../later.ts";
import { type ReleaseRequest, releaseChain } from "./release-run.ts";

/** A look whether a released principal works again. */
export interface ReturnLook {
  readonly request: ReleaseRequest;
  readonly look: number;
  /** When everything was taken off. */
  readonly from: Instant;
}

export interface ReturnPorts {
  readonly seen: SeenCalls;
  readonly ledger: Ledger;
  readonly later: Later;
  readonly clock: Clock;
}

/** `denied`: calls of it are still refused, and none got through. `silent`: it has not called yet. */
export type Returned =
  | { readonly kind: "back"; readonly seconds: number; readonly eventID: string }
  | { readonly kind: "denied" | "silent" };

const every = 60_000;
const longest = 24 * 3_600_000;

/**
 * Released is who gets a call through: the first one after the release is written down with the time that it took. Looks
 * every minute at first and ever more rarely, for a day.
 */
export async function returned({ request, look, from }: ReturnLook, ports: ReturnPorts): Promise<Returned> {
  const { seen, ledger, later, clock } = ports;
  const calls = await seen.by(request.target, instant(Math.floor(from / 1_000) * 1_000));
  const first = calls.find(({ outcome, api }) => outcome === "done" && api !== "sts:GetCallerIdentity");
  const now = clock.now();
  if (first !== undefined) {
    const seconds = Math.max(0, Math.round((first.at - from) / 1_000));
    const body = { run: request.run, firstAllowed: { at: printInstant(first.at), seconds, eventID: first.id } };
    const step = { kind: "verified", key: `returned:${request.run}`, caseId: request.caseId, body } as const;
    await ledger.append(releaseChain, [step], now);
    return { kind: "back", seconds, eventID: first.id };
  }
  const isDenied = calls.some(({ outcome }) => outcome === "denied");
  if (isDenied && look >= 5) {
    const body = { run: request.run, stillDenied: calls.filter((one) => one.outcome === "denied").length };
    const step = { kind: "verified", key: `still-denied:${request.run}`, caseId: request.caseId, body } as const;
    await ledger.append(releaseChain, [step], now);
  }
  if (now - from < longest)
    await later.schedule(`returned ${request.run} ${look + 1}`, instant(now + every * Math.min(60, look + 1)), {
      kind: "returned",
      request: { ...request, target: { ...request.target } },
      ...{ look: look + 1, from },
    });
  return { kind: isDenied ? "denied" : "silent" };
}
