import type { IamWrite } from "./iam-change.ts";
import { inOrder, keysOf, type WriteKey } from "./write-key.ts";

/** The writes under a key, in order; the same array until another write comes under it. */
export type LogOf = (key: WriteKey) => readonly IamWrite[];

/** Writes by event time. Commutative and idempotent: order and repetition do not matter. */
export interface WriteLog {
  add(write: IamWrite): void;
  readonly of: LogOf;
}

/** Where writes are kept beyond one run or batch. */
export interface WriteStore {
  /** Adds writes; those that are known stay as they are. */
  learn(writes: readonly IamWrite[]): Promise<void>;
  /** Every write under each of the keys, in order; a key that nothing is known under gives an empty list. */
  read(keys: readonly WriteKey[]): Promise<ReadonlyMap<WriteKey, readonly IamWrite[]>>;
}

const nothing: readonly IamWrite[] = [];

export function writeLog(): WriteLog {
  const byKey = new Map<WriteKey, Map<string, IamWrite>>();
  const sorted = new Map<WriteKey, readonly IamWrite[]>();
  return {
    add(write) {
      for (const key of keysOf(write.change)) {
        const known = byKey.get(key) ?? new Map<string, IamWrite>();
        if (known.size === 0) byKey.set(key, known);
        const before = known.get(write.id);
        if (before !== undefined && !outranks(write, before)) continue;
        known.set(write.id, write);
        sorted.delete(key);
      }
    },
    of(key) {
      const found = sorted.get(key);
      if (found !== undefined) return found;
      const known = byKey.get(key);
      if (known === undefined) return nothing;
      const made = [...known.values()].sort(inOrder);
      sorted.set(key, made);
      return made;
    },
  };
}

/** Of two writes with one id the fuller stays, whichever came first. */
export function outranks(one: IamWrite, other: IamWrite): boolean {
  if (one === other) return false;
  const [mine, theirs] = [JSON.stringify(one), JSON.stringify(other)];
  return mine.length > theirs.length || (mine.length === theirs.length && mine > theirs);
}
