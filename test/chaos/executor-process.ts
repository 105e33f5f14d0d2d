import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer, FromExecutor, Job, Question, ToExecutor } from "./executor-words.ts";

/** What the watcher says to a question: an answer, or that the executor dies before it has one. */
export type Said = Answer | "kill";

/** How one delivery ended. */
export type Delivered = { readonly kind: "killed" } | { readonly kind: "done"; readonly end: string };

/** Executors one after another: each is a process of its own, and the next one stands ready. */
export interface Executors {
  /** Gives a job; `afterMilliseconds` kills at that time, whatever it is doing. */
  deliver(job: Job, answer: (question: Question) => Promise<Said>, afterMilliseconds?: number): Promise<Delivered>;
  readonly started: () => number;
  close(): Promise<void>;
}

export function executors(): Executors {
  let started = 0;
  const begin = (): ChildProcess => {
    started++;
    return fork(join(import.meta.dirname, "executor.ts"), [], {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      execArgv: ["--disable-warning=ExperimentalWarning"],
      // Strips and compiles the executor once, not once for each process.
      env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "cordon-chaos-cache") },
    });
  };
  let current = begin();
  let spare = begin();
  const kill = async (child: ChildProcess): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  };
  return {
    started: () => started,
    async deliver(job, answer, afterMilliseconds) {
      const child = current;
      const ended = await new Promise<Delivered>((end) => {
        let isOver = false;
        const over = (how: Delivered): void => {
          if (isOver) return;
          isOver = true;
          clearTimeout(timer);
          child.removeAllListeners("message");
          end(how);
        };
        const die = (): void => {
          if (isOver) return;
          kill(child).then(() => over({ kind: "killed" }));
        };
        const timer = afterMilliseconds === undefined ? undefined : setTimeout(die, afterMilliseconds);
        child.once("exit", () => over({ kind: "killed" }));
        child.on("message", async (message: FromExecutor) => {
          if (message.kind === "done") return over({ kind: "done", end: message.end });
          const said = await answer(message.question);
          if (said === "kill") return die();
          if (child.connected) tell(child, { kind: "answer", id: message.id, answer: said });
        });
        tell(child, { kind: "job", job });
      });
      child.removeAllListeners("exit");
      if (ended.kind === "killed") {
        current = spare;
        spare = begin();
      }
      return ended;
    },
    async close() {
      await Promise.all([kill(current), kill(spare)]);
    },
  };
}

/** A message to somebody who has just died is lost, as it would be. */
const tell = (child: ChildProcess, message: ToExecutor): void => void child.send(message, () => undefined);
