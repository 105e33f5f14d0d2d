import type { ItemSink } from "../../../core/event/items.ts";
import { readWhole, textReader } from "../../../core/event/text-reader.ts";

/** What came out of a text, written down: one line an item, in order, and what the reader said of the text. */
export interface ItemLog {
  readonly lines: readonly string[];
  readonly form: "read" | "not-json";
}

function logged(read: (sink: ItemSink) => "read" | "not-json", also?: ItemSink): ItemLog {
  const lines: string[] = [];
  const form = read({
    item(value, raw, place) {
      lines.push(`${place.mark}${place.number} ${JSON.stringify(value)}`);
      also?.item(value, raw, place);
    },
    broken(because, place) {
      lines.push(`${place.mark}${place.number} broken: ${because}`);
      also?.broken(because, place);
    },
  });
  return { lines, form };
}

/** Reads pieces of a text one after the other. */
export const inPieces = (pieces: readonly string[]): ItemLog =>
  logged((sink) => {
    const reader = textReader(sink);
    for (const piece of pieces) reader.feed(piece);
    return reader.end();
  });

/** Reads a text that is all there. */
export const whole = (text: string, also?: ItemSink): ItemLog => logged((sink) => readWhole(text, sink), also);
