import type { ResponsePolicy } from "../../decide/policy.ts";
import type { Merge } from "../../detect/case.ts";
import type { ActivityStore } from "../../detect/windows/activity-store.ts";
import type { WindowStore } from "../../detect/windows/window-store.ts";
import type { GrantStore } from "../../identity/envelope/grant-store.ts";
import type { SessionMemory } from "../../identity/lineage/session-memory.ts";
import { joinLinks, type LinksByKey, type StoredLink } from "../../identity/lineage/session-store.ts";
import type { Registry } from "../../identity/workload.ts";
import type { Ledger } from "../../record/ledger.ts";
import type { Clock } from "../clock.ts";
import type { IamKnown } from "../facts/iam-known.ts";
import type { Watchers } from "../findings.ts";
import { type Settlement, settle } from "../settle.ts";
import type { State } from "../state.ts";
import { earlierIn } from "./earlier.ts";
import { loadEarlier } from "./load-earlier.ts";
import { recordMoves } from "./record-moves.ts";
import { waitingIn } from "./waiting.ts";
import type { WaitingRecord, WaitingStore } from "./waiting-store.ts";

export interface JudgingPorts {
  /** Held by whoever composes the line, for as long as the process lives. */
  readonly sessions: SessionMemory;
  readonly waiting: WaitingStore;
  /** Where windows live across batches; without it, a window holds what one batch brought. */
  readonly windows?: WindowStore;
  /** What IAM held at first, and where its writes live across batches; without it, what one batch brought is all that is known. */
  readonly iam?: IamKnown;
  /** Grants that were approved at run time; without it, the manifests' own are all there are. */
  readonly grants?: GrantStore;
  /** What undeclared identities did before; without it, nothing is new to anybody. */
  readonly activity?: ActivityStore;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly registry: Registry;
  readonly watchers: Watchers;
  readonly policy: ResponsePolicy;
}

export interface Judged {
  readonly settlement: Settlement;
  readonly merges: readonly Merge[];
  /** Ids of the records that wait by now. */
  readonly waiting: ReadonlySet<string>;
  /** Ids of the records that found a key full. */
  readonly crowded: readonly string[];
}

/** A link that comes while a state is judged begins it anew; nobody can hold it up for longer than this. */
const mostRounds = 8;

/**
 * Settles a state with what earlier batches left of its chains, and records it. What was found waits for later links
 * before it is recorded, and the links are read once more before and after: whoever writes a link at the same time either
 * finds the waiting record and the case that it must move out of, or is seen here.
 */
export async function judgeState(
  state: State,
  already: readonly WaitingRecord[],
  ports: JudgingPorts,
): Promise<Judged> {
  const { registry, watchers, policy, sessions, waiting, ledger, clock } = ports;
  const stores = {
    ...(ports.windows === undefined ? {} : { windows: ports.windows }),
    ...(ports.iam === undefined ? {} : { iam: ports.iam }),
    ...(ports.grants === undefined ? {} : { grants: ports.grants }),
    ...(ports.activity === undefined ? {} : { activity: ports.activity }),
  };
  const crowded = new Set<string>();
  const merges: Merge[] = [];
  const known = new Map(already.map((one) => [one.id, one]));
  let links = await loadEarlier(state, registry, sessions.find);
  for (let round = 1; ; round++) {
    const settled = await settle(state, {
      registry,
      watchers,
      policy,
      horizon: {},
      earlier: earlierIn(links),
      ...stores,
    });
    const detectors = [...watchers.detectors, ...(watchers.windowed?.detectors ?? [])];
    const writes = ports.iam?.writes === undefined ? "not-kept" : "kept";
    const waits = [
      ...waitingIn(state, settled.findings, { registry, detectors, links, already: known, writes }).values(),
    ];
    if (waits.length > 0) for (const id of await waiting.put(waits)) crowded.add(id);
    const keys = [...new Set(waits.flatMap((one) => one.keys))];
    const before = await grown(links, keys, sessions);
    if (before !== undefined && round < mostRounds) {
      links = await loadEarlier(state, registry, sessions.find, before);
      continue;
    }
    const stored = waits.length === 0 ? [] : await waiting.read(waits.map((one) => one.id));
    const cases = new Set(stored.flatMap((one) => one.cases));
    const recorded = await recordMoves(settled, cases, ledger, clock.now());
    merges.push(...recorded.merges);
    const after = round < mostRounds ? await grown(links, keys, sessions) : undefined;
    if (after === undefined)
      return {
        settlement: { ...settled, cases: recorded.cases },
        merges,
        waiting: new Set(waits.map((one) => one.id)),
        crowded: [...crowded],
      };
    links = await loadEarlier(state, registry, sessions.find, after);
  }
}

/** The links with those that came meanwhile, or undefined when none did. */
async function grown(
  links: LinksByKey,
  keys: readonly string[],
  sessions: SessionMemory,
): Promise<LinksByKey | undefined> {
  const joined = new Map<string, readonly StoredLink[]>();
  for (const [key, found] of await sessions.findNow(keys)) {
    const more = joinLinks(key, links.get(key) ?? [], found);
    if (more !== undefined) joined.set(key, more);
  }
  return joined.size === 0 ? undefined : new Map([...links, ...joined]);
}
