import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import type { Instant } from "../../event/instant.ts";
import { at, text } from "../../event/json.ts";
import { parsePolicy } from "../../iam/policy.ts";
import type { JudgeDeployment } from "../deployments/deploy.ts";
import type { Seen } from "../detector.ts";
import { type Fact, factKey } from "../facts/fact.ts";
import type { Evidence, Severity } from "../finding.ts";
import { isOneself, signerArn } from "../oneself.ts";
import { touchedBy } from "../touched.ts";
import {
  boundarySet,
  boundsNothing,
  isAwsOwned,
  type MeasureWidening,
  textOf,
  type Widening,
} from "./boundary-change.ts";
import { fieldOf, type Weakened } from "./guard-rail.ts";

/** What is compared with: texts of boundaries, and what a deployment's envelope demands. */
export interface BoundaryMeasures {
  readonly measure: MeasureWidening;
  readonly judgeDeployment: JudgeDeployment;
}

/** What a call did to a permissions boundary that leaves more open than before, as far as the facts tell. */
export function boundaryWeakened(
  call: ApiCall,
  seen: Seen,
  { measure, judgeDeployment }: BoundaryMeasures,
): readonly Weakened[] {
  switch (call.api) {
    case "iam:DeleteRolePermissionsBoundary":
    case "iam:DeleteUserPermissionsBoundary":
      return takenOff(call, seen);
    case "iam:PutRolePermissionsBoundary":
    case "iam:PutUserPermissionsBoundary":
      return replaced(call, seen, measure);
    case "iam:CreatePolicyVersion":
    case "iam:SetDefaultPolicyVersion":
      return widenedInside(call, seen, measure);
    case "iam:CreateRole":
    case "iam:CreateUser":
      return leftOut(call, seen, judgeDeployment);
    default:
      return ofPermissionSet(call);
  }
}

/** The moment before a second's writes: what a policy said before the version of this call. */
export const justBefore = (at: Instant): Instant => (at - 1) as Instant;

/** A version that is not the default changes nothing yet. */
export const takesEffect = ({ api, request }: ApiCall): boolean =>
  api !== "iam:CreatePolicyVersion" || request["setAsDefault"] === true || request["setAsDefault"] === "true";

/** The identity as it was, with the text of its boundary where both are known. */
function former(call: ApiCall, { facts }: Seen, arn = touchedBy(call)?.arn) {
  const fact =
    arn === undefined ? undefined : ({ kind: "identity", arn, before: { at: call.at, id: call.id } } as const);
  const answer = fact === undefined ? undefined : facts.get(factKey(fact));
  return answer?.kind === "identity" ? answer.identity : undefined;
}

/** Whose it is, and how bad it is to take the guard-rail from it: a declared workload, oneself, anybody. */
function subjectOf(call: ApiCall, seen: Seen) {
  const { registry } = seen;
  const touched = touchedBy(call);
  // With its path, where the facts know it: manifests name roles by their whole ARN.
  const arn = former(call, seen)?.arn ?? touched?.arn;
  const owner = arn === undefined ? undefined : registry.byRole(arn);
  const self = arn !== undefined && isOneself(arn, call);
  const severity: Severity = owner !== undefined || self ? "high" : "medium";
  const who = touched === undefined ? "an identity" : `${touched.kind} ${excerpt(touched.name)}`;
  const whose = owner === undefined ? "" : ` of ${owner.name}`;
  const evidence: readonly Evidence[] = touched === undefined ? [] : [fieldOf(call, touched.path, touched.name)];
  return { name: `${who}${whose}${self ? ", the very identity that did it," : ""}`, severity, arn, evidence };
}

function takenOff(call: ApiCall, seen: Seen): readonly Weakened[] {
  const before = former(call, seen)?.boundary;
  if (before?.kind === "none") return [];
  // Our own quarantine: guardrail-quarantine says so.
  if (before?.kind === "policy" && isAwsOwned(before.arn, "AWSDenyAll")) return [];
  const { name, severity, arn, evidence } = subjectOf(call, seen);
  return [
    {
      did: `The permissions boundary of ${name} was taken off`,
      tried: `take the permissions boundary off ${name}`,
      severity,
      confidence: "high",
      ...(arn === undefined ? {} : { resource: arn }),
      evidence: [
        fieldOf(call, "eventName", call.name),
        ...evidence,
        ...(before?.kind === "policy" ? [fieldOf(call, "boundary before", before.arn)] : []),
      ],
    },
  ];
}

function replaced(call: ApiCall, seen: Seen, measure: MeasureWidening): readonly Weakened[] {
  const set = boundarySet(call);
  const identity = former(call, seen);
  const before = identity?.boundary;
  const now = textOf(set, call.at, seen.facts);
  const { name, severity, arn, evidence } = subjectOf(call, seen);
  const finding = (did: string, tried: string, over: Partial<Weakened> = {}): Weakened => ({
    did,
    tried,
    severity,
    confidence: "high",
    ...(arn === undefined ? {} : { resource: arn }),
    evidence: [
      fieldOf(call, "requestParameters.permissionsBoundary", set),
      ...evidence,
      ...(before?.kind === "policy" ? [fieldOf(call, "boundary before", before.arn)] : []),
    ],
    ...over,
  });
  if (before?.kind === "none") return [];
  if (before?.kind === "policy" && (before.arn === set || isAwsOwned(before.arn, "AWSDenyAll"))) return [];
  if (boundsNothing(set, now))
    return [
      finding(`A boundary that bounds nothing was set on ${name}`, `give ${name} a boundary that bounds nothing`),
    ];
  if (before?.kind !== "policy" || isAwsOwned(set, "AWSDenyAll")) return [];
  const old = textOf(before.arn, call.at, seen.facts) ?? identity?.policies.boundary?.document;
  const widening = measure(old, now);
  switch (widening.kind) {
    case "not-wider":
      return [];
    case "unknown":
      return [
        finding(`The boundary of ${name} was replaced; ${widening.because}`, `replace the boundary of ${name}`, {
          severity: "low",
          confidence: "low",
        }),
      ];
    case "wider":
      return [
        finding(
          `The boundary of ${name} was replaced by a wider one: ${gainOf(widening)}`,
          `widen the boundary of ${name}`,
          {
            evidence: [fieldOf(call, "requestParameters.permissionsBoundary", set), ...evidence, ...grantsOf(widening)],
          },
        ),
      ];
  }
}

