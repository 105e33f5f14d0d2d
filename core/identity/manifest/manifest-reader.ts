import type { JsonObject } from "../../event/json.ts";
import { type Entry, entryOf, type Located, type Place, quoted } from "../../event/located.ts";
import { nearest, suggestion } from "./nearest.ts";

/**
 * Takes a problem; reading goes on, so that one run names them all. `incomplete` is what a profile may still supply:
 * no problem in the profile itself, nor where the profile could not be found.
 */
export type Report = (place: Place, message: string, kind?: "incomplete") => void;

/** Reads one kind of value, or reports what is wrong with it; describes itself as JSON Schema, so editors and Cordon agree. */
export interface Reader<T> {
  readonly schema: JsonObject;
  /** The value, or nothing after at least one report. */
  read(value: Located, report: Report): T | undefined;
}

/** What a text reader answers instead of a value: the end of the sentence "… : because". */
export interface Refusal {
  readonly refused: string;
}

export const refused = (because: string): Refusal => ({ refused: because });

/** Text that stands for a `T`. Numbers and flags are refused with the quoted text to write: YAML has lost their spelling. */
export function text<T>(wanted: string, parse: (text: string) => T | Refusal, schema: JsonObject = {}): Reader<T> {
  return {
    schema: { type: "string", description: wanted, ...schema },
    read(value, report) {
      if (value.kind !== "text") return refuse(value, wanted, report, quotedForm(value));
      const parsed = parse(value.text);
      if (!isRefusal(parsed)) return parsed;
      report(value.place, `${quoted(value.text)} is not ${wanted}: ${parsed.refused}`);
      return undefined;
    },
  };
}

/** One of a few words. */
export const choice = <const Word extends string>(wanted: string, words: readonly Word[]): Reader<Word> => ({
  schema: { enum: words, description: wanted },
  read(value, report) {
    if (value.kind !== "text") return refuse(value, wanted, report, quotedForm(value));
    const found = words.find((word) => word === value.text);
    if (found !== undefined) return found;
    report(value.place, `${quoted(value.text)} is not ${wanted}${suggestion(value.text, words)}`);
    return undefined;
  },
});

/** `true` or `false`, unquoted. */
export const flag: Reader<boolean> = {
  schema: { type: "boolean" },
  read: (value, report) => (value.kind === "flag" ? value.flag : refuse(value, "true or false", report)),
};

/** A finite number within bounds, both included. */
export const number = (wanted: string, least: number, most: number, kind: "whole" | "any"): Reader<number> => ({
  schema: { type: kind === "whole" ? "integer" : "number", description: wanted, minimum: least, maximum: most },
  read(value, report) {
    if (value.kind !== "number") return refuse(value, wanted, report);
    const fits = value.number >= least && value.number <= most && (kind === "any" || Number.isInteger(value.number));
    if (fits) return value.number;
    report(value.place, `${value.written} is not ${wanted}: write a number from ${least} to ${most}`);
    return undefined;
  },
});

/** A list of values of one kind; every wrong item is reported at its own place. */
export const list = <T>(of: Reader<T>, bounds: "may-be-empty" | "not-empty" = "not-empty"): Reader<readonly T[]> => ({
  schema: { type: "array", items: of.schema, ...(bounds === "not-empty" ? { minItems: 1 } : {}) },
  read(value, report) {
    if (value.kind !== "list") return refuse(value, "a list", report);
    if (value.items.length === 0 && bounds === "not-empty") {
      report(value.place, "the list is empty: write at least one item, or remove the key");
      return undefined;
    }
    const items = value.items.map((item) => of.read(item, report));
    const good = items.filter((item) => item !== undefined);
    return good.length === items.length ? good : undefined;
  },
});

/** Must be there; must be there once the profile is merged in; may be there. */
type Presence = "required" | "inherited" | "optional";
interface Field<T, P extends Presence> {
  readonly of: Reader<T>;
  readonly presence: P;
}
type Fields = Readonly<Record<string, Field<unknown, Presence>>>;
type Value<F> = F extends Field<infer T, Presence> ? T : never;
type Optional<F extends Fields> = { [Key in keyof F]: F[Key]["presence"] extends "optional" ? Key : never }[keyof F];

