import { type Instant, printInstant } from "../../event/instant.ts";
import { fields, type JsonObject } from "../../event/json.ts";
import { selectorKeys } from "../manifest/selector-keys.ts";
import type { Grant, Workload } from "../workload.ts";
import { type BoundTables, boundsOf, parameterReads } from "./envelope-bounds.ts";
import { shortened, withPrefixes } from "./policy-shorten.ts";
import { documentOf, only, toWrite, type WrittenStatement, written } from "./policy-statement.ts";

/** What AWS keeps a policy as. */
export type PolicyKind = "boundary" | "session-policy" | "scp";

/**
 * The most characters AWS takes. A boundary is a managed policy, in which white space does not count; in the others it
 * does, and what is written here has none. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html,
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
export const sizeLimits: Readonly<Record<PolicyKind, number>> = {
  boundary: 6_144,
  "session-policy": 2_048,
  scp: 5_120,
};

export interface PolicyQuestion {
  readonly to: PolicyKind;
  /** Grants to write in with their times; those that are over are left out. */
  readonly grants: readonly Grant[];
  readonly at: Instant;
  readonly tables: BoundTables;
}

/** The policy, or why there is none. */
export type EnvelopePolicy =
  | {
      readonly kind: "policy";
      readonly document: JsonObject;
      readonly characters: number;
      readonly limit: number;
      /** What a person must know: where the policy says less or more than the envelope, and how it is attached. */
      readonly notes: readonly string[];
    }
  | {
      readonly kind: "too-large";
      readonly characters: number;
      readonly limit: number;
      /** Statements of the policy, the largest first, with what each takes. */
      readonly statements: readonly { readonly statement: JsonObject; readonly characters: number }[];
    }
  | { readonly kind: "impossible"; readonly because: string };

/**
 * Writes an envelope as a policy that allows nothing outside of it and, but for what the notes say, everything inside.
 * Too large a policy is shortened where that changes nothing, and otherwise refused; nothing is left out in silence.
 */
export function policyOf(workload: Workload, question: PolicyQuestion): EnvelopePolicy {
  const { to, at, tables } = question;
  const { envelope } = workload;
  const grants = question.grants.filter(({ until }) => until > at);
  const own = envelope.statements.flatMap((one) => toWrite(one) ?? []);
  const open: readonly WrittenStatement[] =
    own.length > 0 ? own : [{ effect: "Allow", actions: only("*"), resources: only("*") }];
  const granted = grants.flatMap((grant) => grant.statements.flatMap((one) => inTime(toWrite(one), grant)));
  const unread = granted.find((one) => typeof one === "string");
  if (unread !== undefined) return { kind: "impossible", because: unread };
  const lent = granted.filter((one) => typeof one !== "string");
  const allowed = own.length > 0 ? [...open, ...lent] : open;
  const bounds = boundsOf(envelope, allowed, tables);
  const parameters = bounds.some(({ actions }) => actions.patterns.includes(parameterReads));
  const all = [...allowed, ...bounds];
  const scoped = to === "scp" ? scopedTo(rolesOf(workload), all) : all;
  if (scoped === undefined)
    return {
      kind: "impossible",
      because: "a service control policy is told by roles, and no selector of this manifest names one: add a roleArn",
    };
  return sized(scoped, { question, notes: notesOf(workload, { to, grants, lent: lent.length > 0, parameters }) });
}

interface Sizing {
  readonly question: PolicyQuestion;
  readonly notes: readonly string[];
}

function sized(statements: readonly WrittenStatement[], { question, notes }: Sizing): EnvelopePolicy {
  const { to, tables } = question;
  const limit = sizeLimits[to];
  const plain = shortened(statements);
  const fits = (all: readonly WrittenStatement[]): boolean => charactersOf(documentOf(all), to) <= limit;
  const chosen = fits(plain) ? plain : shortened(plain.map((one) => withPrefixes(one, tables.iam.table)));
  const document = documentOf(chosen);
  const characters = charactersOf(document, to);
  if (characters > limit) {
    const each = chosen.map((one) => {
      const statement = written(one);
      return { statement, characters: charactersOf(statement, to) };
    });
    return { kind: "too-large", characters, limit, statements: each.toSorted((a, b) => b.characters - a.characters) };
  }
  const prefixed = chosen === plain ? [] : [prefixNote];
  return { kind: "policy", document, characters, limit, notes: [...notes, ...prefixed] };
}

const prefixNote =
  "to fit, actions are written by their beginning where the envelope has every action with it; one that AWS adds later is then allowed too";

/** As AWS counts: white space outside of a boundary is counted, and none is written. */
function charactersOf(value: JsonObject, to: PolicyKind): number {
  const text = JSON.stringify(value);
  return to === "boundary" ? text.replaceAll(/\s/g, "").length : text.length;
}

