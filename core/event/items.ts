/** Where an item stands in its file: `:` and a line from 1 for NDJSON, `#` and an index from 0 for lists. */
export interface Place {
  readonly mark: ":" | "#";
  readonly number: number;
}

/** Takes what a file holds, one item at a time, in file order. */
export interface ItemSink {
  /** A parsed item, and how to get at the text it was parsed from: few items are looked at that closely. */
  item(value: unknown, raw: () => string, place: Place): void;
  /** Something that should have been an item and cannot be read. */
  broken(because: string, place: Place): void;
}

/** Parses one text and hands it on; says so when it is not JSON. Never repeats the text: it may hold secrets. */
export function readItem(raw: string, place: Place, sink: ItemSink): void {
  const value = parseQuietly(raw);
  if (value === undefined) sink.broken("not valid JSON", place);
  else sink.item(value, () => raw, place);
}

/** The parsed value, or nothing when the text is not JSON (`undefined` is not a JSON value). */
export function parseQuietly(raw: string): unknown {
  try {
    return JSON.parse(raw) as unknown;
  } catch {
    return undefined;
  }
}
