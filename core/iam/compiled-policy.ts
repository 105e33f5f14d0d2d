import { type ConditionTest, conditionTest } from "./condition-test.ts";
import type { Context } from "./context.ts";
import { compileGlob, globOf, globTest, matchesGlob } from "./glob.ts";
import type { PolicyDocument } from "./policy.ts";
import type { PrincipalScope } from "./principal-scope.ts";
import type { Scope, Statement } from "./statement.ts";
import { type PolicyVersion, resolve, type Template, templateOf, widest } from "./template.ts";

/** What a statement is asked about, once its actions fit. */
export interface Target {
  /** An ARN; `*` for an action that takes no resource, or for "some resource" of one that does. */
  readonly resource: string;
  /** True when the action takes no resource: then only a resource pattern that matches the text `*` grants it. */
  readonly wildcardOnly: boolean;
  readonly context: Context;
}

export interface CompiledStatement {
  readonly effect: "Allow" | "Deny";
  readonly sid: string | undefined;
  /** Place of its document among those compiled together, and its own place in it, from 0. */
  readonly policy: number;
  readonly statement: number;
  readonly principals: PrincipalScope | undefined;
  /** Whether its resources and conditions fit; its action is known to, its principals are the asker's to judge. */
  appliesTo(target: Target): boolean;
}

/** The statements whose actions cover one action, in document order. */
export interface Candidates {
  readonly allows: readonly CompiledStatement[];
  readonly denies: readonly CompiledStatement[];
}

/** One or several documents of one layer, ready for many requests. */
export interface CompiledPolicy {
  /** Finds the statements for an action, written in any case. After an action's first time this is one look-up. */
  candidates(action: string): Candidates;
}

/** What documents say together of an action on a target. Principals are not looked at. */
export function verdictOf(policy: CompiledPolicy, action: string, target: Target): "denied" | "allowed" | "silent" {
  const { allows, denies } = policy.candidates(action);
  for (const one of denies) if (one.appliesTo(target)) return "denied";
  for (const one of allows) if (one.appliesTo(target)) return "allowed";
  return "silent";
}

/** Actions remembered for each compiled policy: action names come from records, and must not fill the memory. */
const remembered = 4_096;

const nobody: Candidates = { allows: [], denies: [] };

/** Compiles documents that count together: all identity policies of a principal, or one boundary. */
export function compilePolicies(documents: readonly PolicyDocument[]): CompiledPolicy {
  const entries = documents.flatMap(({ version, statements }, policy) =>
    statements.map((one, statement) => entryOf(one, { version, policy, statement })),
  );
  const known = new Map<string, Candidates>();
  return {
    candidates(action) {
      const found = known.get(action);
      if (found !== undefined) return found;
      if (known.size >= remembered) known.clear();
      const fresh = candidatesAmong(entries, action.toLowerCase());
      known.set(action, fresh);
      return fresh;
    },
  };
}

interface Entry {
  readonly compiled: CompiledStatement;
  covers(action: string): boolean;
}

function candidatesAmong(entries: readonly Entry[], action: string): Candidates {
  const covering = entries.filter((one) => one.covers(action)).map(({ compiled }) => compiled);
  if (covering.length === 0) return nobody;
  return {
    allows: covering.filter(({ effect }) => effect === "Allow"),
    denies: covering.filter(({ effect }) => effect === "Deny"),
  };
}

interface Place {
  readonly version: PolicyVersion;
  readonly policy: number;
  readonly statement: number;
}

function entryOf(one: Statement, { version, policy, statement }: Place): Entry {
  const resourceFits = resourceTest(one.resources, one.effect, version);
  const tests: readonly ConditionTest[] = one.conditions.map((condition) => conditionTest(condition, version));
  return {
    covers: actionTest(one.actions),
    compiled: {
      effect: one.effect,
      sid: one.sid,
      policy,
      statement,
      principals: one.principals,
      appliesTo(target) {
        if (!resourceFits(target)) return false;
        for (const test of tests) if (!test(target.context)) return false;
        return true;
      },
    },
  };
}

/** Actions are not case-sensitive; policy variables mean nothing in them. */
function actionTest({ kind, patterns }: Scope): (action: string) => boolean {
  const exact = new Set<string>();
  const globs: ((action: string) => boolean)[] = [];
  for (const pattern of patterns.map((text) => text.toLowerCase())) {
    if (/[*?]/.test(pattern)) globs.push(globTest(globOf(pattern)));
    else exact.add(pattern);
  }
  const listed = (action: string): boolean => exact.has(action) || globs.some((matches) => matches(action));
  return kind === "only" ? listed : (action) => !listed(action);
}

/**
 * Resources are compared as they are written, case and all; a `*` may reach over colons, as AWS documents for the end of
 * an ARN's field. Where a resource fits or not by a variable without a value, the statement fits nothing.
 */
function resourceTest(scope: Scope, effect: "Allow" | "Deny", version: PolicyVersion): (target: Target) => boolean {
  const patterns = scope.patterns.map((text) => resourcePattern(text, version));
  const universal = patterns.some(({ everything }) => everything);
  const only = scope.kind === "only";
  if (only && universal) return () => true;
  if (!only && patterns.length === 0) return () => true;
  if (!only && universal) return () => false;
  // "Some resource": an Allow may fit one that the patterns leave open, a Deny has to fit them all.
  const some = effect === "Allow" && (!only || patterns.length > 0);
  return ({ resource, wildcardOnly, context }) => {
    if (resource === "*" && !wildcardOnly) return some;
    for (const pattern of patterns) {
      const fits = pattern.fits(resource, context);
      if (fits === true) return only;
      if (fits === undefined && !only) return false;
    }
    return !only;
  };
}

interface ResourcePattern {
  readonly everything: boolean;
  /** Nothing when it depends on a variable that has no value. */
  fits(resource: string, context: Context): boolean | undefined;
}

function resourcePattern(text: string, version: PolicyVersion): ResourcePattern {
  const template: Template | undefined = text.includes("${")
    ? templateOf(text, { version, wildcards: true })
    : undefined;
  if (template === undefined || template.kind === "fixed") {
    const glob = template === undefined ? globOf(text) : compileGlob(template.units);
    return { everything: glob.everything, fits: globTest(glob) };
  }
  const most = compileGlob(widest(template));
  return {
    everything: false,
    fits(resource, context) {
      if (!matchesGlob(most, resource)) return false;
      const units = resolve(template, context);
      return units && matchesGlob(compileGlob(units), resource);
    },
  };
}
