/** Remembers texts by number, on disk where memory must stay small. Numbers count from 0 in the order of `add`. */
export interface Spool {
  readonly count: number;
  add(text: string): number;
  read(number: number): string;
  /** Ends the spool's life; a file behind it is removed. */
  close(): void;
}

/** A spool that keeps everything in memory: for tests and for batches that are small by nature. */
export function memorySpool(): Spool {
  const texts: string[] = [];
  return {
    get count() {
      return texts.length;
    },
    add: (text) => texts.push(text) - 1,
    read(number) {
      const text = texts[number];
      if (text === undefined) throw new RangeError(`nothing is spooled under ${number}`);
      return text;
    },
    close() {
      texts.length = 0;
    },
  };
}
