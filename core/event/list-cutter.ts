import { type ItemSink, parseQuietly } from "./items.ts";
import { beforeClosing, type ListScanner, listScanner } from "./list-scanner.ts";

/**
 * Cuts a JSON list of records at `},{"<first key>":`, which cannot stand inside a JSON string because quotes are
 * escaped there. Each record is parsed by itself, so memory stays small whatever the file's size. Where a piece does
 * not parse (the same key begins a nested object, the text is indented or broken) the structural scanner takes over
 * from that piece on.
 */
export interface ListCutter {
  /** Text of the list, in pieces of any size. */
  feed(text: string): void;
  /** To be called once, when there is no more text. */
  end(): void;
}

/** How much uncut text is kept before the structural scanner takes over: far more than any allowed record. */
const patience = 8 * 1_048_576;

/** Begins just behind the list's opening bracket. */
export function listCutter(sink: ItemSink): ListCutter {
  let rest = "";
  let index = 0;
  let separator: string | undefined;
  let scanner: ListScanner | undefined;

  const scanFrom = (text: string): void => {
    scanner = listScanner(sink, index, separator?.slice(2));
    scanner.feed(text);
    rest = "";
  };

  /** Hands on every complete piece of `text`; returns where the uncut rest begins, or -1 when the scanner took over. */
  const cut = (text: string, between: string): number => {
    let start = 0;
    for (let end = text.indexOf(between); end >= 0; end = text.indexOf(between, start)) {
      const raw = text.substring(start, end + 1);
      const value = parseQuietly(raw);
      if (value === undefined) {
        scanFrom(text.substring(start));
        return -1;
      }
      sink.item(value, () => raw, { mark: "#", number: index++ });
      start = end + 2;
    }
    return start;
  };

  return {
    feed(piece) {
      if (scanner !== undefined) return scanner.feed(piece);
      const text = rest === "" ? piece : rest + piece;
      separator ??= separatorOf(text);
      if (separator === undefined) {
        rest = text;
        if (text.length > patience) scanFrom(text);
        return;
      }
      const from = cut(text, separator);
      if (from < 0) return;
      rest = from === 0 ? text : text.substring(from);
      if (rest.length > patience) scanFrom(rest);
    },
    end() {
      if (scanner !== undefined) return scanner.end();
      // The list's last record usually ends the document: `…}]}`.
      const closed = beforeClosing(rest);
      const value = closed === undefined ? undefined : parseQuietly(closed);
      if (value !== undefined && closed !== undefined)
        return sink.item(value, () => closed, { mark: "#", number: index++ });
      scanFrom(rest);
      return (scanner as ListScanner | undefined)?.end();
    },
  };
}

/** `},{"eventVersion":` for a list whose first record begins with `{"eventVersion":`. */
export function separatorOf(text: string): string | undefined {
  const key = /^\s*\{("(?:eventVersion|[A-Za-z0-9_-]{1,64})":)/.exec(text.slice(0, 256))?.[1];
  return key === undefined ? undefined : `},{${key}`;
}
