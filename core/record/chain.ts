import { hash } from "node:crypto";
import { canonical } from "../event/canonical.ts";
import type { Instant } from "../event/instant.ts";
import { Fault } from "../fault.ts";
import { asDigest, type ChainHead, type Digest, type LedgerEntry, type Step } from "./ledger.ts";

/** How deep a step may be nested: twice what a record may be (its limit is 64). */
export const deepestStep = 128;

/** The head of a chain that holds nothing yet. Its digest is bound to the name, so that no chain can pose as another. */
export const emptyHead = (chain: string): ChainHead => ({
  chain,
  entries: 0,
  digest: sha256(`cordon ledger chain 1\n${canonical(chain)}`),
});

/**
 * The entries that follow `head`, one for each step, linked. Every text is made well-formed first: what is digested is
 * what is stored.
 */
export function following(head: ChainHead, steps: readonly Step[], at: Instant): readonly LedgerEntry[] {
  if (!/^[!-~]{1,200}$/.test(head.chain))
    throw new Fault(
      "misconfigured",
      "a chain's name is 1 to 200 printable ASCII characters without spaces; choose such a name",
    );
  const entries: LedgerEntry[] = [];
  let previous = head.digest;
  for (const step of steps) {
    const unsigned = {
      schema: 1,
      chain: head.chain,
      sequence: head.entries + entries.length + 1,
      at,
      step: normal(step),
      previous,
    } as const;
    const entry = { ...unsigned, digest: sha256(`cordon ledger entry 1\n${canonical(unsigned)}`) };
    entries.push(entry);
    previous = entry.digest;
  }
  return entries;
}

/** The head after these entries. */
export function headAfter(head: ChainHead, entries: readonly LedgerEntry[]): ChainHead {
  const last = entries.at(-1);
  return last === undefined ? head : { chain: head.chain, entries: last.sequence, digest: last.digest };
}

/** The steps whose key is not recorded, each key once, in order. */
export function unrecorded(steps: readonly Step[], recorded: (key: string) => boolean): readonly Step[] {
  const fresh = new Map<string, Step>();
  for (const step of steps) if (!fresh.has(step.key) && !recorded(step.key)) fresh.set(step.key, step);
  return [...fresh.values()];
}

/** An entry as it is stored: canonical JSON, so that a changed byte is a changed entry. */
export const entryText = (entry: LedgerEntry): string => canonical(entry);

/** Reads an entry back from its text; it trusts the text, as only `verify` asks whether it may. */
export const readEntry = (stored: string): LedgerEntry => JSON.parse(stored);

function normal(step: Step): Step {
  if (deeperThan(step, deepestStep))
    throw new Fault(
      "misconfigured",
      `step ${step.key} is nested deeper than ${deepestStep} levels; record a summary of it, not the whole`,
    );
  return JSON.parse(canonical(step));
}

function deeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => deeperThan(inner, levels - 1));
}

function sha256(text: string): Digest {
  const digest = asDigest(hash("sha256", text, "hex"));
  if (digest === undefined) throw new Error("SHA-256 is always 64 hex digits");
  return digest;
}
