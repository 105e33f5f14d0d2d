import { type ItemSink, type Place, parseQuietly, readItem } from "./items.ts";
import { isObject, type Json } from "./json.ts";
import { type ListCutter, listCutter } from "./list-cutter.ts";
import { rawMembers } from "./raw-members.ts";
import { listUnder } from "./scan.ts";

/** Reads one file's text, in pieces, and hands on its items. */
export interface TextReader {
  feed(text: string): void;
  /** To be called once. "not-json" means that nothing in the text looked like JSON, and that nothing was handed on. */
  end(): "read" | "not-json";
}

const opening = /^[\s\uFEFF]*(?:\{\s*"(?:Records|Events)"\s*:\s*)?\[/;

/**
 * Reads a text that is all there. A list is parsed in one step, which is the quickest way; one that does not parse is
 * read in pieces like any other, so that its readable records still count.
 */
export function readWhole(text: string, sink: ItemSink): "read" | "not-json" {
  const begins = opening.exec(text.slice(0, lookAhead))?.[0];
  const value = begins === undefined ? undefined : parseQuietly(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  const members = Array.isArray(value) ? (value as readonly Json[]) : membersOf(value);
  if (begins === undefined || members === undefined) {
    const reader = textReader(sink);
    reader.feed(text);
    return reader.end();
  }
  const rawOf = rawMembers(() => text.slice(begins.length), members);
  for (let number = 0; number < members.length; number++)
    sink.item(members[number], () => rawOf(number), { mark: "#", number });
  return "read";
}

/** A single document is parsed whole; beyond this it is read as lines. */
const wholeDocument = 64 * 1_048_576;
const longestLine = 4 * 1_048_576;
/** What a file is shows in this many characters. */
const lookAhead = 512;

/**
 * Tells the forms apart by content: a log file or LookupEvents page (`{"Records":[`, `{"Events":[`), an array, NDJSON,
 * or one document. A log file may be followed by another one (multi-member gzip).
 */
export function textReader(sink: ItemSink): TextReader {
  let head = "";
  let reader: TextReader | undefined;

  const choose = (atEnd: string | undefined): TextReader | undefined => {
    // What a file is must not depend on how its text was cut.
    if (atEnd === undefined && head.length < lookAhead) return undefined;
    const begins = opening.exec(head.slice(0, lookAhead))?.[0];
    if (begins !== undefined) return started(listReader(listCutter(sink)), head.slice(begins.length));
    const line = firstLine(head) ?? atEnd;
    if (line === undefined) return head.length > longestLine ? started(linesOrNothing(head, sink), head) : undefined;
    return isObject(parseQuietly(line)) ? started(linesReader(sink), head) : started(documentReader(sink), head);
  };

  return {
    feed(text) {
      if (reader !== undefined) return reader.feed(text);
      head += text;
      reader = choose(undefined);
      if (reader !== undefined) head = "";
    },
    end() {
      if (reader === undefined && head.trim() === "") return "read";
      reader ??= choose(head);
      return reader?.end() ?? "not-json";
    },
  };
}

function started(reader: TextReader, text: string): TextReader {
  reader.feed(text);
  return reader;
}

/** The first line that is not blank, when it is complete. */
function firstLine(text: string): string | undefined {
  const from = text.search(/[^\s\uFEFF]/);
  const end = from < 0 ? -1 : text.indexOf("\n", from);
  return end < 0 ? undefined : text.slice(from, end);
}

const listReader = (cutter: ListCutter): TextReader => ({
  feed: (text) => cutter.feed(text),
  end() {
    cutter.end();
    return "read";
  },
});

function linesReader(sink: ItemSink): TextReader {
  let rest = "";
  let number = 1;
  let tooLong = false;
  const line = (raw: string): void => {
    const place: Place = { mark: ":", number: number++ };
    if (tooLong || raw.length > longestLine) sink.broken("the line is longer than any limit", place);
    else if (raw.trim() !== "") readItem(number === 2 ? raw.replace(/^\uFEFF/, "") : raw, place, unpacking(sink));
    tooLong = false;
  };
  return {
    feed(piece) {
      let start = 0;
      for (let end = piece.indexOf("\n"); end >= 0; end = piece.indexOf("\n", start)) {
        line(rest + piece.substring(start, end));
        rest = "";
        start = end + 1;
      }
      rest += piece.substring(start);
      if (rest.length > longestLine) [tooLong, rest] = [true, ""];
    },
    end() {
      if (rest !== "" || tooLong) line(rest);
      return "read";
    },
  };
}

/** For text that shows no sign of JSON however much of it comes. */
const nothing: TextReader = { feed: () => undefined, end: () => "not-json" };

const linesOrNothing = (text: string, sink: ItemSink): TextReader =>
  beginsLikeJson(text) || holdsObject(text) ? linesReader(sink) : nothing;

const beginsLikeJson = (text: string): boolean => /^[\s\uFEFF]*[{[]/.test(text);
const holdsObject = (text: string): boolean => text.split("\n").some((line) => isObject(parseQuietly(line)));

/** One document that is neither a list nor begins with a readable line: indented JSON, or NDJSON whose first line is broken. */
function documentReader(sink: ItemSink): TextReader {
  let text = "";
  let lines: TextReader | undefined;
  return {
    feed(piece) {
      if (lines !== undefined) return lines.feed(piece);
      text += piece;
      if (text.length <= wholeDocument) return;
      lines = started(linesOrNothing(text, sink), text);
      text = "";
    },
    end() {
      if (lines !== undefined) return lines.end();
      const place: Place = { mark: "#", number: 0 };
      const document = text.replace(/^\uFEFF/, "");
      const value = parseQuietly(document);
      if (value !== undefined) {
        if (typeof value !== "object") return "not-json";
        unpacking(sink).item(value, () => document, place);
        return "read";
      }
      if (holdsObject(text)) return started(linesReader(sink), text).end();
      if (!beginsLikeJson(text)) return "not-json";
      sink.broken("not valid JSON", place);
      return "read";
    },
  };
}

/** Hands on the members of `Records` or `Events` where an item is itself a log file or a LookupEvents page. */
const unpacking = (sink: ItemSink): ItemSink => ({
  item(value, raw, place) {
    const members = membersOf(value);
    if (members === undefined) return sink.item(value, raw, place);
    const rawOf = rawMembers(() => listText(value, raw()), members);
    for (let offset = 0; offset < members.length; offset++) {
      const where = place.mark === "#" ? { mark: place.mark, number: place.number + offset } : place;
      sink.item(members[offset], () => rawOf(offset), where);
    }
  },
  broken: (because, place) => sink.broken(because, place),
});

/** The text behind the bracket of the members' list. */
function listText(value: unknown, raw: string): string {
  const key = isObject(value) && Array.isArray(value["Records"]) ? "Records" : "Events";
  return raw.slice(listUnder(raw, key) ?? raw.length);
}

function membersOf(value: unknown): readonly Json[] | undefined {
  if (!isObject(value)) return undefined;
  const members = value["Records"] ?? value["Events"];
  return Array.isArray(members) && value["eventVersion"] === undefined && value["detail-type"] === undefined
    ? members
    : undefined;
}
