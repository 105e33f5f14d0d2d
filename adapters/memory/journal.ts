import { Fault } from "../../core/fault.ts";
import type { Journal, JournalLine, Lease } from "../../core/respond/journal.ts";

/** A journal that lives as long as its process. */
export function memoryJournal(): Journal {
  const leases = new Map<string, Lease>();
  const free = new Set<string>();
  const runs = new Map<string, { readonly principal: string; readonly lines: JournalLine[] }>();
  const newest = (lease: Lease): boolean => leases.get(lease.principal)?.fence === lease.fence;
  return {
    async claim(principal, owner, now, seconds) {
      const known = leases.get(principal);
      if (known !== undefined && known.until > now && known.owner !== owner && !free.has(principal)) return undefined;
      const lease: Lease = { principal, owner, fence: (known?.fence ?? 0) + 1, until: later(now, seconds) };
      leases.set(principal, lease);
      free.delete(principal);
      return lease;
    },
    async renew(lease, now, seconds) {
      if (!newest(lease)) return undefined;
      const renewed = { ...lease, until: later(now, seconds) };
      leases.set(lease.principal, renewed);
      return renewed;
    },
    async release(lease) {
      if (newest(lease)) free.add(lease.principal);
    },
    async append(run, lease, after, entries, at) {
      const known = runs.get(run) ?? { principal: lease.principal, lines: [] };
      if (!newest(lease) || known.lines.length !== after)
        throw new Fault("conflict", `somebody else has written the journal of ${run}`);
      const lines = entries.map(
        (entry, place): JournalLine => ({
          schema: 1,
          run,
          sequence: after + place + 1,
          at,
          fence: lease.fence,
          entry,
        }),
      );
      known.lines.push(...lines);
      runs.set(run, known);
      return lines;
    },
    read: async (run) => [...(runs.get(run)?.lines ?? [])],
    async open() {
      return [...runs].flatMap(([run, { principal, lines }]) =>
        lines.some(({ entry }) => entry.kind === "ended") ? [] : [{ run, principal }],
      );
    },
  };
}

const later = (now: number, seconds: number): Lease["until"] => (now + seconds * 1_000) as Lease["until"];