/** What a mapping with these fields reads as. */
export type Read<F extends Fields> = { readonly [Key in Exclude<keyof F, Optional<F>>]: Value<F[Key]> } & {
  readonly [Key in Optional<F>]?: Value<F[Key]>;
};

export const required = <T>(of: Reader<T>): Field<T, "required"> => ({ of, presence: "required" });
export const inherited = <T>(of: Reader<T>): Field<T, "inherited"> => ({ of, presence: "inherited" });
export const optional = <T>(of: Reader<T>): Field<T, "optional"> => ({ of, presence: "optional" });

/** A mapping with exactly these keys. Unknown ones are reported at the key, missing ones at the mapping. */
export function mapping<const F extends Fields>(about: string, fields: F): Reader<Read<F>> {
  const keys = Object.keys(fields);
  const needed = keys.filter((key) => fields[key]?.presence === "required");
  return {
    schema: {
      type: "object",
      additionalProperties: false,
      ...(needed.length > 0 ? { required: needed } : {}),
      properties: Object.fromEntries(keys.map((key) => [key, fields[key]?.of.schema])),
    },
    read(value, report) {
      if (value.kind !== "mapping") return refuse(value, `${about}, a mapping of ${keys.join(", ")}`, report);
      const found = value.entries.map((entry) => readEntry(entry, fields, report));
      const meant = value.entries.map(({ key }) => (Object.hasOwn(fields, key) ? key : nearest(key, keys)));
      const missing = keys.filter((key) => fields[key]?.presence !== "optional" && !meant.includes(key));
      for (const key of missing) {
        const kind = fields[key]?.presence === "inherited" ? ("incomplete" as const) : undefined;
        report(value.place, `${about} needs ${quoted(key)}`, kind);
      }
      const good = found.filter((pair) => pair !== undefined);
      if (missing.length > 0 || good.length < found.length) return undefined;
      // The only cast of this file: every field was read by its own reader, which the compiler cannot follow through entries.
      return Object.fromEntries(good) as Read<F>;
    },
  };
}

/** Reports a key that does not belong here, with the nearest that does. */
export const unknownKey = (entry: Entry, keys: readonly string[], report: Report): void =>
  report(entry.place, `unknown key ${quoted(entry.key)}${suggestion(entry.key, keys)}`);

/** A reader with one more rule; the rule names the key it speaks of, whose place the report then has. */
export const ruled = <T>(
  of: Reader<T>,
  rule: (value: T) => { readonly key: string; readonly because: string } | undefined,
): Reader<T> => ({
  schema: of.schema,
  read(value, report) {
    const found = of.read(value, report);
    if (found === undefined) return undefined;
    const broken = rule(found);
    if (broken === undefined) return found;
    report(entryOf(value, broken.key)?.place ?? value.place, broken.because);
    return undefined;
  },
});

/** Says what was wanted and what stands there instead. */
export function refuse(value: Located, wanted: string, report: Report, advice = ""): undefined {
  report(value.place, `expected ${wanted}, found ${described(value)}${advice}`);
  return undefined;
}

/** What to write when a number or a flag was meant as text. */
export function quotedForm(value: Located): string {
  if (value.kind === "flag") return `; as text it is "${value.flag}", in quotes`;
  if (value.kind === "number") return `; as text it is ${quoted(unabridged(value.written))}, in quotes`;
  return "";
}

function described(value: Located): string {
  switch (value.kind) {
    case "text":
      return `the text ${quoted(value.text)}`;
    case "number":
      return `the number ${value.written}`;
    case "flag":
      return `${value.flag}`;
    case "nothing":
      return "nothing: write a value or remove the key";
    case "list":
      return "a list";
    case "mapping":
      return "a mapping";
  }
}

/** Ten or eleven digits are an account id that lost its leading zeros on the way. */
const unabridged = (written: string): string => (/^\d{10,11}$/.test(written) ? written.padStart(12, "0") : written);

function readEntry(entry: Entry, fields: Fields, report: Report): readonly [string, unknown] | undefined {
  const field = Object.hasOwn(fields, entry.key) ? fields[entry.key] : undefined;
  if (field === undefined) {
    unknownKey(entry, Object.keys(fields), report);
    return undefined;
  }
  const value = field.of.read(entry.value, report);
  return value === undefined ? undefined : [entry.key, value];
}

const isRefusal = (value: unknown): value is Refusal =>
  typeof value === "object" && value !== null && Object.hasOwn(value, "refused");
