import { fields, text } from "../event/json.ts";
import type { Change } from "./change.ts";
import type { JournalLine, StepOutcome } from "./journal.ts";
import { sameValue, slotKey } from "./slot.ts";

/** One run with all its lines. */
export interface RunLines {
  readonly run: string;
  readonly lines: readonly JournalLine[];
}

/** A change of ours that stands: `before` is what was there before we first touched the slot. */
export interface Ours extends Change {
  readonly run: string;
  /** False when it was never seen in place: a call was made and nobody could read what became of it. */
  readonly seen: boolean;
}

/**
 * What we have written to one principal and not taken back, over all its runs. What was already so when we came is not
 * ours; a call that was refused, or did nothing, wrote nothing.
 */
export function oursIn(runs: readonly RunLines[]): readonly Ours[] {
  const standing = new Map<string, Ours>();
  for (const { run, change, tried, outcome } of changesIn(runs)) {
    const key = slotKey(change.slot);
    const known = standing.get(key);
    const isUndo = known !== undefined && sameValue(change.after, known.before);
    if (isUndo) {
      if (outcome === "applied" || outcome === "already") standing.delete(key);
    } else if (tried && outcome !== "not-applied" && outcome !== "already")
      standing.set(key, { ...change, before: known?.before ?? change.before, run, seen: outcome === "applied" });
  }
  return [...standing.values()];
}

/** What a containment wants to hold, whoever made it so; nothing once it is being taken back. */
export const wantedBy = (run: RunLines): readonly Change[] =>
  run.lines.some(({ entry }) => entry.kind === "releasing") ? [] : onceWantedBy(run);

/** The same, also while it is being taken back. */
export function onceWantedBy({ lines }: RunLines): readonly Change[] {
  if (!isContainment(lines)) return [];
  return changesIn([{ run: "", lines }])
    .filter(
      ({ outcome }) =>
        outcome === undefined || outcome === "applied" || outcome === "already" || outcome === "needs-human",
    )
    .map(({ change }) => change);
}

/** True for a run that contains, not one that releases. */
export function isContainment(lines: readonly JournalLine[]): boolean {
  const first = lines[0]?.entry;
  return first?.kind === "received" && fields(first.request)["action"] !== undefined;
}

/** True for a containment that no person approved. */
export function wasAutomatic(lines: readonly JournalLine[]): boolean {
  const first = lines[0]?.entry;
  const isAsked = first?.kind === "received" && text(fields(first.request)["kind"]) === "automatic";
  return isAsked && lines.every(({ entry }) => entry.kind !== "approved");
}

interface Made {
  readonly run: string;
  readonly change: Change;
  /** Whether a call was made, or about to be. */
  readonly tried: boolean;
  readonly outcome?: StepOutcome;
}

/** One for each change that was begun, in the order in which they were: fences grow with every turn at a principal. */
function changesIn(runs: readonly RunLines[]): readonly Made[] {
  const made = new Map<string, Made>();
  const missed = new Set<string>();
  const lines = runs.flatMap((one) => one.lines.map((line) => ({ run: one.run, line })));
  lines.sort((a, b) => a.line.fence - b.line.fence || a.line.sequence - b.line.sequence);
  const planned = new Map(runs.map((one) => [one.run, planIn(one.lines)]));
  for (const { run, line } of lines) {
    const { entry } = line;
    if (entry.kind === "intent") made.set(entry.token, { run, change: entry.change, tried: true });
    if (entry.kind !== "outcome") continue;
    const known = made.get(entry.token);
    // Without an intent it was already so: the plan tells which slot is meant, and what came before whether its fallback is.
    const step = planned.get(run)?.steps[entry.step];
    const change = known?.change ?? (missed.has(`${run} ${entry.step}`) ? step?.instead : step?.change);
    if (entry.outcome === "not-applied") missed.add(`${run} ${entry.step}`);
    if (change !== undefined)
      made.set(entry.token, { run, change, tried: known?.tried ?? false, outcome: entry.outcome });
  }
  return [...made.values()];
}

/** The plan of a run, the last one where there are several. */
export function planIn(lines: readonly JournalLine[]) {
  const found = lines.findLast(({ entry }) => entry.kind === "planned")?.entry;
  return found?.kind === "planned" ? found.plan : undefined;
}
