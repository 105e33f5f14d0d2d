import type { ApiCall } from "../../event/event.ts";
import { type Excerpt, excerpt } from "../../event/excerpt.ts";
import { iamArn, isRoleArn, parseArn } from "../../iam/arn.ts";
import type { IamTables } from "../../iam/tables.ts";
import { type Fact, type Facts, factKey } from "../facts/fact.ts";
import { type PrivilegeLevel, privilegeKinds, privilegeLevel } from "../grants/privilege-level.ts";
import { signerArn } from "../oneself.ts";
import { textsAt } from "./parameters.ts";
import { type PathStep, telling } from "./step-index.ts";

/** A role that a call hands over, or that what it changes already has. */
export interface NamedRole {
  /** Where the record says it. */
  readonly path: string;
  readonly said: Excerpt;
  /** Without the path that IAM may have put before the name; absent while the role of an instance profile is not known. */
  readonly arn?: string;
  readonly level: PrivilegeLevel;
}

/** Last names of members that hold an instance profile (its ARN or name) and no role. */
const profiles =
  /(?:^|\.)(?:iamInstanceProfile(?:\.(?:arn|name))?|IamInstanceProfile\.(?:Arn|Name)|instanceProfileName|jobFlowRole)$/;

/** Where the roles of a step stand. */
export const rolePaths = ({ path, step }: PathStep): readonly string[] => [
  ...(step.passes ? (path.passed?.role ?? []) : []),
  ...step.role,
];

/** What must be known to say how mighty the roles are, and how mighty the signer. */
export function roleFacts(call: ApiCall, steps: readonly PathStep[]): readonly Fact[] {
  const before = { at: call.at, id: call.id };
  const named = namesIn(call, steps).flatMap(({ path, value }): Fact[] => {
    const account = call.account ?? call.principal.account;
    if (account === undefined) return [];
    const { partition } = call;
    const name = value.slice(value.lastIndexOf("/") + 1);
    // An instance profile mostly has its role's name: the console makes both so. The answer says whether it does.
    return profiles.test(path)
      ? [
          { kind: "instance-profile", arn: `arn:${partition}:iam::${account}:instance-profile/${name}`, before },
          { kind: "identity", arn: iamArn(partition, account, "role", name), before },
        ]
      : roleArnOf(value, call).map((arn) => ({ kind: "identity", arn, before }));
  });
  const own = signerArn(call);
  return named.length === 0 || own === undefined ? named : [...named, { kind: "identity", arn: own, before }];
}

/** The roles of these steps, mightiest first. */
export function rolesNamed(
  call: ApiCall,
  steps: readonly PathStep[],
  { facts, tables }: { readonly facts: Facts; readonly tables: IamTables },
): readonly NamedRole[] {
  const before = { at: call.at, id: call.id };
  const levelOf = (arn: string): PrivilegeLevel => {
    const answer = facts.get(factKey({ kind: "identity", arn, before }));
    return answer?.kind === "identity" ? privilegeLevel(answer.identity, tables) : unknown;
  };
  const roles = namesIn(call, steps).map(({ path, value }): NamedRole => {
    const arn = profiles.test(path) ? profileRole(value, call, facts) : roleArnOf(value, call)[0];
    const said = excerpt(value);
    return arn === undefined ? { path, said, level: unknown } : { path, said, arn, level: levelOf(arn) };
  });
  return roles.toSorted((a, b) => privilegeKinds.indexOf(a.level.kind) - privilegeKinds.indexOf(b.level.kind));
}

/** How mighty the signer is itself; nothing where that is not known. */
export function signerLevel(call: ApiCall, facts: Facts, tables: IamTables): PrivilegeLevel | undefined {
  const arn = signerArn(call);
  const fact = arn && ({ kind: "identity", arn, before: { at: call.at, id: call.id } } as const);
  const answer = fact ? facts.get(factKey(fact)) : undefined;
  return answer?.kind === "identity" ? privilegeLevel(answer.identity, tables) : undefined;
}

const unknown: PrivilegeLevel = { kind: "unknown", doubts: ["nothing is known of it"] };

function namesIn(
  call: ApiCall,
  steps: readonly PathStep[],
): readonly { readonly path: string; readonly value: string }[] {
  const paths = [...new Set(steps.filter(telling).flatMap(rolePaths))];
  const seen = new Set<string>();
  return textsAt(call, paths).filter(({ path, value }) => {
    const key = `${profiles.test(path)} ${value}`;
    if (seen.has(key) || seen.size >= mostRoles) return false;
    seen.add(key);
    return true;
  });
}

/** A call that names more roles than these is judged by the first. */
const mostRoles = 16;

/** By its ARN or by its name, with or without a path; the answer has no path, as names are unique in an account. */
function roleArnOf(value: string, { partition, account, principal }: ApiCall): readonly string[] {
  const own = account ?? principal.account;
  if (isRoleArn(value)) return [withoutPath(value)];
  const name = value.slice(value.lastIndexOf("/") + 1);
  return own !== undefined && /^[\w+=,.@-]{1,128}$/.test(name) ? [iamArn(partition, own, "role", name)] : [];
}

function withoutPath(arn: string): string {
  const fields = parseArn(arn);
  return fields === undefined
    ? arn
    : iamArn(fields.partition, fields.account, "role", fields.resource.slice(fields.resource.lastIndexOf("/") + 1));
}

function profileRole(value: string, call: ApiCall, facts: Facts): string | undefined {
  const account = call.account ?? call.principal.account;
  if (account === undefined) return undefined;
  const arn = `arn:${call.partition}:iam::${account}:instance-profile/${value.slice(value.lastIndexOf("/") + 1)}`;
  const answer = facts.get(factKey({ kind: "instance-profile", arn, before: { at: call.at, id: call.id } }));
  return answer?.kind === "instance-profile" && answer.role !== undefined ? roleArnOf(answer.role, call)[0] : undefined;
}
