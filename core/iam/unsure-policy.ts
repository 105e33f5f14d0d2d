import { variablesOf } from "./compare/difference-body.ts";
import type { Condition } from "./condition.ts";
import type { PolicyDocument } from "./policy.ts";
import type { Scope, Statement } from "./statement.ts";
import type { PolicyVersion } from "./template.ts";

/** How much of a request a record shows. */
export interface Shown {
  /** Whether the record tells this context key's value, or that it has none; the key in lower case. */
  knows(key: string): boolean;
  /** `unknown`: the request named a resource and the record does not; it is then asked about as `*`. */
  readonly resource: "known" | "unknown";
}

/** Two readings of the same documents. What `most` denies is surely denied, what `least` allows is surely allowed. */
export interface Readings {
  readonly most: readonly PolicyDocument[];
  readonly least: readonly PolicyDocument[];
}

/** Reads documents both ways where a request is only partly known, so that doubt becomes an answer of its own. */
export const readings = (documents: readonly PolicyDocument[], shown: Shown): Readings => ({
  most: documents.map((one) => readingOf(one, "Allow", shown)),
  least: documents.map((one) => readingOf(one, "Deny", shown)),
});

/** Context keys that some statement asks about and the record does not tell, sorted, in lower case. */
export function keysInDoubt(documents: readonly PolicyDocument[], shown: Shown): readonly string[] {
  const asked = documents.flatMap(({ statements, version }) =>
    statements.flatMap((one) => [
      ...one.conditions.flatMap((condition) => keysOf(condition, version)),
      ...one.resources.patterns.flatMap((pattern) => variablesOf(pattern, version)),
    ]),
  );
  return [...new Set(asked)].filter((key) => !shown.knows(key)).sort();
}

/** The document with every doubt decided in favour of one effect: it applies where it may, the other only where it must. */
const readingOf = (
  { version, statements }: PolicyDocument,
  favoured: Statement["effect"],
  shown: Shown,
): PolicyDocument => ({
  version,
  statements: statements.flatMap((one) => (one.effect === favoured ? widened : narrowed)(one, { shown, version })),
});

interface Reading {
  readonly shown: Shown;
  readonly version: PolicyVersion;
}

function widened(one: Statement, { shown, version }: Reading): readonly Statement[] {
  const conditions = one.conditions.filter((condition) => keysOf(condition, version).every(shown.knows));
  const resources = shown.resource === "unknown" ? everything : reaching(one.resources, "wide", { shown, version });
  return [{ ...one, conditions, conditional: conditions.length > 0, resources }];
}

function narrowed(one: Statement, { shown, version }: Reading): readonly Statement[] {
  const sure = one.conditions.every((condition) => keysOf(condition, version).every(shown.knows));
  if (!sure || (shown.resource === "unknown" && !isEverything(one.resources))) return [];
  return [{ ...one, resources: reaching(one.resources, "narrow", { shown, version }) }];
}

/** Resources whose policy variables the record does not tell: any text, or no resource at all. */
function reaching({ kind, patterns }: Scope, reach: "wide" | "narrow", { shown, version }: Reading): Scope {
  const opened = (reach === "wide") === (kind === "only");
  return {
    kind,
    patterns: patterns.flatMap((pattern) => {
      if (variablesOf(pattern, version).every(shown.knows)) return [pattern];
      return opened ? [withoutVariables(pattern)] : [];
    }),
  };
}

/** Every policy variable as a star; the escapes for `*`, `?` and `$` stay. */
function withoutVariables(pattern: string): string {
  let text = "";
  let from = 0;
  for (let start = pattern.indexOf("${"); start >= 0; start = pattern.indexOf("${", from)) {
    const end = pattern.indexOf("}", start);
    if (end < 0) break;
    const variable = pattern.slice(start, end + 1);
    text += pattern.slice(from, start) + (/^\$\{[*?$]\}$/.test(variable) ? variable : "*");
    from = end + 1;
  }
  return text + pattern.slice(from);
}

const keysOf = ({ key, values }: Condition, version: PolicyVersion): readonly string[] => [
  key.toLowerCase(),
  ...values.flatMap((text) => variablesOf(text, version)),
];

const everything: Scope = { kind: "only", patterns: ["*"] };

const isEverything = ({ kind, patterns }: Scope): boolean =>
  kind === "only" ? patterns.some((one) => /^\*+$/.test(one)) : patterns.length === 0;
