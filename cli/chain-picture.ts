import type { Attribution, Hop } from "../core/identity/attribution.ts";
import { visible } from "./terminal.ts";

/** What a picture is drawn with: box characters where the terminal shows UTF-8, plain ASCII elsewhere. */
export type Pen = "unicode" | "ascii";

/** The pen for a locale, as POSIX finds it: LC_ALL, else LC_CTYPE, else LANG; nothing said is the C locale, which is ASCII. */
export function penFor(environment: Readonly<Record<string, string | undefined>>): Pen {
  const locale = environment["LC_ALL"] || environment["LC_CTYPE"] || environment["LANG"] || "";
  return /utf-?8/i.test(locale) ? "unicode" : "ascii";
}

/** A foreign text as this pen can show it: made visible and, in ASCII, with everything else escaped. */
export const drawn = (text: string, pen: Pen): string =>
  pen === "unicode"
    ? visible(text)
    : visible(text).replace(/[^\u0020-\u007e]/gu, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`);

/** The text when it fits, else its beginning with an ellipsis. */
export function fitted(text: string, columns: number, pen: Pen): string {
  const end = pen === "unicode" ? "…" : "...";
  return text.length > columns ? `${text.slice(0, Math.max(0, columns - end.length))}${end}` : text;
}

/** The chain in one line, from its far end to the caller. */
export const chainLine = ({ hops }: Pick<Attribution, "hops">): string =>
  hops
    .toReversed()
    .map((hop) => visible(holderName(hop.principal)))
    .join(" > ");

/** The chain as a small tree, from its far end: each step names the call that issued the next credential. */
export function* chainTree({ hops }: Pick<Attribution, "hops">): Generator<string> {
  for (const [depth, hop] of hops.toReversed().entries()) {
    const issued = hop.eventID === null ? "" : `   issued by event ${visible(hop.eventID.slice(0, 8))}`;
    const branch = depth === 0 ? "" : `${"   ".repeat(depth - 1)}└─ `;
    yield `${branch}${visible(holderName(hop.principal))}${issued}`;
  }
}

/** How sure an answer is, and why, in one line. */
export const certainty = ({ kind, confidence, because }: Attribution): string =>
  `${kind === "contested" || kind === "unattributed" ? kind : `${confidence} confidence`}: ${visible(because)}`;

/** What a picture is drawn on. */
export interface Sheet {
  readonly pen: Pen;
  readonly columns: number;
  /** What is known about an issuing call beyond its id, such as its API and time. */
  readonly callOf: (eventID: string) => string | undefined;
}

/** The chain as boxes with arrows, from its far end down to whoever signed. No line is wider than the sheet. */
export function* chainBoxes({ hops }: Pick<Attribution, "hops">, sheet: Sheet): Generator<string> {
  const { pen, columns } = sheet;
  const { corner, bar, side, stem, head } = strokes[pen];
  for (const [depth, hop] of hops.toReversed().entries()) {
    if (depth > 0) {
      yield fitted(`   ${stem}  ${arrowText(hop, sheet)}`, columns, pen);
      yield `   ${head}`;
    }
    const inside = fitted(drawn(boxText(hop, depth === 0), pen), columns - 4, pen);
    const edge = bar.repeat(inside.length + 2);
    yield `${corner[0]}${edge}${corner[1]}`;
    yield `${side} ${inside} ${side}`;
    yield `${corner[2]}${edge}${corner[3]}`;
  }
}

const strokes = {
  unicode: { corner: ["┌", "┐", "└", "┘"], bar: "─", side: "│", stem: "│", head: "▼" },
  ascii: { corner: ["+", "+", "+", "+"], bar: "-", side: "|", stem: "|", head: "v" },
} as const;

function boxText({ principal, accessKeyId, end }: Hop, isFarEnd: boolean): string {
  const key = accessKeyId === null ? "" : `  ${accessKeyId}`;
  return `${holderName(principal)}${key}${isFarEnd && end !== undefined ? `  (${endWords(end)})` : ""}`;
}

const arrowText = (hop: Hop, { pen, callOf }: Sheet): string => {
  const { eventID } = hop;
  const call = eventID === null ? undefined : callOf(eventID);
  const issued =
    eventID === null ? ["the call that leads here is not known"] : [call ?? "", `event ${eventID.slice(0, 8)}`];
  return drawn([...issued, ...furtherFields(hop)].filter(Boolean).join(", "), pen);
};

const known: ReadonlySet<string> = new Set(["principal", "accessKeyId", "eventID", "field", "sharedEventID", "end"]);

/** What a hop says beyond the fields that are shown in their own places, as `name value`. */
export const furtherFields = (hop: Hop): readonly string[] =>
  Object.entries(hop)
    .filter(([name, value]) => !known.has(name) && value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`);

/** Why a chain ends where it does. */
export function endWords(end: string): string {
  switch (end) {
    case "not-seen":
      return "the call that issued this is not in what was read";
    case "long-term-key":
      return "a long-term key";
    case "service":
      return "an AWS service";
    case "federation":
      return "an identity provider's token";
    case "sign-in":
      return "a sign-in";
    default:
      return end;
  }
}

/** A credential's holder in a few words: a service account, a CI run, a role's session. Not yet made visible. */
export function holderName(principal: string): string {
  const account = /:system:serviceaccount:([^:]+):([^:]+)$/.exec(principal);
  if (account) return `Kubernetes service account ${account[1]}/${account[2]}`;
  const run = /oidc-provider\/([^:]+):[^:]*:(.+)$/.exec(principal);
  return run ? `${run[2]} (${run[1]})` : shortArn(principal);
}

/** An ARN without the parts that repeat on every line. */
export const shortArn = (arn: string): string =>
  arn.replace(/^arn:[^:]+:(?:iam|sts):[^:]*:\d*:/, "").replace(/^assumed-role\//, "session ");
