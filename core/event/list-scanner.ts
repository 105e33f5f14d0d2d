import { type ItemSink, readItem } from "./items.ts";

/** Longest element that is kept while it is scanned; anything longer is over every limit and only its place is kept. */
const longest = 4 * 1_048_576;

/**
 * Finds the elements of JSON lists structurally, character by character, so that one broken element does not cost its
 * neighbours. Slower than cutting; it takes over where cutting fails. Texts may be fed in any pieces.
 *
 * It starts inside a list (just behind the bracket). After the list closes, it looks for the next list: log files are
 * sometimes several documents one after the other.
 */
export interface ListScanner {
  feed(text: string): void;
  /** To be called once, when there is no more text. */
  end(): void;
}

export function listScanner(sink: ItemSink, firstIndex: number): ListScanner {
  let index = firstIndex;
  let pending = "";
  let started = false;
  let depth = 0;
  let inString = false;
  let escaped = false;
  let tooLong = false;
  let inside = true;

  const finish = (last: string): void => {
    const raw = pending + last;
    if (tooLong) sink.broken("the record is longer than any limit", { mark: "#", number: index++ });
    else if (started) readItem(raw, { mark: "#", number: index++ }, sink);
    pending = "";
    started = false;
    tooLong = false;
  };

  const keep = (piece: string): void => {
    if (tooLong || !started) return;
    pending += piece;
    if (pending.length > longest) {
      tooLong = true;
      pending = "";
    }
  };

  return {
    feed(text) {
      let from = 0;
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        if (inString) {
          if (escaped) escaped = false;
          else if (code === 0x5c) escaped = true;
          else if (code === 0x22) inString = false;
          continue;
        }
        if (code === 0x22) {
          inString = true;
          if (inside && !started) [started, from] = [true, i];
        } else if (code === 0x5b && !inside) {
          [inside, depth, from] = [true, 0, i + 1];
        } else if (!inside) {
          // Between two lists: braces, keys and other fields of the document around them.
        } else if (code === 0x7b || code === 0x5b) {
          if (!started) [started, from] = [true, i];
          depth++;
        } else if (code === 0x7d || code === 0x5d) {
          if (depth > 0) depth--;
          else {
            finish(started ? text.slice(from, i) : "");
            inside = false;
          }
        } else if (code === 0x2c && depth === 0) {
          finish(started ? text.slice(from, i) : "");
        } else if (code > 0x20 && !started) [started, from] = [true, i];
      }
      if (started) keep(text.slice(from));
    },
    end() {
      if (started) finish("");
      if (inside) sink.broken("the file ends before its list is closed", { mark: "#", number: index });
    },
  };
}
