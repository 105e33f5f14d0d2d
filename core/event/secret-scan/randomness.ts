/** How a text looks that a machine drew at random. */
export interface Look {
  /** Shannon entropy of its characters, in bits each. */
  readonly entropy: number;
  /** How many of upper case, lower case, digits and signs it uses. */
  readonly classes: number;
  /** How often neighbours are of different classes, per character. */
  readonly changes: number;
}

/** Measures a text; long ones by their first thousand characters. */
export function lookOf(text: string): Look {
  const measured = text.slice(0, 1_000);
  const counts = new Map<string, number>();
  const classes = new Set<number>();
  let changes = 0;
  let before = 0;
  for (const character of measured) {
    counts.set(character, (counts.get(character) ?? 0) + 1);
    const here = classOf(character.charCodeAt(0));
    classes.add(here);
    if (before !== 0 && here !== before) changes++;
    before = here;
  }
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / measured.length) * Math.log2(count / measured.length);
  return { entropy, classes: classes.size, changes: changes / Math.max(1, measured.length) };
}

/** Random enough to be a secret wherever it stands: long, of three kinds of characters that change all the time. */
export function looksDrawn(text: string): boolean {
  if (text.length < 28 || text.length > 500 || !/^[A-Za-z0-9+/_=.~!@#$%^&*-]+$/.test(text)) return false;
  const { entropy, classes, changes } = lookOf(text);
  return classes >= 3 && entropy >= 4 && changes >= 0.33;
}

/** Random enough under a name that says so. */
export function looksMade(text: string): boolean {
  if (text.length < 10 || /\s/.test(text)) return false;
  const { entropy, classes } = lookOf(text);
  if (classes < 2 || entropy < 2.75) return false;
  return classes >= 3 || /\d/.test(text) ? !isWords(text) : false;
}

/** `my-app-secret`, `prod/db/main`, `someHandlerName2`: words that somebody put together. */
function isWords(text: string): boolean {
  const parts = text.split(/[-_./:]|(?<=[a-z])(?=[A-Z])/).filter((part) => part !== "");
  return (
    parts.every((part) => /^(?:[A-Za-z]?[a-z]{0,20}|[A-Z]{1,12})\d{0,4}$/.test(part)) &&
    parts.length >= 1 &&
    !/\d{5}/.test(text)
  );
}

export const isUuid = (text: string): boolean => /^[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}$/i.test(text);

/** As digests and ids are written: hexadecimal of the usual lengths, with or without the name of the algorithm. */
export const isHash = (text: string): boolean =>
  /^(?:(?:md5|sha-?\d{1,3})[:=-])?(?:[a-f0-9]{7,10}|[a-f0-9]{32}|[a-f0-9]{40}|[a-f0-9]{56}|[a-f0-9]{64}|[a-f0-9]{96}|[a-f0-9]{128})$/i.test(
    text,
  ) || /^(?:sha-?(?:256|384|512)-)[A-Za-z0-9+/]{40,90}={0,2}$/i.test(text);

/** Public or encrypted by construction: certificates, public keys, KMS ciphertext, password hashes. */
export const isPublic = (text: string): boolean =>
  /^(?:-----BEGIN (?:CERTIFICATE|PUBLIC KEY|RSA PUBLIC KEY)|ssh-(?:rsa|ed25519) |ecdsa-sha2-|MII[A-Za-z0-9+/]{60}|AQIC[A-Za-z0-9+/]{20}|ENC\[|\$2[aby]\$|\$argon2|\$6\$|\{SSHA)/.test(
    text,
  );

/** 1 upper case, 2 lower case, 3 digit, 4 anything else. */
function classOf(code: number): 1 | 2 | 3 | 4 {
  if (code >= 0x61 && code <= 0x7a) return 2;
  if (code >= 0x41 && code <= 0x5a) return 1;
  return code >= 0x30 && code <= 0x39 ? 3 : 4;
}