/** A grant's statement that holds in [from, until); a text where its own condition leaves no room for that. */
function inTime(one: WrittenStatement | undefined, { id, from, until }: Grant): readonly (WrittenStatement | string)[] {
  if (one === undefined) return [];
  if (one.effect === "Deny")
    return [`grant ${id} has a Deny, which in a policy would hold over the envelope too: write it without`];
  const condition = one.condition ?? {};
  if (condition["DateGreaterThanEquals"] !== undefined || condition["DateLessThan"] !== undefined)
    return [`grant ${id} has a date condition of its own: leave the times to its "from" and "until"`];
  return [
    {
      ...one,
      condition: {
        ...condition,
        DateGreaterThanEquals: { "aws:CurrentTime": printInstant(from) },
        DateLessThan: { "aws:CurrentTime": printInstant(until) },
      },
    },
  ];
}

/** ARNs and patterns of the roles that are the workload. */
function rolesOf({ selectors }: Workload): readonly string[] {
  const keys = selectors.flatMap(selectorKeys);
  const roles = keys.filter((key) => key.startsWith("role ")).map((key) => key.slice("role ".length));
  const paths = keys.filter((key) => key.startsWith("path ")).map((key) => key.split(" "));
  return [
    ...roles.filter((role) => role.startsWith("arn:")),
    ...paths.map(([, account = "*", path = "/"]) => `arn:*:iam::${account}:role${path.replace(/\*?$/, "*")}`),
  ];
}

/** Everybody else may do all; the denials are the workload's alone. */
function scopedTo(roles: readonly string[], all: readonly WrittenStatement[]): readonly WrittenStatement[] | undefined {
  const [first, ...more] = roles;
  if (first === undefined) return undefined;
  const who = { "aws:PrincipalArn": more.length === 0 ? first : roles };
  const others: WrittenStatement = {
    effect: "Allow",
    actions: only("*"),
    resources: only("*"),
    condition: { ArnNotLike: who },
  };
  return [others, ...all.map((one) => (one.effect === "Allow" ? one : among(one, who)))];
}

/** Both operators ask the same of an ARN; the one that the statement does not use itself is free. */
function among(one: WrittenStatement, who: JsonObject): WrittenStatement {
  const condition = one.condition ?? {};
  const operator = condition["ArnLike"] === undefined ? "ArnLike" : "ArnEquals";
  return { ...one, condition: { ...condition, [operator]: { ...fields(condition[operator]), ...who } } };
}

interface Noted {
  readonly to: PolicyKind;
  readonly grants: readonly Grant[];
  readonly lent: boolean;
  /** Whether reading parameters is bounded. */
  readonly parameters: boolean;
}

function notesOf({ envelope }: Workload, { to, grants, lent, parameters }: Noted): readonly string[] {
  const { statements, regions, models, secrets, accelerators, session, chain, mayInvoke } = envelope;
  const limited = [...(models === undefined ? [] : ["models"]), ...(secrets === undefined ? [] : ["secrets"])];
  return [
    ...(statements.length === 0
      ? ["the envelope declares no actions: the policy allows all but what its other parts deny"]
      : []),
    ...(statements.length === 0 && grants.length > 0
      ? ["grants add nothing to a policy that allows everything, and are left out"]
      : []),
    ...(lent && limited.length > 0
      ? [`grants do not open what the lists of ${limited.join(" and ")} keep closed: extend the list for the time`]
      : []),
    ...(regions !== undefined && models !== undefined
      ? ["a cross-Region inference profile also needs the Regions it sends to in `regions`"]
      : []),
    ...(parameters
      ? [
          "AWS does not tell a policy whether a parameter is decrypted: of Parameter Store all but the listed ones are closed, and who reads by path needs the path itself in the list",
        ]
      : []),
    ...(accelerators === undefined
      ? []
      : ["accelerator families that AWS brings later are not in the list of closed ones"]),
    ...(accelerators?.maxInstances === undefined && accelerators?.maxHourlyUsd === undefined
      ? []
      : ["no policy can count: accelerators.maxInstances and maxHourlyUsd are watched, not enforced"]),
    ...(session === undefined ? [] : ["session.maxSeconds is set on the role (MaxSessionDuration), not by a policy"]),
    ...(chain === undefined ? [] : ["no policy knows a chain: chain.maxHops and maxHours are watched, not enforced"]),
    ...(mayInvoke === undefined ? [] : ["mayInvoke is watched, not enforced: its names are not ARNs"]),
    ...attaching[to],
  ];
}

const attaching: Readonly<Record<PolicyKind, readonly string[]>> = {
  boundary: ["a boundary only limits: the role keeps needing policies that allow"],
  "session-policy": [
    "a session policy only limits, and only the sessions that are asked for with it; AWS also limits its packed size",
  ],
  scp: [
    "attach it in place of FullAWSAccess, to an account or unit below the root: beside FullAWSAccess its Allow statements say nothing",
  ],
};
