import { type FoundSecret, inPlace, ofFormat } from "./in-text.ts";
import { type NameSays, nameSays } from "./key-words.ts";
import { partsOf, textBehind } from "./parts.ts";
import { isPlaceholder, isReference } from "./placeholder.ts";
import { isHash, isPublic, isUuid, looksDrawn, looksMade } from "./randomness.ts";

/**
 * The secret in a named value, if there is one: by its provider's format, as a password in a URL, a connection string or
 * a command, in JSON or lines of assignments, behind one layer of base64, or by what the name says and how random the
 * value looks. Placeholders, references, ids, digests, public material and AWS's documented examples are none. Linear in
 * the value's length.
 */
export const scanSecret = (name: string, value: string): FoundSecret | undefined =>
  scanned(name, value.slice(0, longestValue), { depth: 0, decoded: false });

/** Lambda allows 4 KB of variables, EC2 16 KB of user data, SSM 8 KB a parameter; more is a document. */
const longestValue = 262_144;
const mostDepth = 4;

interface Around {
  readonly depth: number;
  /** Base64 is undone once. */
  readonly decoded: boolean;
}

function scanned(name: string, given: string, around: Around): FoundSecret | undefined {
  const value = unquoted(given);
  if (value.length < 4 || isReference(value)) return undefined;
  const named = ofFormat(value);
  if (named !== undefined) return named;
  const parts = around.depth < mostDepth ? partsOf(value) : undefined;
  if (parts !== undefined) return firstOf(parts, { ...around, depth: around.depth + 1 });
  const placed = inPlace(value);
  if (placed !== undefined) return placed;
  const says = nameSays(name);
  const made = says === "not-secret" ? undefined : (awsSecretKey(value) ?? byName(value, says));
  if (made !== undefined) return made;
  const behind = around.decoded ? undefined : textBehind(value);
  if (behind !== undefined) {
    const found = scanned("", behind, { depth: around.depth + 1, decoded: true });
    return found === undefined ? undefined : { kind: found.kind, text: value };
  }
  return says === "nothing" && isDrawn(value) ? { kind: "high-entropy", text: value } : undefined;
}

function firstOf(parts: readonly (readonly [string, string])[], around: Around): FoundSecret | undefined {
  for (const [name, value] of parts) {
    const found = scanned(name, value, around);
    if (found !== undefined) return found;
  }
  return undefined;
}

function unquoted(given: string): string {
  const value = given.trim();
  const [first, last] = [value[0], value.at(-1)];
  return value.length >= 2 && first === last && (first === '"' || first === "'") ? value.slice(1, -1).trim() : value;
}

/** What the name promises and the value can be. */
function byName(value: string, says: NameSays): FoundSecret | undefined {
  if (isNone(value)) return undefined;
  if (says === "password")
    return value.length >= 6 && !/\s.*\s/.test(value) ? { kind: "password", text: value } : undefined;
  if (says === "secret" && looksMade(value) && (!isHash(value) || isHexKey(value)))
    return { kind: "generic-secret", text: value };
  return undefined;
}

/** Keys are often drawn in hexadecimal; under a name that says so a digest's length proves nothing. */
const isHexKey = (value: string): boolean => /^[a-f0-9]{32,}$/i.test(value);

const isNone = (value: string): boolean =>
  isPlaceholder(value) || isUuid(value) || isPublic(value) || /^[a-z][a-z0-9+.-]{1,30}:\/\//i.test(value);

const isDrawn = (value: string): boolean => looksDrawn(value) && !isHash(value) && !isNone(value);

/** Forty characters of base64 that look drawn (IAM User Guide, "Manage access keys for IAM users"). */
function awsSecretKey(value: string): FoundSecret | undefined {
  const match = /(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_-])/.exec(value)?.[0];
  return match !== undefined && isDrawn(match) && textBehind(match) === undefined
    ? { kind: "aws-secret-access-key", text: match }
    : undefined;
}
