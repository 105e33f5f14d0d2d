/**
 * IAM's wildcards, `*` for any text and `?` for one character, matched in time linear in the text for a pattern of bounded
 * length and never by a regular expression. Case counts: lower both where AWS does not care.
 */
export function globCovers(pattern: string, text: string): boolean {
  let [at, place, star, retry] = [0, 0, -1, 0];
  while (place < text.length) {
    const wanted = pattern[at];
    if (wanted === "*") {
      star = at++;
      retry = place;
    } else if (wanted === "?" || (wanted !== undefined && wanted === text[place])) {
      at++;
      place++;
    } else if (star >= 0) {
      at = star + 1;
      place = ++retry;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}

/** Steps that one meeting may take; two patterns that need more are taken not to meet in a new text. */
const mostCells = 1_000_000;

/**
 * A text that both patterns match, if there is one. Where both leave the text open it has `filler` once, so that it
 * looks like no name that somebody wrote down. Quadratic, bounded.
 */
export function meet(a: string, b: string, filler: string): string | undefined {
  const width = b.length + 1;
  if ((a.length + 1) * width > mostCells) return undefined;
  const reached = reachable(a, b, width);
  if (reached[0] !== 1) return undefined;
  let [text, i, j] = ["", 0, 0];
  const open = (x: number, y: number): boolean => x <= a.length && y <= b.length && reached[x * width + y] === 1;
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left === "*" && right === "*") {
      text += filler;
      // One star is kept: it may still have to stand for what the other pattern spells out.
      if (open(i + 1, j)) i++;
      else j++;
    } else if (left === "*" && open(i + 1, j)) i++;
    else if (right === "*" && open(i, j + 1)) j++;
    else {
      text += spelled(left, right);
      if (left !== "*") i++;
      if (right !== "*") j++;
    }
  }
  return text;
}

/** For every pair of places from the end: 1 when the two rests have a text in common. */
function reachable(a: string, b: string, width: number): Uint8Array {
  const reached = new Uint8Array((a.length + 1) * width);
  for (let i = a.length; i >= 0; i--)
    for (let j = b.length; j >= 0; j--) {
      const [left, right] = [a[i], b[j]];
      const next = (x: number, y: number): boolean => x <= a.length && y <= b.length && reached[x * width + y] === 1;
      const ended = left === undefined && right === undefined;
      const skips = (left === "*" && next(i + 1, j)) || (right === "*" && next(i, j + 1));
      const takes =
        left !== undefined &&
        right !== undefined &&
        (left === "*" || right === "*" || left === "?" || right === "?" || left === right) &&
        !(left === "*" && right === "*") &&
        next(left === "*" ? i : i + 1, right === "*" ? j : j + 1);
      if (ended || skips || takes) reached[i * width + j] = 1;
    }
  return reached;
}

const spelled = (left: string | undefined, right: string | undefined): string => {
  const [one, other] = [left ?? "", right ?? ""];
  if (one !== "*" && one !== "?" && one !== "") return one;
  return other === "*" || other === "?" || other === "" ? "x" : other;
};
