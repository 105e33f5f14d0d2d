import type { Finding } from "../../detect/finding.ts";
import { type Instant, instant } from "../../event/instant.ts";
import { Fault } from "../../fault.ts";
import type { Ledger } from "../../record/ledger.ts";
import type { Change } from "../../respond/change.ts";
import type { Journal, JournalLine } from "../../respond/journal.ts";
import type { Plan } from "../../respond/plan.ts";
import { named } from "../../respond/release-plan.ts";
import type { SeenCalls } from "../../respond/seen-calls.ts";
import { sameValue, slotKey } from "../../respond/slot.ts";
import { planIn, wantedBy } from "../../respond/written.ts";
import type { Clock } from "../clock.ts";
import type { Later } from "../later.ts";
import { applyStep, type StepPorts } from "./apply-step.ts";
import { lookAfter } from "./contain.ts";
import { type OpenRun, openRun } from "./open-run.ts";
import { isByUs, type OwnRoles } from "./own-actions.ts";
import { passedBy } from "./passed-by.ts";
import { alarmFinding, alarmStep } from "./watch-alarm.ts";

/** A look at a containment: after its seconds, or the `look`-th of those that go on every five minutes. */
export interface Look {
  readonly run: string;
  readonly afterSeconds: number;
  /** How often it had been put up again when this look was scheduled. */
  readonly epoch?: number;
  readonly look?: number;
}

export interface VerifyPorts extends StepPorts {
  readonly journal: Journal;
  readonly ledger: Ledger;
  readonly later: Later;
  readonly clock: Clock;
  readonly seen: SeenCalls;
  readonly own: OwnRoles;
  /** Whether the organization denies everybody else to take a containment off. */
  readonly guard: "present" | "absent";
  readonly owner: string;
}

export type Looked =
  | { readonly kind: "busy" }
  /** It is watched no more. */
  | { readonly kind: "over"; readonly because: string }
  | {
      readonly kind: "looked";
      readonly standing: "holds" | "reverted" | "unknown";
      readonly findings: readonly Finding[];
    };

/** The chain that looks are written to. */
export const watchChain = "watch";

/** What others take off is put up again so often; after that only people go on. */
export const mostEpochs = 3;

/** While it is contained it is looked at so often, in milliseconds. */
export const lookEvery = 5 * 60_000;

/**
 * Looks whether a containment still holds and whether the principal still gets through. What was taken off is put up again,
 * at most three times; whoever took it off is named. Whatever cannot be read changes nothing and is said.
 */
export async function verify(look: Look, ports: VerifyPorts): Promise<Looked> {
  const lines = await ports.journal.read(look.run);
  const plan = planIn(lines);
  if (plan === undefined) return { kind: "over", because: "nothing was planned" };
  const run = await openRun({ run: look.run, principal: plan.target.id, owner: ports.owner }, ports);
  if (run === undefined) return { kind: "busy" };
  try {
    // Read again: a release may have begun while this waited for its turn.
    const now = await ports.journal.read(look.run);
    const since = await releasedBy(now, ports.journal);
    if (since !== undefined) return { kind: "over", because: `it is taken back by ${since}` };
    return await looked(look, { plan, run, lines: now, ports });
  } finally {
    await run.close();
  }
}

interface Around {
  readonly plan: Plan;
  readonly run: OpenRun;
  readonly lines: readonly JournalLine[];
  readonly ports: VerifyPorts;
}

/** The release that took it back, or is about to; one that failed leaves the containment as it was. */
async function releasedBy(lines: readonly JournalLine[], journal: Journal): Promise<string | undefined> {
  const told = lines.flatMap(({ entry }) => (entry.kind === "releasing" ? [entry.run] : []));
  for (const one of told) {
    const end = (await journal.read(one)).find(({ entry }) => entry.kind === "ended")?.entry;
    if (end?.kind !== "ended" || (end.end !== "failed" && end.end !== "superseded" && end.end !== "refused"))
      return one;
  }
  return undefined;
}

async function looked(look: Look, around: Around): Promise<Looked> {
  const { plan, run, lines, ports } = around;
  const findings: Finding[] = [];
  let standing: "holds" | "reverted" | "unknown" = "holds";
  const by = new Set<string>();
  for (const change of wanted(around)) {
    const now = await reading(change, ports);
    if (now === undefined) standing = standing === "reverted" ? standing : "unknown";
    if (now === undefined || sameValue(now.value, change.after)) continue;
    standing = "reverted";
    const found = await fought(change, now.value, around);
    by.add(found.by);
    findings.push(...found.findings);
  }
  const passed = await passedBy(plan, lines, ports);
  findings.push(...passed.findings);
  const steps = findings.map((one) => alarmStep(one, plan.caseId));
  const body = {
    run: run.run,
    afterSeconds: look.afterSeconds,
    standing,
    ...(by.size === 0 ? {} : { by: [...by] }),
    ...(passed.firstDenied === undefined ? {} : { firstDenied: passed.firstDenied }),
  };
  const at = ports.clock.now();
  const key = `verified:${run.run}:${look.epoch ?? 0}:${look.look ?? look.afterSeconds}`;
  await ports.ledger.append(watchChain, [...steps, { kind: "verified", key, caseId: plan.caseId, body }], at);
  const [who] = by;
  await run.record({
    kind: "verified",
    afterSeconds: look.afterSeconds,
    standing,
    ...(who === undefined ? {} : { by: who }),
  });
  await scheduleNext(look, epochsIn(around), ports);
  return { kind: "looked", standing, findings };
}

