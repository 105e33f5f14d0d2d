import { emptyHead, entryText, following, headAfter, unrecorded } from "../../core/record/chain.ts";
import type { ChainHead, Ledger, LedgerEntry, StoredLedger } from "../../core/record/ledger.ts";

/** A ledger that lives as long as its process. */
export function memoryLedger(): Ledger & StoredLedger {
  const chains = new Map<string, LedgerEntry[]>();
  const keys = new Map<string, Set<string>>();
  const heads = new Map<string, ChainHead>();
  const sorted = (): readonly ChainHead[] => [...heads.values()].sort((a, b) => (a.chain < b.chain ? -1 : 1));
  return {
    async append(chain, steps, at) {
      const recorded = keys.get(chain) ?? new Set();
      const head = heads.get(chain) ?? emptyHead(chain);
      const fresh = unrecorded(steps, (key) => recorded.has(key));
      const entries = following(head, fresh, at);
      if (entries.length === 0) return entries;
      for (const { step } of entries) recorded.add(step.key);
      keys.set(chain, recorded);
      chains.set(chain, [...(chains.get(chain) ?? []), ...entries]);
      heads.set(chain, headAfter(head, entries));
      return entries;
    },
    async *read({ chain, caseId }) {
      for (const entry of chains.get(chain) ?? [])
        if (caseId === undefined || entry.step.caseId === caseId) yield entry;
    },
    async heads() {
      return sorted();
    },
    async *stored() {
      for (const { chain } of sorted())
        for (const entry of chains.get(chain) ?? []) yield { chain, sequence: entry.sequence, text: entryText(entry) };
    },
    async storedHeads() {
      return sorted();
    },
    async witness() {
      return { kind: "none" };
    },
  };
}
