/**
 * A user agent cut into words. CloudTrail cuts the text at 1 KB ("CloudTrail record contents": `userAgent`), so no more
 * than that is read, whatever the input; the work is bounded by it. The caller chose every character.
 */
export interface UserAgent {
  readonly words: readonly Word[];
  /** What stood in brackets, lower case, as words: `windows`, `go1.19.3`. */
  readonly asides: readonly string[];
}

/** `name/value`, or `name-1.2.3` for those that write no slash. */
export interface Word {
  /** What the word is found by: lower case; with its prefix for `md/…`, `app/…`, `exec-env/…`, `awslabs/…`; `m/AX` for features. */
  readonly key: string;
  /** The name as written. */
  readonly name: string;
  readonly value: string;
}

const longest = 1_024;

/** Words whose next part belongs to the name (the SDKs' user agent 2.x, and MCP servers of AWS Labs). */
const prefixes: ReadonlySet<string> = new Set(["md", "app", "exec-env", "awslabs"]);

/** The words of a user agent in their order; S3 and others wrap the whole text in square brackets. */
export function readUserAgent(text: string): UserAgent {
  const cut = unwrap(text.slice(0, longest).trim());
  const words: Word[] = [];
  const asides: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= cut.length; i++) {
    const char = cut[i] ?? " ";
    if (char !== " " && char !== "\t" && char !== "(" && char !== ")") continue;
    const token = withoutStop(cut.slice(start, i));
    if (token !== "") {
      if (depth > 0) asides.push(token.toLowerCase());
      else words.push(...wordsOf(token));
    }
    if (char === "(") depth++;
    if (char === ")" && depth > 0) depth--;
    start = i + 1;
  }
  return { words, asides };
}

/** The part of a value before the next `#` or `/`. */
export const firstPart = (value: string): string => value.split(/[#/]/, 1)[0] ?? "";

const unwrap = (text: string): string =>
  text.startsWith("[") ? text.slice(1, text.endsWith("]") ? -1 : undefined).trim() : text;

const withoutStop = (token: string): string =>
  token.endsWith(",") || token.endsWith(";") ? token.slice(0, -1) : token;

function wordsOf(token: string): readonly Word[] {
  const slash = token.indexOf("/");
  if (slash < 0) return [dashed("", token)];
  const name = token.slice(0, slash);
  const value = token.slice(slash + 1);
  if (name === "m") return value.split(",").map((code) => ({ key: `m/${code}`, name: code, value: "" }));
  const prefix = name.toLowerCase();
  if (!prefixes.has(prefix)) return [{ key: prefix, name, value }];
  const inner = firstPart(value);
  const rest = value.slice(inner.length + 1);
  return rest === ""
    ? [dashed(`${prefix}/`, inner)]
    : [{ key: `${prefix}/${inner.toLowerCase()}`, name: inner, value: rest }];
}

/** `karpenter.sh-1.2.3` and `AmazonQ-For-CLI-Version-1.2.3`: a version after a dash. */
function dashed(prefix: string, text: string): Word {
  const dash = /-(?:version-)?v?(?=\d)/i.exec(text);
  const name = dash === null ? text : text.slice(0, dash.index);
  const value = dash === null ? "" : text.slice(dash.index + dash[0].length);
  return { key: prefix + name.toLowerCase(), name, value };
}
