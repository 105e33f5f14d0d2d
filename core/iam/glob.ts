/** Stands for `*` (any text) among the units of a pattern; every other unit is a UTF-16 code, or `one`. */
export const star = -1;

/** Stands for `?` (any one character). */
export const one = -2;

/** A pattern cut at its stars: the text starts with `head`, ends with `tail`, and holds the needles between them in order. */
export interface Glob {
  readonly head: Piece;
  readonly needles: readonly Needle[];
  readonly tail: Piece;
  /** True when there is no star: the whole text has to be the head. */
  readonly exact: boolean;
  /** True when the pattern is nothing but stars. */
  readonly everything: boolean;
}

/** Up to this length the engine's own search is used: at its worst it looks at each unit so many times. */
const short = 8;

/** Text between two stars. */
interface Piece {
  readonly text: string;
  /** The places where any character may stand; their character in `text` means nothing. */
  readonly holes: readonly number[];
}

type Needle =
  | { readonly kind: "text"; readonly text: string; readonly fallback: readonly number[] }
  | {
      readonly kind: "holes";
      readonly length: number;
      readonly masks: ReadonlyMap<number, Uint32Array>;
      readonly rest: Uint32Array;
    };

/** The units of a pattern in which `*` and `?` are wildcards, as IAM writes actions, ARNs and `StringLike` values. */
export const unitsOf = (pattern: string): readonly number[] =>
  Array.from({ length: pattern.length }, (_, at) => {
    const unit = pattern.charCodeAt(at);
    return unit === 0x2a ? star : unit === 0x3f ? one : unit;
  });

/** A pattern ready for matching, from its text. */
export function globOf(pattern: string): Glob {
  if (pattern.includes("?")) return compileGlob(unitsOf(pattern));
  const parts = pattern.split("*");
  return {
    head: { text: parts[0] ?? "", holes: none },
    needles: parts
      .slice(1, -1)
      .filter((part) => part !== "")
      .map(textNeedle),
    tail: { text: parts.length > 1 ? (parts.at(-1) ?? "") : "", holes: none },
    exact: parts.length === 1,
    everything: parts.length > 1 && parts.every((part) => part === ""),
  };
}

const none: readonly number[] = [];

/**
 * The matcher of a pattern, as a function: what most policies write (a text, or a text and a star) is one comparison.
 * As quick as `matchesGlob` or quicker; same promise.
 */
export function globTest(glob: Glob): (text: string) => boolean {
  const { head, needles, tail, exact, everything } = glob;
  if (everything) return () => true;
  if (head.holes.length > 0 || tail.holes.length > 0 || needles.length > 0) return (text) => matchesGlob(glob, text);
  const start = head.text;
  if (exact) return (text) => text === start;
  const end = tail.text;
  const { length } = start;
  // Cut and compared: measured at a third of what `startsWith` takes on ARNs, which begin alike.
  if (end === "") return (text) => text.slice(0, length) === start;
  const shortest = start.length + end.length;
  return (text) => text.length >= shortest && text.startsWith(start) && text.endsWith(end);
}

/** A pattern ready for matching, from its units. */
export function compileGlob(units: readonly number[]): Glob {
  const parts: number[][] = [[]];
  for (const unit of units) {
    if (unit === star) parts.push([]);
    else parts.at(-1)?.push(unit);
  }
  return {
    head: piece(parts[0] ?? []),
    needles: parts
      .slice(1, -1)
      .filter((part) => part.length > 0)
      .map(needle),
    tail: piece(parts.length > 1 ? (parts.at(-1) ?? []) : []),
    exact: parts.length === 1,
    everything: parts.length > 1 && parts.every((part) => part.length === 0),
  };
}

/**
 * Whether the whole text is matched. Takes time linear in the text; only a run with `?` in it that is longer than 32
 * characters costs one more step per 32 of them.
 */
