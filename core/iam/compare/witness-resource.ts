import type { Context } from "../context.ts";
import { one, star } from "../glob.ts";
import { meet } from "../glob-meet.ts";
import { type PolicyVersion, resolve, templateOf } from "../template.ts";
import { newName } from "./condition-values.ts";
import { mayOverlap, patternCovers } from "./difference-body.ts";

/** Where a made-up resource lies when a policy leaves that open. */
export interface Surroundings {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** Names for what a pattern leaves open: a word, and one that differs from it in every character and in length. */
const fillers = [
  { text: "any-cordon", single: "x" },
  { text: "0q", single: "0" },
] as const;

/** The pattern with its policy variables replaced; `*` and `?` of the text stay wildcards. */
export function resolved(pattern: string, version: PolicyVersion, context: Context): string | undefined {
  if (!pattern.includes("${")) return pattern;
  const units = resolve(templateOf(pattern, { version, wildcards: true }), context);
  return units?.map((unit) => (unit === star ? "*" : unit === one ? "?" : String.fromCharCode(unit))).join("");
}

/** Resources that a pattern without variables covers, with names that no policy is likely to say. */
export function instances(pattern: string, around: Surroundings): readonly string[] {
  const fields = pattern.split(":");
  const known: Readonly<Record<number, string>> = { 1: around.partition, 3: around.region, 4: around.account };
  const placed =
    fields[0] === "arn" && fields.length > 5
      ? fields.map((field, at) => (field === "*" ? (known[at] ?? "*") : field)).join(":")
      : pattern;
  if (!/[*?]/.test(placed)) return [placed];
  return [...new Set(fillers.map(({ text, single }) => placed.replaceAll("*", text).replaceAll("?", single)))];
}

/** Texts of both patterns, if one is found with few steps. */
export function meetings(a: string, b: string, around: Surroundings): readonly string[] {
  if (patternCovers(a, b)) return instances(b, around);
  if (patternCovers(b, a)) return instances(a, around);
  const [fields, others] = [arnFields(a), arnFields(b)];
  if (fields === undefined || others === undefined) return metAsWhole(a, b);
  // Field by field where both are ARNs: a tenth of the steps.
  const chosen = fields.head.map((field, at) => (field === "*" ? (others.head[at] ?? "*") : field));
  if (chosen.some((field, at) => (others.head[at] ?? "*") !== "*" && others.head[at] !== field)) return [];
  if (!mayOverlap(fields.rest, others.rest)) return [];
  const rests = patternCovers(fields.rest, others.rest)
    ? [others.rest]
    : patternCovers(others.rest, fields.rest)
      ? [fields.rest]
      : metAsWhole(fields.rest, others.rest);
  return rests.flatMap((rest) => instances([...chosen, rest].join(":"), around));
}

function metAsWhole(a: string, b: string): readonly string[] {
  if ((a.length + 1) * (b.length + 1) > mostCells) return [];
  const met = meet(a, b, newName);
  return met === undefined ? [] : [met];
}

/** An ARN pattern whose first five fields are a text or a lone star each. */
function arnFields(pattern: string): { readonly head: readonly string[]; readonly rest: string } | undefined {
  const all = pattern.split(":");
  const head = all.slice(0, 5);
  if (all.length < 6 || head.some((field) => field !== "*" && /[*?]/.test(field))) return undefined;
  return { head, rest: all.slice(5).join(":") };
}

/** Steps that one meeting may take: two ARNs of usual length need a tenth. */
const mostCells = 65_536;

/** An ARN of the reference (`arn:${Partition}:s3:::${BucketName}`) as a pattern; what surrounds it is put in where `around` says. */
export function patternOfArn(arn: string, around: Surroundings | undefined): string {
  const known: Readonly<Record<string, string>> =
    around === undefined ? {} : { Partition: around.partition, Region: around.region, Account: around.account };
  let text = "";
  let from = 0;
  for (let start = arn.indexOf("${"); start >= 0; start = arn.indexOf("${", from)) {
    const end = arn.indexOf("}", start);
    if (end < 0) break;
    text += arn.slice(from, start) + (known[arn.slice(start + 2, end)] ?? "*");
    from = end + 1;
  }
  return text + arn.slice(from);
}
