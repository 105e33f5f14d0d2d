import { fileSpool } from "../adapters/local/file-spool.ts";
import { openStore, type Store } from "../adapters/local/sqlite.ts";
import { sqliteActivity } from "../adapters/local/sqlite-activity.ts";
import { memoryWrites } from "../adapters/memory/iam-writes.ts";
import { memorySessions } from "../adapters/memory/sessions.ts";
import { memoryWindows } from "../adapters/memory/windows.ts";
import { conductParameters } from "../cli/iam-tables.ts";
import { responsePolicy } from "../cli/response-policy.ts";
import { watchersFor } from "../cli/watchers.ts";
import { instant } from "../core/event/instant.ts";
import { readItem } from "../core/event/items.ts";
import { writesIn } from "../core/flow/facts/iam-known.ts";
import { earlierIn } from "../core/flow/live/earlier.ts";
import { linksIn, loadEarlier } from "../core/flow/live/load-earlier.ts";
import { purposesOf } from "../core/flow/purpose.ts";
import { type Settlement, settle } from "../core/flow/settle.ts";
import { emptyState, observe, type State } from "../core/flow/state.ts";
import { tracer } from "../core/flow/trace.ts";
import type { Declarations } from "../core/identity/registry.ts";

/** A line that lives for weeks: each day is settled by itself with what the days before left, and what is old is dropped. */
export interface DailyLine {
  settled(
    records: Iterable<string>,
    ends: number,
  ): Promise<{ readonly records: number; readonly settlement: Settlement }>;
  close(): void;
}

/** Lineage is dropped after so long, windows after a week, habits after a month: by the time of events. */
const lineageFor = 36 * 3_600_000;
const windowsFor = 7 * 86_400_000;
const habitsFor = 31 * 86_400_000;
const batch = 4_096;

/** The same line as a replay's, in contain mode; undeclared principals may be contained too, the harshest that can be said. */
export function dailyLine(registry: Declarations, file: string): DailyLine {
  const store: Store = openStore(file);
  const [sessions, windows, writes, activity] = [
    memorySessions(),
    memoryWindows(),
    memoryWrites(),
    sqliteActivity(store),
  ];
  const watchers = watchersFor([]);
  const policy = { ...responsePolicy("contain", registry), undeclared: "contain" } as const;
  return {
    async settled(records, ends) {
      const spools = {
        ...{ principals: fileSpool(), kept: fileSpool(), rows: fileSpool() },
        conduct: { conducts: fileSpool(), ids: fileSpool() },
      };
      const state = emptyState(spools);
      fold(state, records, purposesOf(watchers.wakeIndex.apis));
      await sessions.put(linksIn(state));
      await writes.learn(writesIn(state));
      const links = await loadEarlier(state, registry, sessions.find);
      const settlement = await settle(state, {
        ...{ registry, watchers, policy, horizon: {}, windows, activity },
        ...{ earlier: earlierIn(links), iam: { writes } },
      });
      const { records: count, parked } = state.counts;
      if (parked > 0) throw new Error(`${parked} records could not be read: the stream is malformed`);
      for (const spool of [spools.principals, spools.kept, spools.rows, ...Object.values(spools.conduct)])
        spool.close();
      await sessions.evict(instant(ends - lineageFor));
      await windows.evict(instant(ends - windowsFor));
      await activity.evict(instant(ends - habitsFor));
      return { records: count, settlement };
    },
    close: () => store.close(),
  };
}

function fold(state: State, records: Iterable<string>, purposes: Parameters<typeof tracer>[0]["purposes"]): void {
  const into = tracer({ purposes, rows: "not-wanted", conduct: conductParameters() });
  const sink = into.sink("stream");
  const numbers: number[] = [];
  let number = 0;
  for (const text of records) {
    readItem(text, { mark: "#", number: number++ }, sink);
    if (into.pending >= batch) observe(state, into.take(), numbers);
  }
  observe(state, into.take(), numbers);
}
