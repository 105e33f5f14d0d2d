import type { Instant } from "../../core/event/instant.ts";
import { Fault } from "../../core/fault.ts";
import { emptyHead, entryText, following, headAfter, readEntry, unrecorded } from "../../core/record/chain.ts";
import {
  asDigest,
  type ChainHead,
  type Ledger,
  type LedgerEntry,
  type Step,
  type StoredHead,
  type StoredLedger,
} from "../../core/record/ledger.ts";
import { inTransaction, prepared, reading, type Store } from "./sqlite.ts";
import { checkItem, numberIn, type Row, textIn } from "./sqlite-tables.ts";
import { checkWitness, readWitness, writeWitness } from "./sqlite-witness.ts";

/** A ledger in a file, which can also append within a transaction that its caller holds. */
export interface SqliteLedger extends Ledger, StoredLedger {
  /** As `append`, synchronously, so that lines, state and ledger can be one transaction. */
  appendNow(chain: string, steps: readonly Step[], at: Instant): readonly LedgerEntry[];
  /** The entries of a case in every chain, sorted by (chain, sequence). */
  ofCase(caseId: string): readonly LedgerEntry[];
}

const page = 500;

/** The ledger of a store. Refuses a store that lost entries it had recorded. */
export function sqliteLedger(store: Store): SqliteLedger {
  const asked = prepared(store, {
    head: "SELECT schema, entries, digest, chain FROM heads WHERE chain = ?",
    heads: "SELECT schema, entries, digest, chain FROM heads ORDER BY chain",
    move: `INSERT INTO heads (chain, schema, entries, digest) VALUES (?, 1, ?, ?)
           ON CONFLICT (chain) DO UPDATE SET entries = excluded.entries, digest = excluded.digest`,
    recorded: "SELECT 1 FROM entries WHERE chain = ? AND key = ?",
    append: "INSERT INTO entries (chain, sequence, key, case_id, schema, item) VALUES (?, ?, ?, ?, 1, ?)",
    chain:
      "SELECT chain, sequence, schema, item FROM entries WHERE chain = ? AND sequence > ? ORDER BY sequence LIMIT ?",
    case: "SELECT chain, sequence, schema, item FROM entries WHERE case_id = ? ORDER BY chain, sequence",
    all: `SELECT chain, sequence, item FROM entries WHERE (chain, sequence) > (?, ?) ORDER BY chain, sequence LIMIT ?`,
  });
  const heads = (): readonly ChainHead[] => reading(store, () => asked.heads.all().map(headIn));
  if (!store.readOnly) checkWitness(store, heads());

  const ofCase = (caseId: string): readonly LedgerEntry[] => reading(store, () => asked.case.all(caseId)).map(entryIn);
  const appendNow = (chain: string, steps: readonly Step[], at: Instant): readonly LedgerEntry[] =>
    inTransaction(store, () => {
      const row = asked.head.get(chain);
      const head = row ? headIn(row) : emptyHead(chain);
      const fresh = unrecorded(steps, (key) => asked.recorded.get(chain, key) !== undefined);
      const entries = following(head, fresh, at);
      for (const entry of entries)
        asked.append.run(chain, entry.sequence, entry.step.key, entry.step.caseId ?? null, entryText(entry));
      if (entries.length === 0) return entries;
      const next = headAfter(head, entries);
      asked.move.run(chain, next.entries, next.digest);
      if (store.committed.length === 0) store.committed.push(() => writeWitness(store, heads()));
      return entries;
    });

  return {
    appendNow,
    async append(chain, steps, at) {
      return appendNow(chain, steps, at);
    },
    async *read({ chain, caseId }) {
      if (caseId !== undefined) {
        yield* ofCase(caseId).filter((entry) => entry.chain === chain);
        return;
      }
      let after = 0;
      for (;;) {
        const rows = reading(store, () => asked.chain.all(chain, after, page));
        for (const row of rows) {
          const entry = entryIn(row);
          after = entry.sequence;
          yield entry;
        }
        if (rows.length < page) return;
      }
    },
    async heads() {
      return heads();
    },
    ofCase,
    async *stored() {
      let [chain, sequence] = ["", 0];
      for (;;) {
        const rows = reading(store, () => asked.all.all(chain, sequence, page));
        for (const row of rows) {
          [chain, sequence] = [textIn(row, "chain"), numberIn(row, "sequence")];
          yield { chain, sequence, text: textIn(row, "item") };
        }
        if (rows.length < page) return;
      }
    },
    async storedHeads() {
      return reading(store, () => asked.heads.all().map(rawHeadIn));
    },
    async witness() {
      return readWitness(store);
    },
  };
}

function entryIn(row: Row): LedgerEntry {
  checkItem(row, 1, `ledger entry ${numberIn(row, "sequence")} of chain ${textIn(row, "chain")}`);
  return readEntry(textIn(row, "item"));
}

const rawHeadIn = (row: Row): StoredHead => ({
  chain: textIn(row, "chain"),
  entries: numberIn(row, "entries"),
  digest: textIn(row, "digest"),
});

function headIn(row: Row): ChainHead {
  const { chain, entries, digest } = rawHeadIn(row);
  checkItem(row, 1, `the head of chain ${chain}`);
  const known = asDigest(digest);
  if (known !== undefined) return { chain, entries, digest: known };
  throw new Fault(
    "misconfigured",
    `the head of chain ${chain} is no digest; the store was changed by something else: run "cordon ledger verify"`,
  );
}
