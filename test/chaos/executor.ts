import { openStore } from "../../adapters/local/sqlite.ts";
import { sqliteApprovals } from "../../adapters/local/sqlite-approvals.ts";
import { sqliteBudget } from "../../adapters/local/sqlite-budget.ts";
import { sqliteJournal } from "../../adapters/local/sqlite-journal.ts";
import { sqliteKillSwitch } from "../../adapters/local/sqlite-kill-switch.ts";
import { sqliteLater } from "../../adapters/local/sqlite-later.ts";
import { sqliteLedger } from "../../adapters/local/sqlite-ledger.ts";
import { instant } from "../../core/event/instant.ts";
import { Fault } from "../../core/fault.ts";
import { type ContainPorts, contain } from "../../core/flow/respond/contain.ts";
import { gateOf } from "../../core/flow/respond/gate.ts";
import { recordRun } from "../../core/flow/respond/record-run.ts";
import { planners } from "../../core/respond/catalog.ts";
import type { Written } from "../../core/respond/control-plane.ts";
import type { Value } from "../../core/respond/slot.ts";
import type { Snapshot } from "../../core/respond/snapshot.ts";
import type { Answer, Boundary, FromExecutor, GivenApproval, Job, Question, ToExecutor } from "./executor-words.ts";

/*
 * The process that is killed: the executor on its store, with an account and a clock that live in the process that
 * watches it. One job at a time; it dies without warning, or says how far it came.
 */
const waiting = new Map<number, (answer: Answer) => void>();
let asked = 0;
let now = 0;

const send = (message: FromExecutor): void => void process.send?.(message);

async function ask(question: Question): Promise<unknown> {
  const id = ++asked;
  const answered = new Promise<Answer>((answer) => waiting.set(id, answer));
  send({ kind: "asks", id, question });
  const answer = await answered;
  now = answer.now;
  if (answer.fault !== undefined)
    throw new Fault(answer.fault === "throttled" ? "throttled" : "conflict", answer.fault);
  return answer.value;
}

process.on("message", (message: ToExecutor) => {
  if (message.kind === "answer") {
    waiting.get(message.id)?.(message.answer);
    waiting.delete(message.id);
    return;
  }
  now = message.job.now;
  carryOut(message.job).then(
    (end) => send({ kind: "done", end }),
    (cause: unknown) => send({ kind: "done", end: `threw: ${cause instanceof Error ? cause.message : String(cause)}` }),
  );
});

async function carryOut({ store: file, request, told }: Job): Promise<string> {
  const store = openStore(file);
  const around = async <Result>(boundary: Boundary, work: () => Promise<Result>): Promise<Result> => {
    if (told) await ask({ kind: "at", boundary, side: "before" });
    const result = await work();
    if (told) await ask({ kind: "at", boundary, side: "after" });
    return result;
  };
  const journal = sqliteJournal(store);
  const [budget, approvals, later] = [sqliteBudget(store), sqliteApprovals(store), sqliteLater(store)];
  const ledger = sqliteLedger(store);
  const clock = { now: () => instant(now) };
  const pause = async (milliseconds: number): Promise<void> => void (await ask({ kind: "pause", milliseconds }));
  const ports: ContainPorts = {
    journal: {
      ...journal,
      claim: (...given) => around("claim", () => journal.claim(...given)),
      append: (run, lease, after, entries, at) =>
        around(boundaryOf(entries[0]?.kind), () => journal.append(run, lease, after, entries, at)),
    },
    budget: { take: (spend) => around("permission", () => budget.take(spend)) },
    approvals: { ...approvals, consume: (...given) => around("permission", () => approvals.consume(...given)) },
    approvers: { mayApprove: () => true, isConcerned: () => false, needed: () => 1, acceptsLocal: false },
    later: { ...later, schedule: (...given) => around("schedule", () => later.schedule(...given)) },
    controlPlane: {
      snapshot: async (arn) => (await ask({ kind: "snapshot", arn })) as Snapshot | undefined,
      read: (slot) => around("read", async () => (await ask({ kind: "read", slot })) as Value),
      // Its `after` is the watcher's: it may kill between the effect and the answer.
      write: async (change, mark) => {
        if (told) await ask({ kind: "at", boundary: "write", side: "before" });
        return (await ask({ kind: "write", change, mark })) as Written;
      },
    },
    gate: gateOf({ killSwitch: sqliteKillSwitch(store), clock, pause }),
    pause,
    random: () => 0.5,
    clock,
    planners,
    // One process holds the store: after a crash its leases are its own.
    owner: "embedded",
  };
  try {
    let result = await contain(request, ports);
    if (result.kind === "waiting") {
      const { plan, hash } = result;
      await approvals.give((await ask({ kind: "approval", caseId: plan.caseId, plan: hash })) as GivenApproval);
      result = await contain(request, ports);
    }
    await around("recorded", () => recordRun(request.run, { journal, ledger }, clock.now()));
    return result.kind === "ended" ? result.end : result.kind;
  } finally {
    store.close();
  }
}

function boundaryOf(kind: string | undefined): Boundary {
  switch (kind) {
    case "received":
    case "snapshot":
    case "planned":
    case "intent":
    case "outcome":
    case "ended":
      return kind;
    default:
      return "permission";
  }
}
