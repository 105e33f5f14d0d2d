/** What a corpus holds, counted while it was written: the bench checks its results against this. */
export interface CorpusFacts {
  readonly files: number;
  /** Records written, repeated ones included. */
  readonly records: number;
  readonly distinct: number;
  readonly duplicates: number;
  /** Bytes before compression. */
  readonly bytes: number;
  readonly compressedBytes: number;
  /** Credentials whose issuing record is in the corpus. */
  readonly sessions: number;
  /** Those of them that another session asked for: links that the issued access key joins. */
  readonly chains: number;
  /** The same by the number of `AssumeRole` calls by roles that lie behind them: one, two, three. */
  readonly chainsByHops: readonly [number, number, number];
  readonly errors: number;
  readonly serviceEvents: number;
  readonly eventNames: number;
}

/** What a record adds to the counts when it is written. */
export type Worth =
  | { readonly kind: "call" | "failed-call" | "service-event"; readonly name: string }
  | { readonly kind: "issuing"; readonly name: string; readonly depth: number }
  | { readonly kind: "copy"; readonly name: string }
  | { readonly kind: "duplicate" };

/** Counts as a corpus is written. */
export interface Tally {
  add(worth: Worth): void;
  addFile(bytes: number, compressedBytes: number): void;
  facts(): CorpusFacts;
}

/** An empty count. */
export function makeTally(): Tally {
  const count = {
    files: 0,
    distinct: 0,
    duplicates: 0,
    bytes: 0,
    compressedBytes: 0,
    sessions: 0,
    errors: 0,
    serviceEvents: 0,
  };
  const hops: [number, number, number] = [0, 0, 0];
  const names = new Set<string>();
  return {
    add(worth) {
      if (worth.kind === "duplicate") {
        count.duplicates++;
        return;
      }
      count.distinct++;
      names.add(worth.name);
      if (worth.kind === "failed-call") count.errors++;
      if (worth.kind === "service-event") count.serviceEvents++;
      if (worth.kind !== "issuing") return;
      count.sessions++;
      if (worth.depth === 1) hops[0]++;
      if (worth.depth === 2) hops[1]++;
      if (worth.depth === 3) hops[2]++;
    },
    addFile(bytes, compressedBytes) {
      count.files++;
      count.bytes += bytes;
      count.compressedBytes += compressedBytes;
    },
    facts: () => ({
      files: count.files,
      records: count.distinct + count.duplicates,
      distinct: count.distinct,
      duplicates: count.duplicates,
      bytes: count.bytes,
      compressedBytes: count.compressedBytes,
      sessions: count.sessions,
      chains: hops[0] + hops[1] + hops[2],
      chainsByHops: [...hops],
      errors: count.errors,
      serviceEvents: count.serviceEvents,
      eventNames: names.size,
    }),
  };
}
