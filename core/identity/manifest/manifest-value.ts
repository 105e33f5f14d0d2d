import { type Instant, parseInstant } from "../../event/instant.ts";
import { parseArn } from "../../iam/arn.ts";
import { type AccountId, asAccountId } from "../../iam/identifiers.ts";
import { type Reader, type Refusal, refused, text } from "./manifest-reader.ts";

const fits = (shape: RegExp, because: string) => (value: string) => (shape.test(value) ? value : refused(because));

/** A name of ours: no colon, so that it never reads as the id of an undeclared identity (`role:arn:…`). */
export const name = text(
  "a name",
  fits(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, "write 1 to 63 letters, digits, dots, dashes or underscores"),
  { pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$" },
);

/** Any text for people, on one line. */
export const words = text(
  "text on one line",
  fits(/^\P{Cc}{1,1024}$/u, "write 1 to 1,024 characters without line breaks"),
);

/** Twelve digits, in quotes. */
export const accountId: Reader<AccountId> = text(
  'an account id, twelve digits in quotes ("111122223333")',
  (value) => asAccountId(value) ?? refused("an account is exact, never a pattern, and keeps its leading zeros"),
  { pattern: "^[0-9]{12}$" },
);

/** A Region code, exact. */
export const region = text(
  "a Region (us-east-1)",
  fits(/^[a-z]{2,8}(?:-[a-z]{1,12}){1,3}-\d{1,2}$/, "write its code, without a pattern"),
);

/** RFC 3339 with a time zone. */
export const moment: Reader<Instant> = text(
  "a time (2026-11-20T00:00:00Z)",
  (value) => parseInstant(value) ?? refused("write date, time and zone, and a day that exists"),
);

const unitMilliseconds: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A whole number and a unit, read as milliseconds. */
export const duration = text(
  "a duration (30m, 4h, 2d)",
  (value) => {
    const unit = unitMilliseconds[value.at(-1) ?? ""];
    const whole = value.slice(0, -1);
    if (unit === undefined || !/^[1-9]\d{0,5}$/.test(whole)) return refused("write a whole number and s, m, h or d");
    return Number(whole) * unit;
  },
  { pattern: "^[1-9][0-9]{0,5}[smhd]$" },
);

/** A pattern over names: exact, or with one trailing `*`. */
export const pattern = (wanted: string): Reader<string> =>
  text(wanted, (value) => {
    if (value.length === 0 || value.length > 1_024) return refused("write 1 to 1,024 characters");
    return starProblem(value) ?? value;
  });

/** An IPv4 or IPv6 block. */
export const cidr = text("an address block (10.0.0.0/8)", (value) => {
  const [address = "", bits = "", ...rest] = value.split("/");
  if (rest.length > 0 || !/^\d{1,3}$/.test(bits)) return refused("write an address, a slash and the number of bits");
  const most = isIpv4(address) ? 32 : isIpv6(address) ? 128 : -1;
  return Number(bits) <= most ? value : refused("the address or the number of bits does not exist");
});

/** What an ARN of one kind looks like. A trailing `*` may stand in the resource's name and nowhere else. */
export interface ArnShape {
  /** Names of the service; the first is shown in messages. */
  readonly service: readonly [string, ...string[]];
  /** What the last field begins with. */
  readonly resource: string;
  readonly scope: "global" | "regional";
  /** A name to show in messages. */
  readonly sample: string;
}

/** An ARN to show in a message; nothing is compared with it. */
function exampleOf({ service, resource, scope, sample }: ArnShape): string {
  const place = scope === "global" ? ":111122223333:" : "us-east-1:111122223333:";
  return ["arn", "aws", service[0], `${place}${resource}${sample}`].join(":");
}

/** An ARN of one kind, of any partition. */
export const arn = (shape: ArnShape): Reader<string> =>
  text(`an ARN like ${exampleOf(shape)}`, (value) => arnProblem(value, shape) ?? value);

/** An ARN of one kind, or the bare name. */
export const arnOrName = (shape: ArnShape): Reader<string> =>
  text(`a name, or an ARN like ${exampleOf(shape)}`, (value) => {
    if (value.startsWith("arn:")) return arnProblem(value, shape) ?? value;
    if (!/^[\w+=,.@/ -]{1,256}\*?$/.test(value)) return starProblem(value) ?? refused("this is no name in AWS");
    return value;
  });

/** Why the text is no ARN of this shape, or nothing. */
export function arnProblem(value: string, shape: ArnShape): Refusal | undefined {
  const fields = parseArn(value);
  if (!fields) return refused("it has not the six fields of an ARN");
  if (!/^[a-z][a-z0-9-]*$/.test(fields.partition)) return refused("the partition is exact, never a pattern");
  if (!shape.service.includes(fields.service)) return refused(`the service is ${fields.service}`);
  if (!/^\d{12}$/.test(fields.account)) return refused("the account is twelve digits, never a pattern");
  if (!/^(?:[a-z0-9-]+)?$/.test(fields.region)) return refused("the Region is exact, never a pattern");
  if ((fields.region === "") !== (shape.scope === "global"))
    return refused(fields.region === "" ? "the Region is missing" : "this service's ARNs have no Region");
  if (!fields.resource.startsWith(shape.resource) || fields.resource.length === shape.resource.length)
    return refused(`its last field does not begin with ${shape.resource} and a name`);
  return starProblem(fields.resource);
}

function starProblem(value: string): Refusal | undefined {
  if (/[?\p{Cc}]/u.test(value)) return refused("? and control characters are no part of a name");
  const star = value.indexOf("*");
  return star < 0 || star === value.length - 1 ? undefined : refused("* may stand at the end of a name only");
}

const isIpv4 = (address: string): boolean => {
  const parts = address.split(".");
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
};

function isIpv6(address: string): boolean {
  const halves = address.split("::");
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  return halves.length === 2 ? groups.length < 8 : halves.length === 1 && groups.length === 8;
}
