import { Fault } from "../../core/fault.ts";
import type { Journal, JournalLine, Lease } from "../../core/respond/journal.ts";
import { caseOf, type RunIndex } from "../../core/respond/run-index.ts";

/** A journal that lives as long as its process. */
export function memoryJournal(): Journal & RunIndex {
  const leases = new Map<string, Lease>();
  const free = new Set<string>();
  const runs = new Map<string, { readonly principal: string; readonly lines: JournalLine[] }>();
  const newest = (lease: Lease): boolean => leases.get(lease.principal)?.fence === lease.fence;
  const named = (wanted: (run: { readonly principal: string; readonly lines: readonly JournalLine[] }) => boolean) =>
    [...runs]
      .filter(([, one]) => wanted(one))
      .map(([run, { principal }]) => ({ run, principal }))
      .sort((a, b) => (a.run < b.run ? -1 : 1));
  return {
    ofCase: async (caseId) => named(({ lines }) => caseOf(lines) === caseId),
    ofPrincipal: async (wanted) => named(({ principal }) => principal === wanted),
    async intents(token) {
      return [...runs.values()]
        .flatMap(({ lines }) => lines.filter(({ entry }) => entry.kind === "intent" && entry.token === token))
        .sort((a, b) => (a.run < b.run ? -1 : a.run > b.run ? 1 : a.sequence - b.sequence));
    },
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