function widenedInside(call: ApiCall, seen: Seen, measure: MeasureWidening): readonly Weakened[] {
  const policy = text(call.request["policyArn"]);
  const fact: Fact = { kind: "holders", policy, before: { at: call.at, id: call.id } };
  const answer = policy === "" || !takesEffect(call) ? undefined : seen.facts.get(factKey(fact));
  const bounded =
    answer?.kind === "holders"
      ? answer.holders.filter((one) => one.boundary.kind === "policy" && one.boundary.arn === policy)
      : [];
  const [first] = bounded;
  if (first === undefined) return [];
  const written = parsePolicy(call.request["policyDocument"]);
  const now = written.ok ? written.document : textOf(policy, call.at, seen.facts);
  const old = first.policies.boundary?.document ?? textOf(policy, justBefore(call.at), seen.facts);
  const widening = measure(old, now);
  if (widening.kind !== "wider") return [];
  const declared = bounded.flatMap(({ arn }) => seen.registry.byRole(arn)?.name ?? []);
  const many = `${bounded.length === 1 ? "one identity" : `${bounded.length} identities`}${declared.length === 0 ? "" : `, ${declared[0]} among them`}`;
  const self = bounded.some(({ arn }) => isOneself(arn, call));
  return [
    {
      did: `The boundary of ${many} was widened from inside: ${gainOf(widening)}`,
      tried: `widen the boundary of ${many} from inside`,
      severity: declared.length > 0 || self ? "high" : "medium",
      confidence: "high",
      resource: policy,
      evidence: [
        fieldOf(call, "requestParameters.policyArn", policy),
        ...grantsOf(widening),
        { kind: "count", what: "identities with this boundary", count: bounded.length },
      ],
    },
  ];
}

/**
 * Whoever is bounded makes others that are not: the boundary no longer bounds what it can reach. A deployment may be bound
 * by its envelope alone, where that lets it make only what has a boundary.
 */
function leftOut(call: ApiCall, seen: Seen, judgeDeployment: JudgeDeployment): readonly Weakened[] {
  if (boundarySet(call) !== "") return [];
  const own = former(call, seen, signerArn(call))?.boundary;
  const demanding =
    demandsBoundary(seen.workload) && judgeDeployment(seen).kind === "outside" ? seen.workload : undefined;
  if (own?.kind !== "policy" && demanding === undefined) return [];
  const kind = call.api === "iam:CreateRole" ? "role" : "user";
  const made = text(at(call.response, kind, "arn")) || touchedBy(call)?.arn;
  const { name, evidence } = subjectOf(call, seen);
  return [
    {
      did: `${demanding?.name ?? "A bounded identity"} made ${name} without a boundary`,
      tried: `make ${name} without a boundary, being bounded itself`,
      severity: "medium",
      confidence: "high",
      ...(made === undefined ? {} : { resource: made }),
      evidence: [
        fieldOf(call, "eventName", call.name),
        ...(own?.kind === "policy" ? [fieldOf(call, "boundary of who made it", own.arn)] : []),
        ...evidence,
      ],
    },
  ];
}

const demandsBoundary = (workload: Seen["workload"]): boolean =>
  workload !== undefined && /"iam:permissionsboundary"/i.test(JSON.stringify(workload.envelope.statements));

function ofPermissionSet(call: ApiCall): readonly Weakened[] {
  const policy = text(at(call.request, "permissionsBoundary", "managedPolicyArn"));
  const put = call.api === "sso:PutPermissionsBoundaryToPermissionSet";
  if (put && !boundsNothing(policy, undefined)) return [];
  const set = text(call.request["permissionSetArn"]);
  return [
    {
      did: put
        ? "A permission set has a boundary now that bounds nothing"
        : "The permissions boundary of a permission set was taken off",
      tried: put ? "give a permission set a boundary that bounds nothing" : "take the boundary off a permission set",
      severity: "medium",
      confidence: "high",
      ...(set === "" ? {} : { resource: set }),
      evidence: [fieldOf(call, "eventName", call.name), ...(policy === "" ? [] : [fieldOf(call, "boundary", policy)])],
    },
  ];
}

const gainOf = ({ actions }: Extract<Widening, { kind: "wider" }>): string =>
  actions.length === 1 ? `${actions[0]}` : `${actions[0]} and ${actions.length - 1} more actions`;

const grantsOf = ({ actions, example }: Extract<Widening, { kind: "wider" }>): readonly Evidence[] => [
  { kind: "grant", action: example.action, resource: example.resource },
  { kind: "count", what: "actions that the boundary newly lets through", count: actions.length },
];
