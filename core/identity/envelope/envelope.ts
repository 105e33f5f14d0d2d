import { type Instant, printInstant } from "../../event/instant.ts";
import type { Check } from "../../iam/authorisation.ts";
import type { Context } from "../../iam/context.ts";
import { hiddenRule } from "../../iam/hidden-rules.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Conduct } from "../conduct.ts";
import type { Grant, Workload } from "../workload.ts";
import { type Limit, type Limits, limitsOf, shown } from "./envelope-limits.ts";
import { type DeclaredStatements, declaredStatements, type Question, type Said } from "./envelope-statements.ts";
import type { Breach, EnvelopeVerdict } from "./envelope-verdict.ts";
import { holds } from "./grant-store.ts";

/** What a workload is declared to do, ready for many calls. */
export interface CompiledEnvelope {
  /**
   * Judges one call at the time of its record, whatever became of it. A part that is absent limits nothing, a list that is
   * empty allows nothing; without statements nothing is declared about actions. A Deny of the envelope holds over grants.
   * The same conduct object is judged once for each stretch of time between two edges of grants.
   */
  judge(conduct: Conduct, at: Instant): EnvelopeVerdict;
}

/** Compiles a manifest's envelope with every grant there is for it, of the manifest and of the GrantStore, past and future ones too. */
export function compileEnvelope(workload: Workload, grants: readonly Grant[], iam: IamTables): CompiledEnvelope {
  const own = declaredStatements(workload.envelope.statements);
  const granted = grants.map((grant) => ({ grant, statements: declaredStatements(grant.statements) }));
  const limits = limitsOf(workload.envelope, iam.modelProfiles);
  const edges = [...new Set(grants.flatMap(({ from, until }) => [from, until]))].sort((a, b) => a - b);
  const timed = own.timed || granted.some(({ statements }) => statements.timed);
  const known = new WeakMap<Conduct, Judged>();
  return {
    judge(conduct, at) {
      const before = known.get(conduct);
      if (before !== undefined && before.from <= at && at < before.until) return before.verdict;
      const verdict = judged(conduct, at, { own, granted, limits });
      const from = timed ? at : (edges.findLast((edge) => edge <= at) ?? Number.NEGATIVE_INFINITY);
      const until = timed ? at + 1 : (edges.find((edge) => edge > at) ?? Number.POSITIVE_INFINITY);
      known.set(conduct, { verdict, from, until });
      return verdict;
    },
  };
}

interface Judged {
  readonly verdict: EnvelopeVerdict;
  readonly from: number;
  readonly until: number;
}

interface Granted {
  readonly grant: Grant;
  readonly statements: DeclaredStatements;
}

interface Parts {
  readonly own: DeclaredStatements;
  readonly granted: readonly Granted[];
  readonly limits: Limits;
}

function judged(conduct: Conduct, at: Instant, parts: Parts): EnvelopeVerdict {
  const { checks } = conduct;
  if (checks === undefined) return { kind: "not-judged", because: "nobody knows which IAM action AWS checks for it" };
  if (checks.length > 0 && checks.every(({ action }) => hiddenRule("free", action, "*") !== undefined))
    return { kind: "inside", by: "envelope" };
  const answers = checks.map((check) => answerTo(check, conduct, at, parts));
  const grant = grantOver(answers);
  const { limits } = parts;
  const named = [limits.model(conduct), limits.secret(conduct)].map((limit) => lifted(limit, grant, checks[0]));
  const everywhere = [limits.region(conduct), limits.origin(conduct), limits.session(conduct)];
  const breaches = [...answers.flatMap(({ breaches: found }) => found), ...[...named, ...everywhere].flatMap(breachIn)];
  const [first, ...rest] = distinct(breaches);
  if (first !== undefined) return { kind: "outside", breaches: [first, ...rest] };
  if (grant?.force === "in" && (answers.some(({ needed }) => needed) || named.includes("granted")))
    return { kind: "inside", by: "grant" };
  if (checks.length > 0 && !parts.own.empty) return { kind: "inside", by: "envelope" };
  if (named.includes("declared")) return { kind: "inside", by: "envelope" };
  return {
    kind: "not-judged",
    because: parts.own.empty ? "the envelope declares no actions" : "no identity policy is asked for it",
  };
}

/** What is said of one check. */
interface Answer {
  readonly breaches: readonly Breach[];
  /** Whether only a grant that holds allows it. */
  readonly needed: boolean;
  /** A grant that allows it, one in force before one that is not. */
  readonly by: Covering | undefined;
}

interface Covering {
  readonly grant: Grant;
  readonly force: "in" | "out";
}

function answerTo(check: Check, conduct: Conduct, at: Instant, { own, granted }: Parts): Answer {
  const questions = questionsOf(check, conduct, at, [own, ...granted.map(({ statements }) => statements)]);
  const covering = granted.filter(({ statements }) => questions.every((one) => statements.ask(one).kind === "allowed"));
  const by = nearestOf(
    covering.map(({ grant }) => grant),
    at,
  );
  const said = questions.map((question) => ({ question, said: own.ask(question) }));
  const breach = said.map((one) => breachOf(own, one.said, one.question)).find((one) => one !== undefined);
  const denied = said.some((one) => one.said.kind === "denied");
  if (by?.force === "in" && !denied) return { breaches: [], needed: breach !== undefined || own.empty, by };
  if (by?.force === "out" && !denied && (breach !== undefined || own.empty))
    return {
      breaches: [{ kind: "grant-not-in-force", action: check.action, grant: by.grant }],
      needed: false,
      by,
    };
  return { breaches: breach === undefined || own.empty ? [] : [breach], needed: false, by };
}