/** What the plan set; labels are worth no fight. */
function wanted({ plan, lines }: Around): readonly Change[] {
  const labels = new Set(plan.steps.flatMap(({ optional, change }) => (optional ? [slotKey(change.slot)] : [])));
  const latest = new Map(
    wantedBy({ run: "", lines: lines.filter(({ entry }) => entry.kind !== "releasing") }).map((one) => [
      slotKey(one.slot),
      one,
    ]),
  );
  return [...latest].flatMap(([key, change]) => (labels.has(key) ? [] : [change]));
}

async function reading(
  { slot }: Change,
  { controlPlane }: VerifyPorts,
): Promise<{ readonly value: Change["after"] } | undefined> {
  try {
    return { value: await controlPlane.read(slot) };
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    return undefined;
  }
}

/** Puts it up again, or says that people must: after three times, or where something else of somebody's is there now. */
async function fought(
  change: Change,
  now: Change["after"],
  { plan, run, lines, ports }: Around,
): Promise<{ readonly by: string; readonly findings: readonly Finding[] }> {
  const epoch = epochOf(change, lines);
  const last = lines.findLast(
    ({ entry }) => entry.kind === "intent" && slotKey(entry.change.slot) === slotKey(change.slot),
  );
  // Event time has whole seconds.
  const since = instant(Math.floor((last?.at ?? 0) / 1_000) * 1_000);
  const call = (await ports.seen.on(change.slot, since)).findLast(
    ({ principal }) => !isByUs(principalOf(principal.arn), ports.own),
  );
  const by = call?.principal.arn ?? call?.principal.id ?? "somebody not seen yet";
  const isTheirs = !sameValue(now, change.before);
  let done = "it is put up no more: people must go on";
  if (!isTheirs && epoch < mostEpochs) {
    const place = plan.steps.findIndex((one) =>
      [one.change, one.instead].some((its) => its !== undefined && slotKey(its.slot) === slotKey(change.slot)),
    );
    const requires = plan.steps[place]?.requires;
    const again = { place, change, epoch: epoch + 1, account: plan.target.account, caseId: plan.caseId };
    const result = await applyStep({ ...again, ...(requires === undefined ? {} : { requires }) }, run, ports);
    done =
      result.outcome === "applied"
        ? `it was put up again (${epoch + 1} of ${mostEpochs})`
        : `it could not be put up again: ${result.because}`;
  }
  const finding = alarmFinding({
    kind: "containment-reverted",
    subject: `${run.run} ${slotKey(change.slot)} ${epoch}`,
    title: `A containment was ${isTheirs ? "replaced" : "taken off"}: ${named(change.slot)}`,
    at: call?.at ?? ports.clock.now(),
    ...(call === undefined ? {} : { region: call.region }),
    principal: by,
    resource: plan.target.arn,
    eventIDs: [call?.id ?? `cordon:${run.run}:${epoch}`],
    because: [
      `by ${by}`,
      done,
      ...(ports.guard === "absent" ? ["not tamper-resistant: no guard of the organization protects it"] : []),
    ],
  });
  return { by, findings: [finding] };
}

const principalOf = (arn: string | undefined) => (arn === undefined ? {} : { principal: arn });

/** How often a slot was put up again: every time has a token of its own. */
function epochOf(change: Change, lines: readonly JournalLine[]): number {
  const key = slotKey(change.slot);
  const tokens = lines.flatMap(({ entry }) =>
    entry.kind === "intent" && slotKey(entry.change.slot) === key ? [entry.token] : [],
  );
  return Math.max(0, new Set(tokens).size - 1);
}

const epochsIn = ({ run, ...around }: Around): number => {
  const lines = run.entries.map((entry) => ({ ...emptyLine, entry }));
  return wanted({ ...around, run, lines }).reduce((sum, change) => sum + epochOf(change, lines), 0);
};

const emptyLine = { schema: 1, run: "", sequence: 0, at: instant(0), fence: 0 } as const;

/** After something was put up again it is looked at closely anew; one series goes on, whichever message comes how often. */
async function scheduleNext(look: Look, epoch: number, { later, clock }: VerifyPorts): Promise<void> {
  const now = clock.now();
  const after = (milliseconds: number): Instant => instant(now + milliseconds);
  if (epoch > (look.epoch ?? 0))
    for (const seconds of lookAfter)
      await later.schedule(`verify ${look.run} ${epoch} ${seconds}`, after(seconds * 1_000), {
        kind: "verify",
        ...{ run: look.run, afterSeconds: seconds, epoch },
      });
  const isLast = look.afterSeconds === lookAfter.at(-1) || look.look !== undefined;
  if (epoch > (look.epoch ?? 0) || !isLast) return;
  const next = (look.look ?? 0) + 1;
  await later.schedule(`verify ${look.run} ${epoch} every ${next}`, after(lookEvery), {
    kind: "verify",
    ...{ run: look.run, afterSeconds: look.afterSeconds + lookEvery / 1_000, epoch, look: next },
  });
}
