import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "../../adapters/local/sqlite.ts";
import { sqliteJournal } from "../../adapters/local/sqlite-journal.ts";
import { sqliteLater } from "../../adapters/local/sqlite-later.ts";
import { sqliteLedger } from "../../adapters/local/sqlite-ledger.ts";
import { virtualClock } from "../../adapters/memory/clock.ts";
import type { Random } from "../../bench/corpus-random.ts";
import { instant } from "../../core/event/instant.ts";
import { Fault } from "../../core/fault.ts";
import type { ContainRequest } from "../../core/flow/respond/contain.ts";
import { actedChain } from "../../core/flow/respond/record-run.ts";
import { verifyLedger } from "../../core/record/verify.ts";
import { denyAllArn } from "../../core/respond/deny-policies.ts";
import type { JournalLine } from "../../core/respond/journal.ts";
import type { PlanHash } from "../../core/respond/plan.ts";
import { slotKey } from "../../core/respond/slot.ts";
import { testAccount } from "../account/account.ts";
import type { Principal } from "../account/principals.ts";
import type { Said } from "./executor-process.ts";
import type { GivenApproval, Question } from "./executor-words.ts";

export interface WatchedRun {
  readonly folder: string;
  readonly random: Random;
  readonly principal: Principal;
  readonly request: ContainRequest;
  readonly delay: number;
}

/** The world around one run: its account, its time, its store. It outlives every executor. */
export function watchedRun({ folder, random, principal, request, delay }: WatchedRun) {
  mkdirSync(folder, { recursive: true });
  const store = join(folder, "store.db");
  const clock = virtualClock(instant(1_000_060_000));
  const account = testAccount({
    clock,
    random,
    delay,
    // The executor waits for its answer, so the files stand still: the copy holds what a crash now would leave.
    intended: async (_, { token }) =>
      (await durableLines(store, folder, request.run)).some(
        ({ entry }) => entry.kind === "intent" && entry.token === token,
      ),
  });
  account.add(principal);
  clock.advance(60_000);
  const before = account.held(principal.holder.arn);
  const value = async (question: Question): Promise<unknown> => {
    switch (question.kind) {
      case "at":
        return undefined;
      case "snapshot":
        return account.plane.snapshot(question.arn);
      case "read":
        return account.plane.read(question.slot);
      case "write":
        return account.plane.write(question.change, question.mark);
      case "pause":
        return clock.advance(question.milliseconds);
      case "approval":
        return approvalOf(question.caseId, question.plan, clock.now());
    }
  };
  return {
    store,
    account,
    clock,
    before,
    async answer(question: Question): Promise<Said> {
      try {
        const found = await value(question);
        return { now: clock.now(), value: found };
      } catch (cause) {
        if (!(cause instanceof Fault)) throw cause;
        return { now: clock.now(), fault: cause.code };
      }
    },
    /** What is wrong with how it ended; nothing is as it should be. */
    async wrongs(): Promise<readonly string[]> {
      const opened = openStore(store);
      try {
        const lines = await sqliteJournal(opened).read(request.run);
        const ledger = sqliteLedger(opened);
        const verified = await verifyLedger(ledger);
        const acted = ledger.ofCase(request.caseId).filter(({ chain }) => chain === actedChain);
        const looks = (await sqliteLater(opened).due(instant(clock.now() + 3_600_000))).length;
        return [
          ...wrongsIn(lines),
          ...(verified.kind === "unbroken" ? [] : [`the ledger is ${verified.kind}`]),
          ...(acted.length > 0 ? [] : ["lost: the ledger does not know of it"]),
          ...(looks === 3 ? [] : [`${looks} looks are scheduled, not 3`]),
          ...wrongsAt(account, principal),
        ];
      } finally {
        opened.close();
      }
    },
    forget: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function durableLines(store: string, folder: string, run: string): Promise<readonly JournalLine[]> {
  const copy = join(folder, "copy.db");
  for (const ending of ["", "-wal"]) {
    rmSync(`${copy}${ending}`, { force: true });
    if (existsSync(`${store}${ending}`)) copyFileSync(`${store}${ending}`, `${copy}${ending}`);
  }
  const opened = openStore(copy);
  try {
    return await sqliteJournal(opened).read(run);
  } finally {
    opened.close();
  }
}

/** One outcome for each intent, no gap, one end. */
export function wrongsIn(lines: readonly JournalLine[]): readonly string[] {
  const entries = lines.map(({ entry }) => entry);
  const ends = entries.filter(({ kind }) => kind === "ended");
  const tokens = new Set(entries.flatMap((one) => (one.kind === "intent" ? [one.token] : [])));
  const outcomes = (token: string) => entries.filter((one) => one.kind === "outcome" && one.token === token).length;
  return [
    ...(ends.length === 1 ? [] : [`it has ${ends.length} ends`]),
    ...(ends.some((one) => one.kind === "ended" && one.end !== "contained")
      ? [`it ended otherwise: ${JSON.stringify(ends)}`]
      : []),
    ...[...tokens].flatMap((token) => (outcomes(token) === 1 ? [] : [`${outcomes(token)} outcomes of ${token}`])),
    ...(lines.every(({ sequence }, place) => sequence === place + 1) ? [] : ["the journal has a gap"]),
  ];
}

function wrongsAt({ log, held }: ReturnType<typeof testAccount>, { holder }: Principal): readonly string[] {
  const effects = Map.groupBy(
    log.filter(({ effect }) => effect),
    ({ change }) => slotKey(change.slot),
  );
  const now = held(holder.arn);
  const policy = denyAllArn("aws");
  const isDenied =
    now[slotKey({ kind: "attached-policy", holder, policy })] === "attached" ||
    now[slotKey({ kind: "boundary", holder })] === policy;
  return [
    ...log.flatMap(({ intended, change }) => (intended ? [] : [`no intent for ${slotKey(change.slot)}`])),
    ...[...effects].flatMap(([slot, calls]) => (calls.length === 1 ? [] : [`applied ${calls.length} times: ${slot}`])),
    ...(isDenied ? [] : ["lost: nothing denies it"]),
  ];
}

const approvalOf = (caseId: string, plan: string, now: number): GivenApproval => ({
  schema: 1,
  id: `approval-${plan.slice(0, 8)}`,
  caseId,
  plan: plan as PlanHash,
  kind: "approve",
  by: { issuer: "https://login.example.com", subject: "ana" },
  at: instant(now),
  until: instant(now + 1_800_000),
  local: false,
});
