import { hash } from "node:crypto";
import { Fault } from "../fault.ts";
import { type Change, standing } from "../respond/change.ts";
import type { ControlPlane, Written } from "../respond/control-plane.ts";
import type { Gate } from "../respond/gate.ts";
import type { StepOutcome } from "../respond/journal.ts";
import type { Requirement } from "../respond/plan.ts";
import { type Slot, sameValue, slotKey, type Value } from "../respond/slot.ts";
import type { OpenRun } from "./open-run.ts";

export interface StepPorts {
  readonly controlPlane: ControlPlane;
  readonly gate: Gate;
  /** Waits; tests let no time pass. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
}

/** One change of a run. `place` numbers the step for ever; a fallback has its step's number. */
export interface StepToApply {
  readonly place: number;
  readonly change: Change;
  /** Without it the call is not made; read anew before every call. */
  readonly requires?: Requirement;
  /** How often the change was undone by others and is made again; 0 at first. */
  readonly epoch?: number;
  readonly account: string;
  readonly caseId: string;
}

export interface StepResult {
  readonly outcome: StepOutcome | "halted";
  readonly because: string;
}

/** A call is tried so often; between tries so long at most, in milliseconds. */
export const patience = { tries: 8, first: 200, longest: 20_000, readings: 6 } as const;

/** Deterministic: the same change of the same run has one token in every attempt, on every worker. */
export const tokenOf = (run: string, { place, change, epoch = 0 }: Omit<StepToApply, "account" | "caseId">): string =>
  hash("sha256", `${run} ${place} ${epoch} ${slotKey(change.slot)}`, "hex").slice(0, 32);

/**
 * Brings one slot to where the change wants it, at most once and never by guessing: reads first, writes the intent down,
 * makes the call, reads back. What is unclear is read again; what somebody else changed is left alone. Every path but a
 * lost lease ends with one outcome in the journal.
 */
export async function applyStep(step: StepToApply, run: OpenRun, ports: StepPorts): Promise<StepResult> {
  const token = tokenOf(run.run, step);
  const known = outcomeIn(run, token);
  if (known !== undefined) return known;
  const ended = async (outcome: StepOutcome, because: string): Promise<StepResult> => {
    await run.record({ kind: "outcome", step: step.place, token, outcome, because });
    return { outcome, because };
  };
  for (;;) {
    const intents = intentsIn(run, token);
    const now = await steadily(() => ports.controlPlane.read(step.change.slot), ports);
    if ("failed" in now) return intents === 0 ? halted(now.failed) : ended("needs-human", now.failed);
    switch (standing(step.change, now.value)) {
      case "already":
        // An intent of ours without an outcome: the call went through, and its answer was lost.
        return ended(intents === 0 ? "already" : "applied", "read back as wanted");
      case "foreign":
        return ended("foreign", "somebody else has changed it since; it is left as it is");
      case "due":
    }
    if (intents >= patience.tries) return ended("not-applied", `tried ${intents} times without effect`);
    const gate = await ports.gate.pass(step.account);
    if (!gate.ok) return intents === 0 ? halted(gate.because) : ended("not-applied", gate.because);
    if (intents > 0) await ports.pause(pauseBefore(intents, ports.random()));
    const unmet = await unmetIn(step, ports);
    if (unmet !== undefined) return ended("not-applied", unmet);
    await run.record({ kind: "intent", step: step.place, token, change: step.change, attempt: intents + 1 });
    const written = await attempted(step, token, ports);
    if (written.kind === "refused") return ended("not-applied", `${written.code}: ${written.because}`);
    if (written.kind === "accepted" && (await seen(step.change.slot, step.change.after, ports)))
      return ended("applied", "read back as wanted");
  }
}

/** Why the call must not be made now, if its requirement does not hold or cannot be read. */
async function unmetIn({ requires }: StepToApply, ports: StepPorts): Promise<string | undefined> {
  if (requires === undefined) return undefined;
  const now = await steadily(() => ports.controlPlane.read(requires.slot), ports);
  if ("failed" in now) return now.failed;
  return sameValue(now.value, requires.value) ? undefined : `it is not so any more: ${requires.says}`;
}

const halted = (because: string): StepResult => ({ outcome: "halted", because });

/** What became of a change, if the journal knows. */
export function outcomeIn({ entries }: Pick<OpenRun, "entries">, token: string): StepResult | undefined {
  const found = entries.find((one) => one.kind === "outcome" && one.token === token);
  return found?.kind === "outcome" ? { outcome: found.outcome, because: found.because ?? "" } : undefined;
}

const intentsIn = ({ entries }: OpenRun, token: string): number =>
  entries.filter((one) => one.kind === "intent" && one.token === token).length;

async function attempted(step: StepToApply, token: string, { controlPlane }: StepPorts): Promise<Written> {
  try {
    return await controlPlane.write(step.change, { caseId: step.caseId, token });
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    if (cause.code === "denied" || cause.code === "misconfigured")
      return { kind: "refused", code: "denied", because: cause.message };
    return { kind: "ambiguous", because: cause.message };
  }
}

/** IAM shows a change after some seconds: an accepted call is looked for a while before anybody says that it did nothing. */
async function seen(slot: Slot, wanted: Value, ports: StepPorts): Promise<boolean> {
  for (let reading = 0; reading < patience.readings; reading++) {
    if (reading > 0) await ports.pause(pauseBefore(reading, 1));
    const now = await steadily(() => ports.controlPlane.read(slot), ports);
    if (!("failed" in now) && sameValue(now.value, wanted)) return true;
  }
  return false;
}

/** Reads, again when the account is busy; a reading that cannot be had is no reading. */
async function steadily(
  read: () => Promise<Value>,
  { pause, random }: StepPorts,
): Promise<{ readonly value: Value } | { readonly failed: string }> {
  for (let tried = 1; ; tried++) {
    try {
      return { value: await read() };
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      if (!cause.retryable || tried >= patience.tries) return { failed: `it cannot be read: ${cause.message}` };
      await pause(pauseBefore(tried, random()));
    }
  }
}

/** Full jitter: anything up to a limit that doubles with each try. */
const pauseBefore = (tried: number, random: number): number =>
  Math.round(Math.min(patience.longest, patience.first * 2 ** tried) * random);
