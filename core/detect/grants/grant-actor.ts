import type { ApiCall } from "../../event/event.ts";
import { text } from "../../event/json.ts";
import { parseArn } from "../../iam/arn.ts";
import { type CompiledPolicy, compilePolicies, verdictOf } from "../../iam/compiled-policy.ts";
import type { PolicyDocument } from "../../iam/policy.ts";
import type { IamTables } from "../../iam/tables.ts";
import { deploys } from "../deployments/deploy.ts";
import type { Seen } from "../detector.ts";
import { type Facts, factKey } from "../facts/fact.ts";
import { declaredGrants } from "./grant-envelope.ts";
import type { Party } from "./grant-write.ts";

/** The role or user that acts, by its ARN; a session by its role. */
export const actorOf = ({ principal }: ApiCall): string | undefined =>
  principal.kind === "assumed-role" ? principal.role : principal.kind === "iam-user" ? principal.arn : undefined;

/**
 * True when IAM Identity Center writes into an account what a permission set says: the role that signs is linked to the
 * service, which nobody else can assume. The change was the permission set's.
 */
export const isProvisioning = ({ principal }: ApiCall): boolean =>
  principal.kind === "assumed-role" &&
  parseArn(principal.role)?.resource === "role/aws-service-role/sso.amazonaws.com/AWSServiceRoleForSSO";

/** True when a party is the actor itself, or a group that the actor is known to be in. Paths do not count: names are unique. */
export function isActor(party: Party | undefined, call: ApiCall, facts: Facts): boolean {
  const actor = actorOf(call);
  if (actor === undefined || party?.arn === undefined) return false;
  if (party.kind !== "group") return sameName(actor, party.arn);
  const answer = facts.get(factKey({ kind: "identity", arn: actor, before: { at: call.at, id: call.id } }));
  const groups = answer?.kind === "identity" ? (answer.identity.groups ?? []) : [];
  return groups.includes(party.name) && parseArn(actor)?.account === parseArn(party.arn)?.account;
}

/** Whether two ARNs name one role or user, whatever path IAM put before the name. */
export function sameName(one: string, other: string): boolean {
  const [a, b] = [parseArn(one), parseArn(other)];
  return a !== undefined && b !== undefined && a.account === b.account && ends(a.resource) === ends(b.resource);
}

const ends = (resource: string): string =>
  `${resource.slice(0, resource.indexOf("/"))} ${resource.slice(resource.lastIndexOf("/") + 1)}`;

/** Whether a declared workload that deploys nothing made a call that its envelope does not allow; deployments are judged by deploy.ts. */
export type ActsOutside = (seen: Seen) => boolean;

export function outsideJudge({ authorise, table }: IamTables): ActsOutside {
  const compiled = new WeakMap<PolicyDocument, CompiledPolicy>();
  const policyOf = (document: PolicyDocument): CompiledPolicy => {
    const known = compiled.get(document) ?? compilePolicies([document]);
    compiled.set(document, known);
    return known;
  };
  return ({ event, workload }) => {
    if (event.kind !== "api-call" || workload === undefined || deploys(workload)) return false;
    const declared = declaredGrants(workload, event.at);
    const account = event.account ?? event.principal.account;
    if (declared === undefined || account === undefined) return false;
    const { name, region, partition, request: parameters } = event;
    const asked = authorise({
      source: text(event.record["eventSource"]),
      name,
      parameters,
      account,
      region,
      partition,
    });
    if (asked.kind === "unknown") return false;
    return asked.checks.some(({ action, resources }) =>
      (resources.length === 0 ? ["*"] : resources).some((resource) => {
        const wildcardOnly = resource === "*" && table.find(action)?.resources.length === 0;
        const target = { resource, wildcardOnly, context: () => undefined };
        return !declared.allows.some((one) => verdictOf(policyOf(one), action, target) === "allowed");
      }),
    );
  };
}
