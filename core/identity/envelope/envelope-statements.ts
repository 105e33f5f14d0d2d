import type { JsonObject } from "../../event/json.ts";
import {
  type CompiledPolicy,
  type CompiledStatement,
  compilePolicies,
  type Target,
} from "../../iam/compiled-policy.ts";
import type { Condition } from "../../iam/condition.ts";
import type { Context } from "../../iam/context.ts";
import { meet } from "../../iam/glob-meet.ts";
import { readStatement, type Statement } from "../../iam/statement.ts";

/** One action on one resource, as a record tells it. */
export interface Question {
  /** In the action table's spelling. */
  readonly action: string;
  /** The ways to write the one resource that is meant: a record may name it shorter than IAM does. */
  readonly resources: readonly string[];
  readonly wildcardOnly: boolean;
  readonly context: Context;
  /** Whether the record says where the call came from. */
  readonly placed: boolean;
}

/** What statements say of it. */
export type Said =
  | { readonly kind: "allowed" }
  /** A Deny fits; without `declared` no statement allows the action at all. */
  | { readonly kind: "denied"; readonly declared: readonly string[] }
  /** The action is allowed, but not so: on those resources, in those Regions, from elsewhere or at another time. */
  | { readonly kind: "elsewhere"; readonly missed: Missed; readonly declared: readonly string[] }
  | { readonly kind: "silent" };

export type Missed = "resource" | "region" | "origin" | "time";

/** Statements of an envelope or a grant, ready for many questions. */
export interface DeclaredStatements {
  readonly empty: boolean;
  /** Patterns of actions that some statement allows, in their order. */
  readonly actions: readonly string[];
  /** True when an answer may depend on the time. */
  readonly timed: boolean;
  /** Of each Allow's resources one that is inside a place, a pattern such as `arn:aws:s3:::bucket/*`. */
  within(place: string): readonly string[];
  ask(question: Question): Said;
}

/** Context keys that a record tells, by what it takes to know them. */
const toldBy: Readonly<Record<Exclude<Missed, "resource">, readonly string[]>> = {
  region: ["aws:requestedregion"],
  origin: ["aws:sourceip", "aws:sourcevpce"],
  time: ["aws:currenttime", "aws:epochtime"],
};

type Told = readonly (keyof typeof toldBy)[];

/**
 * Compiles statements for what records tell. Of a condition on anything else (a tag, MFA, an organization) nobody can say
 * from a record whether it held: an Allow is taken as if it did and a Deny as if it did not, so that what cannot be seen
 * is no drift. Policy variables likewise stand for any text. Statements were checked when the manifest was read.
 */
export function declaredStatements(written: readonly JsonObject[]): DeclaredStatements {
  const statements = written.flatMap((one) => {
    const read = readStatement(one);
    return read.ok ? [read.statement] : [];
  });
  const variants = new Map<string, Variant>();
  const variant = (told: Told, paths: "as-written" | "left-out"): Variant => {
    const name = `${told.join()} ${paths}`;
    const known = variants.get(name) ?? variantOf(statements, told, paths);
    variants.set(name, known);
    return known;
  };
  const timed = statements.some((one) => one.conditions.some(({ key }) => toldBy.time.includes(key.toLowerCase())));
  return {
    empty: statements.length === 0,
    actions: patternsOf(statements),
    timed,
    within: (place) =>
      statements
        .filter(({ effect, resources }) => effect === "Allow" && resources.kind === "only")
        .flatMap(({ resources }) => resources.patterns)
        .flatMap((pattern) => meet(pattern.replaceAll(variables, "*"), place, "x") ?? []),
    ask(question) {
      const told: Told = question.placed ? ["region", "origin", "time"] : ["region", "time"];
      const said = inVariant(variant(told, "as-written"), question);
      // Records name IAM's roles, users and policies without their path.
      const without = said.kind === "elsewhere" && pathless(question) ? variant(told, "left-out") : undefined;
      if (without !== undefined && inVariant(without, question).kind === "allowed") return { kind: "allowed" };
      if (said.kind !== "elsewhere") return said;
      const missed = told.find(
        (one) =>
          inVariant(
            variant(
              told.filter((other) => other !== one),
              "as-written",
            ),
            question,
          ).kind === "allowed",
      );
      return missed === undefined ? said : { kind: "elsewhere", missed, declared: valuesOf(statements, missed) };
    },
  };
}

