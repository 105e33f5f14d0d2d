import { secretFormats } from "../secret-formats/formats.ts";
import { isPlaceholder, isReference } from "./placeholder.ts";

/** A secret that was found. The text itself is for a fingerprint only and goes nowhere else. */
export interface FoundSecret {
  /** What it is: a provider's token, or how it was recognised. */
  readonly kind: string;
  readonly text: string;
}

/** The first secret of a provider's format in a text, fillers aside. */
export function ofFormat(value: string): FoundSecret | undefined {
  const lower = value.toLowerCase();
  for (const { kind, hints, shape } of secretFormats) {
    if (!hints.some((hint) => lower.includes(hint))) continue;
    const match = shape.exec(value)?.[0];
    if (match !== undefined && !isFilled(match)) return { kind, text: match };
  }
  return undefined;
}

/** `ghp_xxxxxxxx…`, `AKIAIOSFODNN7EXAMPLE`, `sk-your-key`: of the format, and made by a person. */
function isFilled(match: string): boolean {
  if (/EXAMPLE|example|your[-_]|xxxxxx|XXXXXX|placeholder|REDACTED|\.{4}/.test(match)) return true;
  return match.length >= 20 && new Set(match.slice(-16).toLowerCase()).size <= 4 && !match.startsWith("-----");
}

/** A password where programs expect one: in a URL, a connection string, or on a command line. */
export function inPlace(value: string): FoundSecret | undefined {
  for (const { kind, shape } of places) {
    const password = shape.exec(value)?.groups?.["password"];
    if (password !== undefined && !isFillerPassword(password)) return { kind, text: password };
  }
  return undefined;
}

const places: readonly { readonly kind: string; readonly shape: RegExp }[] = [
  {
    kind: "url-password",
    shape: /\b[a-z][a-z0-9+.-]{1,30}:\/\/[^\s/:@'"]{0,200}:(?<password>[^\s/@'"]{1,300})@[^\s/@'"]{1,300}/i,
  },
  {
    kind: "connection-string-password",
    shape: /[;?&\s](?:password|pwd|passwd|sslpassword)\s{0,3}=\s{0,3}(?<password>[^;&\s'"]{4,300})/i,
  },
  {
    kind: "connection-string-password",
    shape: /^(?:password|pwd)\s{0,3}=\s{0,3}(?<password>[^;&\s'"]{4,300});/i,
  },
  {
    kind: "command-line-password",
    shape: /\bcurl\b[^|\n]{0,300}\s(?:-u|--user)[ =]['"]?[^\s:'"]{1,100}:(?<password>[^\s'"]{4,200})/,
  },
  {
    kind: "command-line-password",
    shape: /\b(?:mysql|mysqldump|mariadb)\b[^|\n]{0,300}\s-p(?<password>[^\s'"-][^\s'"]{3,200})/,
  },
  { kind: "command-line-password", shape: /\s--password[ =]['"]?(?<password>[^\s'"-][^\s'"]{3,200})/ },
];

const isFillerPassword = (password: string): boolean =>
  isPlaceholder(decodedUrl(password)) || isReference(password) || /^[$%{<[*]|[}>]$/.test(password);

function decodedUrl(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
