/** One JSON value of the input, with the line it begins on and the text it is printed as; or a line that cannot be read. */
export type InputValue =
  | { readonly ok: true; readonly line: number; readonly value: unknown; readonly text: string }
  | { readonly ok: false; readonly line: number; readonly because: string };

/** One line of the input as text, or why it is none. */
export type InputLine = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly because: string };

/** Takes the lines of an input, one by one, and hands back the values they complete. */
export interface ValueReader {
  feed(line: InputLine): readonly InputValue[];
  /** To be called once, after the last line. */
  end(): readonly InputValue[];
}

/** Characters of the longest document over several lines. */
const longestDocument = 64 * 1024 * 1024;

/**
 * Tells the two forms of input apart by content: when the first line that is not blank opens an object or list without
 * closing it, lines are collected until it is closed, and make one value; every other line is a value of its own.
 */
export function valueReader(): ValueReader {
  let number = 0;
  let begun = false;
  let held: Held | undefined;

  const single = (line: InputLine): readonly InputValue[] => {
    if (line.ok && line.text.trim() === "") return [];
    const depth = line.ok && !begun ? openedBy(line.text, 0) : 0;
    begun = true;
    if (depth === 0 || !line.ok) return [lineValue(number, line)];
    held = { from: number, lines: [line], length: line.text.length, depth };
    return [];
  };

  // What looked like a document and is none is read as lines, so that one bad line does not hide those after it.
  const release = (): readonly InputValue[] => {
    if (held === undefined) return [];
    const { from, lines } = held;
    held = undefined;
    const whole = documentOf(from, lines);
    if (whole !== undefined) return [whole];
    return lines.flatMap((line, index) => (line.ok && line.text.trim() === "" ? [] : [lineValue(from + index, line)]));
  };

  return {
    feed(line) {
      number++;
      if (held === undefined) return single(line);
      held.lines.push(line);
      held.length += line.ok ? line.text.length + 1 : 0;
      held.depth = line.ok ? openedBy(line.text, held.depth) : 0;
      return held.depth > 0 && held.length <= longestDocument ? [] : release();
    },
    end: release,
  };
}

interface Held {
  readonly from: number;
  readonly lines: InputLine[];
  length: number;
  depth: number;
}

/** Nothing of the line goes into the message: it may hold a secret. */
function lineValue(number: number, line: InputLine): InputValue {
  if (!line.ok) return { ok: false, line: number, because: line.because };
  const value = parsed(line.text);
  return value === undefined
    ? { ok: false, line: number, because: "not JSON; each line has to hold one whole value" }
    : { ok: true, line: number, value, text: line.text };
}

/** A document over several lines, printed as one; nothing when the lines do not make one. */
function documentOf(number: number, lines: readonly InputLine[]): InputValue | undefined {
  if (!lines.every((line) => line.ok)) return undefined;
  const value = parsed(lines.map((line) => line.text).join("\n"));
  return value === undefined ? undefined : { ok: true, line: number, value, text: JSON.stringify(value) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * How many objects and lists are open after this line; 0 also as soon as the outermost is closed, and when the line ends
 * inside a string, which no JSON document does.
 */
function openedBy(line: string, before: number): number {
  let depth = before;
  let inString = false;
  for (let i = 0; i < line.length; i++) {
    const unit = line[i];
    if (inString) {
      if (unit === "\\") i++;
      else if (unit === '"') inString = false;
    } else if (unit === '"') inString = true;
    else if (unit === "{" || unit === "[") depth++;
    else if ((unit === "}" || unit === "]") && --depth <= 0) return 0;
  }
  return inString ? 0 : depth;
}