export function matchesGlob({ head, needles, tail, exact, everything }: Glob, text: string): boolean {
  if (everything) return true;
  if (exact) return text.length === head.text.length && standsAt(head, text, 0);
  const end = text.length - tail.text.length;
  if (end < head.text.length || !standsAt(head, text, 0) || !standsAt(tail, text, end)) return false;
  let from = head.text.length;
  for (const wanted of needles) {
    // The leftmost place is always the best one: it leaves the most text for the needles that follow.
    from = endOfFirst(wanted, text, from, end);
    if (from < 0) return false;
  }
  return true;
}

const piece = (units: readonly number[]): Piece => ({
  text: String.fromCharCode(...units.map((unit) => (unit === one ? 0 : unit))),
  holes: units.flatMap((unit, at) => (unit === one ? [at] : [])),
});

function standsAt({ text: wanted, holes }: Piece, text: string, from: number): boolean {
  if (holes.length === 0) return text.startsWith(wanted, from);
  let next = 0;
  for (let i = 0; i < wanted.length; i++) {
    if (holes[next] === i) next++;
    else if (wanted.charCodeAt(i) !== text.charCodeAt(from + i)) return false;
  }
  return true;
}

const textNeedle = (text: string): Needle => ({
  kind: "text",
  text,
  fallback: text.length <= short ? none : fallbackOf(text),
});

function needle(units: readonly number[]): Needle {
  if (!units.includes(one)) {
    return textNeedle(piece(units).text);
  }
  const words = Math.ceil(units.length / 32);
  const rest = new Uint32Array(words);
  const masks = new Map<number, Uint32Array>();
  for (const unit of units) if (unit !== one) masks.set(unit, new Uint32Array(words));
  for (const [at, unit] of units.entries()) {
    const wanted = unit === one ? [rest, ...masks.values()] : [masks.get(unit) ?? rest];
    for (const mask of wanted) mask[at >>> 5] = (mask[at >>> 5] ?? 0) | (1 << (at & 31));
  }
  return { kind: "holes", length: units.length, masks, rest };
}

function endOfFirst(wanted: Needle, text: string, from: number, end: number): number {
  switch (wanted.kind) {
    case "text":
      return endOfText(wanted, text, from, end);
    case "holes":
      return endOfHoles(wanted, text, from, end);
  }
}

/** Knuth, Morris and Pratt: no unit of the text is looked at twice. */
function endOfText({ text: wanted, fallback }: Needle & { kind: "text" }, text: string, from: number, end: number) {
  if (wanted.length <= short) {
    const found = text.indexOf(wanted, from);
    return found < 0 || found + wanted.length > end ? -1 : found + wanted.length;
  }
  let matched = 0;
  for (let i = from; i < end; i++) {
    const unit = text.charCodeAt(i);
    while (matched > 0 && wanted.charCodeAt(matched) !== unit) matched = fallback[matched - 1] ?? 0;
    if (wanted.charCodeAt(matched) === unit) matched++;
    if (matched === wanted.length) return i + 1;
  }
  return -1;
}

/** Baeza-Yates and Gonnet ("shift-and"): bit n of the state says that the first n+1 units end here. */
function endOfHoles({ length, masks, rest }: Needle & { kind: "holes" }, text: string, from: number, end: number) {
  const state = new Uint32Array(rest.length);
  const last = (length - 1) >>> 5;
  const lastBit = 1 << ((length - 1) & 31);
  for (let i = from; i < end; i++) {
    const mask = masks.get(text.charCodeAt(i)) ?? rest;
    let carry = 1;
    for (let word = 0; word < state.length; word++) {
      const before = state[word] ?? 0;
      state[word] = ((before << 1) | carry) & (mask[word] ?? 0);
      carry = before >>> 31;
    }
    if (((state[last] ?? 0) & lastBit) !== 0) return i + 1;
  }
  return -1;
}

function fallbackOf(wanted: string): readonly number[] {
  const fallback = [0];
  let border = 0;
  for (let i = 1; i < wanted.length; i++) {
    while (border > 0 && wanted.charCodeAt(border) !== wanted.charCodeAt(i)) border = fallback[border - 1] ?? 0;
    if (wanted.charCodeAt(border) === wanted.charCodeAt(i)) border++;
    fallback.push(border);
  }
  return fallback;
}
