import { userInfo } from "node:os";
import { Command } from "commander";
import { inTransaction, openStore, type Store } from "../adapters/local/sqlite.ts";
import { sqliteJournal } from "../adapters/local/sqlite-journal.ts";
import { sqliteLater } from "../adapters/local/sqlite-later.ts";
import { sqliteLedger } from "../adapters/local/sqlite-ledger.ts";
import { systemClock } from "../adapters/local/system-clock.ts";
import { type ReleaseRequest, releaseChain, runsOf } from "../core/flow/respond/release-run.ts";
import { named, type ReleaseKind } from "../core/respond/release-plan.ts";
import { caseOf } from "../core/respond/run-index.ts";
import { isContainment, oursIn, planIn, type RunLines } from "../core/respond/written.ts";
import { answering } from "./store.ts";
import { exit, pathFrom, type Terminal, visible } from "./terminal.ts";
import { usageError } from "./usage.ts";

interface ReleaseOptions {
  readonly store?: string;
  readonly benign?: boolean;
  readonly compromised?: boolean;
  readonly reason?: string;
  readonly sameCredentials?: boolean;
}

/**
 * `cordon release`: shows what a release would take back and whom it cuts, and asks for it. It changes no account: the
 * executor plans it, waits for the approval of that plan, and does it. Resolves to 0 asked, 3 nothing to release, 4.
 */
export async function askForRelease(caseId: string, options: ReleaseOptions, terminal: Terminal): Promise<number> {
  const { store, benign = false, compromised = false, reason = "" } = options;
  if (store === undefined) throw usageError("name the store: cordon release CASE --benign|--compromised --store FILE");
  if (benign === compromised)
    throw usageError("say which: --benign (cuts nobody) or --compromised (cuts every session from before)");
  if (reason.trim() === "") throw usageError("say why: --reason TEXT");
  return answering(terminal, async () => {
    const open = openStore(pathFrom(store));
    try {
      return await asked(open, { caseId, kind: benign ? "benign" : "compromised", options, terminal });
    } finally {
      open.close();
    }
  });
}

interface Asked {
  readonly caseId: string;
  readonly kind: ReleaseKind;
  readonly options: ReleaseOptions;
  readonly terminal: Terminal;
}

async function asked(store: Store, { caseId, kind, options, terminal }: Asked): Promise<number> {
  const journal = sqliteJournal(store);
  const principals = new Set((await journal.ofCase(caseId)).map(({ principal }) => principal));
  let requests = 0;
  for (const principal of principals) {
    const runs = await runsOf(principal, journal);
    const own = runs.filter(({ lines }) => caseOf(lines) === caseId);
    const contained = own.filter(({ lines }) => isContainment(lines));
    const target = contained.map(({ lines }) => planIn(lines)?.target).find((one) => one !== undefined);
    const names = new Set(contained.map(({ run }) => run));
    const ours = oursIn(runs).filter(({ run }) => names.has(run));
    if (target === undefined || ours.length === 0) continue;
    const again = own.filter(({ lines }) => !isContainment(lines) && lines.some(({ entry }) => entry.kind === "ended"));
    const request: ReleaseRequest = {
      run: `release:${caseId}:${principal}:${kind}:${again.length}`,
      ...{ caseId, target, release: kind },
      ...(options.sameCredentials === true ? { credentials: "the same" } : {}),
    };
    await terminal.out(`${visible(target.arn)} (${visible(target.id)})`);
    for (const one of ours) await terminal.out(`  takes back ${visible(named(one.slot))}`);
    await terminal.out(`  ${cutsText(kind, contained)}`);
    await write(store, request, options.reason ?? "");
    requests++;
  }
  await terminal.out(
    requests === 0
      ? `nothing of ours stands in case ${visible(caseId)}`
      : "asked: the executor plans it, waits for the approval of that plan, and says when it is done",
  );
  return requests === 0 ? exit.unread : exit.done;
}

/** The ledger says who asked before the executor can know of it; asking again while it is open changes nothing. */
async function write(store: Store, request: ReleaseRequest, reason: string): Promise<void> {
  const now = systemClock().now();
  const of = { request: { ...request, target: { ...request.target } } };
  const body = { ...of, by: `local:${userInfo().username}`, reason };
  const step = { kind: "released", key: `asked:${request.run}`, caseId: request.caseId, body } as const;
  inTransaction(store, () => sqliteLedger(store).appendNow(releaseChain, [step], now));
  await sqliteLater(store).schedule(`release ${request.run}`, now, { kind: "release", ...of });
}

function cutsText(kind: ReleaseKind, contained: readonly RunLines[]): string {
  if (kind === "benign") return "cuts nobody: sessions from before go on, also stolen ones";
  const sessions = contained.map(({ lines }) => planIn(lines)?.blast.sessions ?? 0);
  return `cuts every session from before (${Math.max(0, ...sessions)} seen in 24 hours): each needs new credentials`;
}

/** `cordon release CASE`. */
export const releaseCommand = (terminal: Terminal, exitWith: (code: number) => void): Command =>
  new Command("release")
    .description("Asks for a case's containment to be taken back, and shows whom that cuts.")
    .argument("<CASE>", "the case's id")
    .option("--benign", "it was nothing: the containment comes off, every session goes on")
    .option("--compromised", "every session from before is cut first, then the containment comes off")
    .option("--same-credentials", "with --compromised: its keys cannot be replaced, switch them on again")
    .option("--reason <TEXT>", "why, for the ledger")
    .option("--store <FILE>", "the store of the executor on this machine")
    .addHelpText("after", "\nExit codes: 0 asked · 2 wrong usage · 3 nothing of ours stands · 4 the store failed")
    .action(async (caseId: string, options: ReleaseOptions) =>
      exitWith(await askForRelease(caseId, options, terminal)),
    );
