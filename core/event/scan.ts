import { parseQuietly } from "./items.ts";
import { limits } from "./measure.ts";

const quote = 0x22;
const backslash = 0x5c;

/**
 * The first key that occurs twice in one object of this JSON text, or nothing. `JSON.parse` keeps the last one in
 * silence, which lets two readers of one IAM write see different documents. The text must have parsed before.
 */
export function repeatedKey(text: string): string | undefined {
  const scopes: (Set<string> | undefined)[] = [];
  let expectsKey = false;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case quote: {
        const end = endOfString(text, i);
        const scope = scopes.at(-1);
        if (expectsKey && scope !== undefined) {
          const key = unescaped(text.slice(i + 1, end));
          if (scope.has(key)) return key;
          scope.add(key);
          expectsKey = false;
        }
        i = end;
        break;
      }
      case 0x7b:
        if (scopes.length > limits.depth) return undefined;
        scopes.push(new Set());
        expectsKey = true;
        break;
      case 0x5b:
        scopes.push(undefined);
        expectsKey = false;
        break;
      case 0x7d:
      case 0x5d:
        scopes.pop();
        expectsKey = false;
        break;
      case 0x2c:
        expectsKey = scopes.at(-1) !== undefined;
        break;
      default:
    }
  }
  return undefined;
}

/**
 * Where the list under this key of the outermost object begins, just behind its bracket; nothing when there is none. Of
 * two such keys the last one counts, as in `JSON.parse`. The text must have parsed before.
 */
export function listUnder(text: string, key: string): number | undefined {
  let depth = 0;
  let found: number | undefined;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) depth--;
    else if (code === quote) {
      const end = endOfString(text, i);
      const colon = behindSpace(text, end + 1);
      if (depth === 1 && text[colon] === ":" && unescaped(text.slice(i + 1, end)) === key) {
        const bracket = behindSpace(text, colon + 1);
        found = text[bracket] === "[" ? bracket + 1 : undefined;
      }
      i = end;
    }
  }
  return found;
}

function behindSpace(text: string, from: number): number {
  let i = from;
  while (text.charCodeAt(i) <= 0x20) i++;
  return i;
}

/** The index of the closing quote of the string that opens at `open`, or of the last character when it never ends. */
function endOfString(text: string, open: number): number {
  for (let i = open + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === backslash) i++;
    else if (code === quote) return i;
  }
  return text.length - 1;
}

/** A key's own text: `"a"` and `"\u0061"` are the same key. Where the text is not JSON after all, the key as it stands. */
function unescaped(key: string): string {
  return key.includes("\\") ? String(parseQuietly(`"${key}"`) ?? key) : key;
}
