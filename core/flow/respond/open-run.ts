import { Fault } from "../../fault.ts";
import type { Journal, JournalEntry, JournalLine, Lease } from "../../respond/journal.ts";
import type { Clock } from "../clock.ts";

/** A run that this process holds the lease of: what was journaled, and the only way to journal more. */
export interface OpenRun {
  readonly run: string;
  readonly entries: readonly JournalEntry[];
  /** Durable when it returns. Throws Fault "conflict" when the lease was lost: whoever has it now goes on. */
  record(...entries: readonly JournalEntry[]): Promise<void>;
  /** Gives the principal free. */
  close(): Promise<void>;
}

/** Long enough for one step with all its tries; a process that stands still for longer has lost the run. */
export const leaseSeconds = 120;

/** Claims the principal and reads what is journaled; undefined while somebody else works on it. */
export async function openRun(
  { run, principal, owner }: { readonly run: string; readonly principal: string; readonly owner: string },
  { journal, clock }: { readonly journal: Journal; readonly clock: Clock },
): Promise<OpenRun | undefined> {
  const claimed = await journal.claim(principal, owner, clock.now(), leaseSeconds);
  if (claimed === undefined) return undefined;
  let lease: Lease = claimed;
  const lines: JournalLine[] = [...(await journal.read(run))];
  const entries: JournalEntry[] = lines.map((line) => line.entry);
  return {
    run,
    entries,
    async record(...more) {
      const now = clock.now();
      const renewed = await journal.renew(lease, now, leaseSeconds);
      if (renewed === undefined) throw new Fault("conflict", `another worker has taken over ${principal}`);
      lease = renewed;
      lines.push(...(await journal.append(run, lease, lines.length, more, now)));
      entries.push(...more);
    },
    close: () => journal.release(lease),
  };
}
