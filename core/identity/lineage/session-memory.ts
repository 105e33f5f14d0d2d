import type { LinksByKey, SessionStore, StoredLink } from "./session-store.ts";

/**
 * A session store behind what one process remembers of it, so that a credential costs one read and one write while it is
 * new and none once it is known. Held by whoever composes the line, for as long as the process lives.
 */
export interface SessionMemory {
  /** Writes the links that this process has not settled yet, in one call, and returns them. */
  learn(links: readonly StoredLink[]): Promise<readonly StoredLink[]>;
  /** What is under these keys, by memory where it knows: one read call for all others, none when there are none. */
  find(keys: readonly string[]): Promise<LinksByKey>;
  /** What is under these keys at this moment: one read call, whatever is remembered. */
  findNow(keys: readonly string[]): Promise<LinksByKey>;
  /** Remembers that whatever waited for these links was judged again: they need not be written or asked about any more. */
  settled(links: readonly StoredLink[]): void;
}

export interface MemoryOptions {
  /** Keys that are remembered at most, and links that are known to be settled at most. */
  readonly limit: number;
  /** The present, in milliseconds. */
  readonly now: () => number;
}

/** Another process may add to what is under a key: nothing is believed to be absent for longer, */
const absentFor = 60_000;
/** and no list that may grow is believed to be whole for longer. A key's issuing call, once seen with its caller, is. */
const listedFor = 15 * 60_000;

interface Remembered {
  readonly links: readonly StoredLink[];
  readonly until: number;
}

export function sessionMemory(store: SessionStore, { limit, now }: MemoryOptions): SessionMemory {
  const known = recent<Remembered>(limit);
  const done = recent<true>(limit);
  const remember = (found: LinksByKey): void => {
    for (const [key, links] of found) known.set(key, { links, until: now() + lasting(key, links) });
  };
  const findNow = async (keys: readonly string[]): Promise<LinksByKey> => {
    if (keys.length === 0) return new Map();
    const found = await store.find(keys);
    const all = new Map(keys.map((key) => [key, found.get(key) ?? []]));
    remember(all);
    return all;
  };
  return {
    findNow,
    async learn(links) {
      const fresh = links.filter((link) => done.get(nameOf(link)) === undefined);
      if (fresh.length > 0) remember(await store.put(fresh));
      return fresh;
    },
    async find(keys) {
      const [found, open] = [new Map<string, readonly StoredLink[]>(), new Set<string>()];
      for (const key of keys) {
        const memory = known.get(key);
        if (memory === undefined || memory.until <= now()) open.add(key);
        else found.set(key, memory.links);
      }
      for (const [key, links] of await findNow([...open])) found.set(key, links);
      return found;
    },
    settled(links) {
      for (const link of links) done.set(nameOf(link), true);
    },
  };
}

const nameOf = ({ key, id, rank }: StoredLink): string => JSON.stringify([key, id, rank]);

function lasting(key: string, links: readonly StoredLink[]): number {
  if (links.length === 0) return absentFor;
  const named = links.some((one) => one.kind === "issuance" && one.issuance.caller.kind !== "aws-account");
  return key.startsWith("key ") && named ? Number.POSITIVE_INFINITY : listedFor;
}

/** The entries used last, at least half of the limit and never more than it. */
function recent<Value>(limit: number): { get(key: string): Value | undefined; set(key: string, value: Value): void } {
  const half = Math.max(1, Math.floor(limit / 2));
  let [young, old] = [new Map<string, Value>(), new Map<string, Value>()];
  const set = (key: string, value: Value): void => {
    if (young.size >= half && !young.has(key)) [young, old] = [new Map(), young];
    young.set(key, value);
  };
  return {
    set,
    get(key) {
      const value = young.get(key);
      if (value !== undefined) return value;
      const older = old.get(key);
      if (older !== undefined) set(key, older);
      return older;
    },
  };
}
