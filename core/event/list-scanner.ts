import { type ItemSink, parseQuietly, readItem } from "./items.ts";

/** Longest element that is kept while it is scanned; anything longer is over every limit and only its place is kept. */
const longest = 16 * 1_048_576;

/**
 * Finds the elements of JSON lists structurally, character by character, so that one broken element does not cost its
 * neighbours. Slower than cutting; it takes over where cutting fails. Texts may be fed in any pieces.
 *
 * It starts inside a list (just behind the bracket). After the list closes, it goes on with the next document: log files
 * are sometimes several documents one after the other. What is neither is said, not skipped.
 */
export interface ListScanner {
  feed(text: string): void;
  /** To be called once, when there is no more text. */
  end(): void;
}

/** Where the scanner is: in a list, behind it in the object around it, between documents, or in one that may be a record. */
type Mode = "list" | "rest" | "top" | "document";

/** `opening` is how records of this list begin, such as `{"eventVersion":`: what is broken is cut apart there. */
export function listScanner(sink: ItemSink, firstIndex: number, opening?: string): ListScanner {
  let index = firstIndex;
  let mode: Mode = "list";
  let pending = "";
  let started = false;
  let from = 0;
  let depth = 0;
  let inString = false;
  let escaped = false;
  let tooLong = false;
  let justClosed = false;
  let strayed = false;

  const broken = (because: string, number: number): void => sink.broken(because, { mark: "#", number });

  const finish = (last: string): void => {
    const raw = pending + last;
    if (tooLong) broken("the record is longer than any limit", index++);
    else if (started) for (const one of apart(raw, opening)) readItem(one, { mark: "#", number: index++ }, sink);
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

  const begin = (i: number): void => {
    if (!started) [started, from] = [true, i];
  };

  const inList = (code: number, text: string, i: number): void => {
    if (code === 0x5d && depth === 0) {
      finish(text.slice(from, i));
      [mode, justClosed] = ["rest", true];
    } else if (code === 0x2c && depth === 0) finish(text.slice(from, i));
    else {
      // A closing brace too many belongs to whatever is broken here; only a bracket closes the list.
      begin(i);
      if (isOpening(code)) depth++;
      else if (isClosing(code) && depth > 0) depth--;
    }
  };

  const inRest = (code: number, i: number): void => {
    const bare = justClosed && code !== 0x7d && code !== 0x2c;
    justClosed = false;
    if (bare) atTop(code, i);
    else if (isOpening(code)) depth++;
    else if (isClosing(code) && depth-- === 0) [mode, depth] = ["top", 0];
  };

  const atTop = (code: number, i: number): void => {
    mode = code === 0x5b ? "list" : code === 0x7b ? "document" : "top";
    if (mode === "document") {
      begin(i);
      depth = 1;
    } else if (mode === "top" && !strayed) broken("something that is not JSON stands behind a document", index);
    strayed = mode === "top";
  };

  const inDocument = (code: number, text: string, i: number): void => {
    if (code === 0x5b && depth === 1 && isWrapper(pending, text.slice(from, i))) {
      [mode, depth, pending, started] = ["list", 0, "", false];
    } else if (isOpening(code)) depth++;
    else if (isClosing(code) && --depth === 0) {
      finish(text.slice(from, i + 1));
      mode = "top";
    }
  };

  return {
    feed(text) {
      from = 0;
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        if (inString) {
          if (escaped) escaped = false;
          else if (code === 0x5c) escaped = true;
          else if (code === 0x22) inString = false;
          continue;
        }
        if (code <= 0x20 || code === 0xfeff) continue;
        switch (mode) {
          case "list":
            inList(code, text, i);
            break;
          case "rest":
            inRest(code, i);
            break;
          case "top":
            atTop(code, i);
            break;
          case "document":
            inDocument(code, text, i);
        }
        inString = code === 0x22 && mode !== "top";
      }
      if (started) keep(text.slice(from));
    },
    end() {
      // A broken record may have swallowed the end of the list; then that record is what has to be said.
      const unclosed = (mode === "list" || mode === "document") && beforeClosing(pending) === undefined;
      if (started) finish("");
      if (unclosed) broken("the file ends before its list is closed", index);
    },
  };
}

const isOpening = (code: number): boolean => code === 0x7b || code === 0x5b;
const isClosing = (code: number): boolean => code === 0x7d || code === 0x5d;

const isWrapper = (before: string, here: string): boolean =>
  before.length + here.length < 64 && /^\{\s*"(?:Records|Events)"\s*:\s*$/.test(before + here);

/**
 * The records in what was taken for one element: usually one. An unclosed brace or quote makes one of all records up to
 * the end of the list. In a file that is cut off, nothing is cut apart: what begins like a record inside the last one was
 * written by whoever made the call.
 */
function apart(raw: string, opening: string | undefined): readonly string[] {
  if (opening === undefined || parseQuietly(raw) !== undefined) return [raw];
  const parts = raw.split(`,${opening}`).map((part, i) => (i === 0 ? part : opening + part));
  const last = parts.pop() ?? "";
  if (parts.length === 0) return [raw];
  if (parseQuietly(last) !== undefined) return [...parts, last];
  const closed = beforeClosing(last);
  return closed === undefined || parseQuietly(closed) === undefined ? [raw] : [...parts, closed];
}

/** The text before a closing `]` or `]}`, or nothing when it does not end that way. */
export function beforeClosing(text: string): string | undefined {
  let end = text.length;
  const back = (): void => {
    while (end > 0 && text.charCodeAt(end - 1) <= 0x20) end--;
  };
  back();
  if (text[end - 1] === "}") end--;
  back();
  if (text[end - 1] !== "]") return undefined;
  return text.slice(0, end - 1);
}
