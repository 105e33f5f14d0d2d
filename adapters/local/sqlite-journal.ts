import { Fault } from "../../core/fault.ts";
import type { Journal, JournalLine, Lease } from "../../core/respond/journal.ts";
import type { RunIndex } from "../../core/respond/run-index.ts";
import { inTransaction, prepared, reading, type Store } from "./sqlite.ts";
import { itemIn, numberIn, type Row, textIn } from "./sqlite-tables.ts";

/** A journal on disk: every entry is there when `append` returns, whatever happens to the process after. */
export function sqliteJournal(store: Store): Journal & RunIndex {
  const asked = prepared(store, {
    lease: "SELECT principal, owner, fence, until, free FROM leases WHERE principal = ?",
    hold: `INSERT INTO leases (principal, owner, fence, until, free) VALUES (?, ?, ?, ?, 0)
           ON CONFLICT (principal) DO UPDATE SET owner = excluded.owner, fence = excluded.fence, until = excluded.until, free = 0`,
    free: "UPDATE leases SET free = 1 WHERE principal = ? AND fence = ?",
    count: "SELECT count(*) AS lines FROM journal WHERE run = ?",
    put: "INSERT INTO journal (run, sequence, schema, item) VALUES (?, ?, 1, ?)",
    run: "INSERT INTO runs (run, principal, ended) VALUES (?, ?, 0) ON CONFLICT DO NOTHING",
    end: "UPDATE runs SET ended = 1 WHERE run = ?",
    read: "SELECT schema, item FROM journal WHERE run = ? ORDER BY sequence",
    open: "SELECT run, principal FROM runs WHERE ended = 0 ORDER BY run",
    // Containments are few: what is asked once in a while reads them all rather than keep an index for it.
    ofCase: `SELECT runs.run, principal FROM runs JOIN journal ON journal.run = runs.run AND sequence = 1
             WHERE json_extract(item, '$.entry.request.caseId') = ? ORDER BY runs.run`,
    ofPrincipal: "SELECT run, principal FROM runs WHERE principal = ? ORDER BY run",
    intents: `SELECT schema, item FROM journal WHERE json_extract(item, '$.entry.kind') = 'intent'
              AND json_extract(item, '$.entry.token') = ? ORDER BY run, sequence`,
  });
  const held = (principal: string): (Lease & { readonly free: boolean }) | undefined => {
    const row = asked.lease.get(principal);
    return row === undefined ? undefined : { ...leaseIn(row), free: numberIn(row, "free") === 1 };
  };
  const isNewest = (lease: Lease): boolean => held(lease.principal)?.fence === lease.fence;
  return {
    async claim(principal, owner, now, seconds) {
      return inTransaction(store, () => {
        const known = held(principal);
        if (known !== undefined && !known.free && known.until > now && known.owner !== owner) return undefined;
        const lease: Lease = { principal, owner, fence: (known?.fence ?? 0) + 1, until: after(now, seconds) };
        asked.hold.run(principal, owner, lease.fence, lease.until);
        return lease;
      });
    },
    async renew(lease, now, seconds) {
      return inTransaction(store, () => {
        if (!isNewest(lease)) return undefined;
        const renewed: Lease = { ...lease, until: after(now, seconds) };
        asked.hold.run(lease.principal, lease.owner, lease.fence, renewed.until);
        return renewed;
      });
    },
    async release(lease) {
      inTransaction(store, () => asked.free.run(lease.principal, lease.fence));
    },
    async append(run, lease, before, entries, at) {
      return inTransaction(store, () => {
        const count = asked.count.get(run);
        if (!isNewest(lease) || count === undefined || numberIn(count, "lines") !== before)
          throw new Fault("conflict", `somebody else has written the journal of ${run}`);
        asked.run.run(run, lease.principal);
        const lines = entries.map((entry, place): JournalLine => {
          const sequence = before + place + 1;
          return { schema: 1, run, sequence, at, fence: lease.fence, entry };
        });
        for (const line of lines) asked.put.run(run, line.sequence, JSON.stringify(line));
        if (entries.some(({ kind }) => kind === "ended")) asked.end.run(run);
        return lines;
      });
    },
    async read(run) {
      return reading(store, () => asked.read.all(run)).map((row) =>
        itemIn(row, 1, `an entry of the journal of ${run}`, (json): JournalLine => JSON.parse(json)),
      );
    },
    open: async () => reading(store, () => asked.open.all()).map(runIn),
    ofCase: async (caseId) => reading(store, () => asked.ofCase.all(caseId)).map(runIn),
    ofPrincipal: async (principal) => reading(store, () => asked.ofPrincipal.all(principal)).map(runIn),
    async intents(token) {
      return reading(store, () => asked.intents.all(token)).map((row) =>
        itemIn(row, 1, `an intent of the token ${token}`, (json): JournalLine => JSON.parse(json)),
      );
    },
  };
}

const after = (now: number, seconds: number): Lease["until"] => (now + seconds * 1_000) as Lease["until"];

const runIn = (row: Row) => ({ run: textIn(row, "run"), principal: textIn(row, "principal") });

const leaseIn = (row: Row): Lease => ({
  principal: textIn(row, "principal"),
  owner: textIn(row, "owner"),
  fence: numberIn(row, "fence"),
  until: numberIn(row, "until") as Lease["until"],
});
