import { hash } from "node:crypto";
import { Fault } from "../../fault.ts";
import { type Change, standing } from "../../respond/change.ts";
import type { ControlPlane, Written } from "../../respond/control-plane.ts";
import type { Gate } from "../../respond/gate.ts";
import type { StepOutcome } from "../../respond/journal.ts";
import type { Requirement } from "../../respond/plan.ts";
import { type Slot, sameValue, slotKey, type Value } from "../../respond/slot.ts";
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
  /** A label: tried less often, and nothing waits for it. */
  readonly optional?: true;
  readonly account: string;
  readonly caseId: string;
}

export interface StepResult {
  readonly outcome: StepOutcome | "halted";
  readonly because: string;
  /** Halted only because the account was too busy: the step has no outcome yet, and a later delivery goes on with it. */
  readonly again?: true;
}

/** A call is tried so often in one delivery, and in all of them; between tries so long at most, in milliseconds. */
export const patience = {
  tries: 8,
  triesForLabels: 3,
  allTries: 64,
  first: 200,
  longest: 10_000,
  readings: 6,
} as const;

/** Deterministic: the same change of the same run has one token in every attempt, on every worker. */
export const tokenOf = (run: string, { place, change, epoch = 0 }: Omit<StepToApply, "account" | "caseId">): string =>
  hash("sha256", `${run} ${place} ${epoch} ${slotKey(change.slot)}`, "hex").slice(0, 32);

/**
 * Brings one slot to where the change wants it, at most once and never by guessing: reads first, writes the intent down,
 * makes the call, reads back. What is unclear is read again; what somebody else changed is left alone. Every path but a
 * lost lease, a kill switch and a busy account ends with one outcome in the journal.
 */
export async function applyStep(step: StepToApply, run: OpenRun, ports: StepPorts): Promise<StepResult> {
  const token = tokenOf(run.run, step);
  const known = outcomeIn(run, token);
  if (known !== undefined) return known;
  const ended = async (outcome: StepOutcome, because: string): Promise<StepResult> => {
    await run.record({ kind: "outcome", step: step.place, token, outcome, because });
    return { outcome, because };
  };
  let tried = 0;
  let busy: string | undefined;
  for (;;) {
    const intents = intentsIn(run, token);
    const now = await steadily(() => ports.controlPlane.read(step.change.slot), ports);
    if ("failed" in now) {
      if (now.later) return postponed(now.failed);
      return intents === 0 ? halted(now.failed) : ended("needs-human", now.failed);
    }
    switch (standing(step.change, now.value)) {
      case "already":
        // An intent of ours without an outcome: the call went through, and its answer was lost.
        return ended(intents === 0 ? "already" : "applied", "read back as wanted");
      case "foreign":
        return ended("foreign", "somebody else has changed it since; it is left as it is");
      case "due":
    }
    if (intents >= patience.allTries) return ended("not-applied", `tried ${intents} times without effect`);
    if (tried >= (step.optional ? patience.triesForLabels : patience.tries))
      return busy === undefined || step.optional
        ? ended("not-applied", `tried ${intents} times without effect`)
        : postponed(busy);
    if (tried > 0) await ports.pause(pauseBefore(tried, ports.random()));
    const unmet = await unmetIn(step, ports);
    if (unmet !== undefined) return "later" in unmet ? postponed(unmet.failed) : ended("not-applied", unmet.failed);
    // Last of all: a switch that was thrown, and a second that was filled, while this waited count.
    const gate = await ports.gate.pass(step.account);
    if (!gate.ok) return intents === 0 ? halted(gate.because) : ended("not-applied", gate.because);
    tried++;
    await run.record({ kind: "intent", step: step.place, token, change: step.change, attempt: intents + 1 });
    const written = await attempted(step, token, ports);
    if (written.kind === "refused") return ended("not-applied", `${written.code}: ${written.because}`);
    busy = written.kind === "ambiguous" ? written.because : undefined;
    if (written.kind === "accepted" && (await seen(step.change.slot, step.change.after, ports)))
      return ended("applied", "read back as wanted");
  }
}

/** Why the call must not be made now, if its requirement does not hold or cannot be read. */
async function unmetIn({ requires }: StepToApply, ports: StepPorts): Promise<Unread | undefined> {
  if (requires === undefined) return undefined;
  const now = await steadily(() => ports.controlPlane.read(requires.slot), ports);
  if ("failed" in now) return now;
  return sameValue(now.value, requires.value) ? undefined : { failed: `it is not so any more: ${requires.says}` };
}

const halted = (because: string): StepResult => ({ outcome: "halted", because });
const postponed = (because: string): StepResult => ({ outcome: "halted", because, again: true });

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

/** Why something is not known; `later` where the account was only too busy to say. */
interface Unread {
  readonly failed: string;
  readonly later?: true;
}

/** Reads, again when the account is busy; a reading that cannot be had is no reading. */
async function steadily(
  read: () => Promise<Value>,
  { pause, random }: StepPorts,
): Promise<{ readonly value: Value } | Unread> {
  for (let tried = 1; ; tried++) {
    try {
      return { value: await read() };
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      const failed = `it cannot be read: ${cause.message}`;
      if (!cause.retryable) return { failed };
      if (tried >= patience.tries) return { failed, later: true };
      await pause(pauseBefore(tried, random()));
    }
  }
}

/** Full jitter: anything up to a limit that doubles with each try. */
const pauseBefore = (tried: number, random: number): number =>
  Math.round(Math.min(patience.longest, patience.first * 2 ** tried) * random);