interface Variant {
  readonly policy: CompiledPolicy;
  /** By place, as the compiled statements name it. */
  readonly statements: readonly Statement[];
}

function variantOf(all: readonly Statement[], told: Told, paths: "as-written" | "left-out"): Variant {
  const known = new Set(told.flatMap((one) => toldBy[one]));
  const statements = all.flatMap((one) => asTold(one, known)).map((one) => (paths === "left-out" ? shorter(one) : one));
  return { statements, policy: compilePolicies([{ version: "2012-10-17", statements }]) };
}

function asTold(one: Statement, known: ReadonlySet<string>): readonly Statement[] {
  const tellable = ({ key, values }: Condition): boolean =>
    known.has(key.toLowerCase()) && !values.some((value) => value.includes("${"));
  const conditions = one.conditions.filter(tellable);
  const open = one.resources.patterns.some((pattern) => variable.test(pattern));
  if (one.effect === "Deny") return open || conditions.length < one.conditions.length ? [] : [one];
  const patterns =
    one.resources.kind === "only"
      ? one.resources.patterns.map((pattern) => pattern.replaceAll(variables, "*"))
      : one.resources.patterns.filter((pattern) => !variable.test(pattern));
  return [{ ...one, conditions, conditional: conditions.length > 0, resources: { ...one.resources, patterns } }];
}

const variable = /\$\{(?![*?$]\})[^{}]{0,512}\}/;
const variables = /\$\{(?![*?$]\})[^{}]{0,512}\}/g;

const withPath = /^(arn:[^:]*:iam::[^:]*:(?:role|user|group|policy|instance-profile)\/).*\//;

const shorter = (one: Statement): Statement =>
  one.effect === "Allow" && one.resources.kind === "only"
    ? {
        ...one,
        resources: { kind: "only", patterns: one.resources.patterns.map((text) => text.replace(withPath, "$1")) },
      }
    : one;

/** Only calls of IAM itself name roles by name; who passes or assumes one gives its ARN. */
const pathless = ({ action, resources }: Question): boolean =>
  action.startsWith("iam:") && action !== "iam:PassRole" && !resources.some((one) => withPath.test(one));

function inVariant({ policy, statements }: Variant, question: Question): Said {
  const { allows, denies } = policy.candidates(question.action);
  const { wildcardOnly, context } = question;
  const targets = question.resources.map((resource): Target => ({ resource, wildcardOnly, context }));
  const fits = (one: CompiledStatement): boolean => targets.some((target) => one.appliesTo(target));
  const denied = denies.some(fits);
  if (!denied && allows.some(fits)) return { kind: "allowed" };
  if (!denied && allows.length === 0) return { kind: "silent" };
  const declared = allows.flatMap(({ statement }) => statements[statement]?.resources ?? []).flatMap(written);
  const resources = [...new Set(declared)];
  return denied
    ? { kind: "denied", declared: resources }
    : { kind: "elsewhere", missed: "resource", declared: resources };
}

const written = ({ kind, patterns }: Statement["resources"]): readonly string[] =>
  kind === "only" ? patterns : patterns.length === 0 ? ["*"] : patterns.map((one) => `all but ${one}`);

function patternsOf(statements: readonly Statement[]): readonly string[] {
  const allows = statements.filter(({ effect }) => effect === "Allow");
  return [
    ...new Set(
      allows.flatMap(({ actions: { kind, patterns } }) =>
        kind === "only" ? patterns : patterns.map((one) => `all but ${one}`),
      ),
    ),
  ];
}

const valuesOf = (statements: readonly Statement[], missed: keyof typeof toldBy): readonly string[] => [
  ...new Set(
    statements
      .filter(({ effect }) => effect === "Allow")
      .flatMap(({ conditions }) => conditions)
      .filter(({ key, negated }) => toldBy[missed].includes(key.toLowerCase()) && !negated)
      .flatMap(({ values }) => values),
  ),
];
