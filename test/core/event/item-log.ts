import type { ItemSink } from "../../../core/event/items.ts";
import { readWhole, textReader } from "../../../core/event/text-reader.ts";

/** What came out of a text, written down: one line an item, in order, and what the reader said of the text. */
export interface ItemLog {
  readonly lines: readonly string[];
  readonly form: "read" | "not-json";
}

function logged(read: (sink: ItemSink) => "read" | "not-json"): ItemLog {
  const lines: string[] = [];
  const form = read({
    item: (value, _, { mark, number }) => lines.push(`${mark}${number} ${JSON.stringify(value)}`),
    broken: (because, { mark, number }) => lines.push(`${mark}${number} broken: ${because}`),
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
export const whole = (text: string): ItemLog => logged((sink) => readWhole(text, sink));