/** One in force, else the one that ended last, else the one that begins first. */
function nearestOf(grants: readonly Grant[], at: Instant): Covering | undefined {
  const inForce = grants.find((one) => holds(one, at));
  if (inForce !== undefined) return { grant: inForce, force: "in" };
  const over = grants.filter(({ until }) => until <= at).toSorted((a, b) => b.until - a.until);
  const grant = over[0] ?? grants.toSorted((a, b) => a.from - b.from)[0];
  return grant && { grant, force: "out" };
}

/** The grant under which the whole call stands: it speaks of the model and the secret too. */
function grantOver(answers: readonly Answer[]): Covering | undefined {
  if (answers.length === 0 || answers.some(({ by }) => by === undefined)) return undefined;
  return answers.find(({ by }) => by?.force === "out")?.by ?? answers[0]?.by;
}

/** A model or secret that is not declared may stand in a grant instead. */
function lifted(limit: Limit, grant: Covering | undefined, check: Check | undefined): Limit | "granted" {
  if (typeof limit === "string" || grant === undefined || check === undefined) return limit;
  if (grant.force === "in") return "granted";
  return { kind: "grant-not-in-force", action: check.action, grant: grant.grant };
}

const breachIn = (limit: Limit | "granted"): readonly Breach[] => (typeof limit === "string" ? [] : [limit]);

/** One for each resource; one about any resource where the record names none, or about any object of the bucket that it names. */
function questionsOf(
  { action, resources }: Check,
  conduct: Conduct,
  at: Instant,
  declared: readonly DeclaredStatements[],
): readonly Question[] {
  const context = contextOfCall(conduct, at);
  const placed = conduct.origin !== undefined && conduct.origin.kind !== "service";
  const wildcardOnly = resources.length === 1 && resources[0] === "*";
  const unnamed = conduct.bucket === undefined ? ["*"] : inBucket(conduct.bucket, declared);
  const named = wildcardOnly ? [["*"]] : resources.length === 0 ? [unnamed] : resources.map(spellings);
  return named.map((one) => ({ action, resources: one, wildcardOnly, context, placed }));
}

/** Some object, and one of each set of objects that is declared: which one was meant, the conduct does not tell. */
const inBucket = (bucket: string, declared: readonly DeclaredStatements[]): readonly string[] => [
  ...new Set([`${bucket}/*`, ...declared.flatMap((one) => one.within(`${bucket}/*`))]),
];

const secretArn = /^arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:/;
const keyByAlias = /^arn:[^:]*:kms:[^:]*:[^:]*:(?:key\/)?alias\//;

/** A secret may be asked for by its name, which IAM knows with six random characters; behind an alias there is some key. */
export function spellings(resource: string): readonly string[] {
  if (keyByAlias.test(resource)) return [resource, "*"];
  return secretArn.test(resource) ? [resource, `${resource}-AAAAAA`] : [resource];
}

function contextOfCall({ region, origin }: Conduct, at: Instant): Context {
  return (key) => {
    switch (key) {
      case "aws:requestedregion":
        return region;
      case "aws:sourceip":
        return origin?.kind === "address" ? origin.address : undefined;
      case "aws:sourcevpce":
        return origin?.kind === "vpc-endpoint" ? origin.id : undefined;
      case "aws:currenttime":
        return printInstant(at);
      case "aws:epochtime":
        return `${Math.floor(at / 1_000)}`;
      default:
        return undefined;
    }
  };
}

function breachOf(own: DeclaredStatements, said: Said, { action, resources, context }: Question): Breach | undefined {
  const [resource = "*"] = resources;
  switch (said.kind) {
    case "allowed":
      return undefined;
    case "silent":
      return { kind: "action", action, declared: shown(own.actions) };
    case "denied":
      return said.declared.length === 0
        ? { kind: "action", action, declared: shown(own.actions) }
        : { kind: "resource", action, resource, declared: shown(said.declared) };
    case "elsewhere": {
      const declared = shown(said.declared);
      if (said.missed === "region") return { kind: "region", region: text(context("aws:requestedregion")), declared };
      if (said.missed === "origin") {
        const origin = text(context("aws:sourcevpce")) || text(context("aws:sourceip"));
        return { kind: "origin", origin, declared };
      }
      return said.missed === "time"
        ? { kind: "action", action, declared }
        : { kind: "resource", action, resource, declared };
    }
  }
}

const text = (value: ReturnType<Context>): string => (typeof value === "string" ? value : "");

/** Two checks of one call may miss in one and the same way. */
function distinct(breaches: readonly Breach[]): readonly Breach[] {
  const known = new Map(breaches.map((one) => [JSON.stringify(one), one]));
  return [...known.values()];
}
