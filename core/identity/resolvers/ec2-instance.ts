import { calls } from "../../event/watch.ts";
import { parseArn } from "../../iam/arn.ts";
import { instanceNamings, nodeGroupOf } from "../instance.ts";
import type { Claim, Resolver } from "../resolver.ts";
import { begunBy, declared, isRoleSession, type RoleSession } from "../role-session.ts";
import { conventionOf } from "../session-convention.ts";

export const ec2Instance: Resolver = {
  id: "ec2-instance",
  summary:
    "AWS writes the instance into `inScopeOf`, issues the session itself (`AssumeRole` by ec2.amazonaws.com) or marks it with `ec2RoleDelivery`; a session that merely calls itself `i-…` is a guess. `RunInstances` shows the Region, the Auto Scaling group and the instance profile.",
  watches: [calls("sts:AssumeRole")],
  resolve(holder) {
    if (!isRoleSession(holder)) return undefined;
    const { session } = holder.principal;
    const scope = session.inScopeOf;
    if (scope?.issuerType === "AWS::EC2::Instance") return asserted(holder, scope.credentialsIssuedTo);
    const begun = begunBy(holder, "ec2");
    if (conventionOf(session.name) !== "ec2" || (begun === "by-another" && session.ec2RoleDelivery === undefined))
      return undefined;
    if (begun === "by-service") return claim(holder, session.name, linked);
    return claim(holder, session.name, session.ec2RoleDelivery === undefined ? inferred : indexed);
  },
};

type How = Pick<Claim, "class" | "because">;

const linked: How = { class: "linked", because: "the EC2 service asked for this session under the instance's id" };
const indexed: How = { class: "indexed", because: "AWS marks the session as handed out by instance metadata" };
const inferred: How = {
  class: "inferred",
  because: "the session calls itself by an instance id, which its caller chose",
};

function asserted(holder: RoleSession, instanceArn: string): Claim {
  const arn = parseArn(instanceArn);
  const instance = arn?.resource.split("/").at(-1) ?? instanceArn;
  return say(holder, {
    id: `ec2:${arn?.account ?? ""}/${arn?.region ?? ""}/${instance}`,
    instance,
    how: { class: "asserted", because: "AWS wrote the instance into userIdentity.inScopeOf" },
  });
}

/** The Region is that of the issuing call, or of the call that started the instance; a dash when neither was seen. */
function claim(holder: RoleSession, instance: string, how: How): Claim {
  const { principal, issuedBy, placements } = holder;
  const account = (how.class === "linked" ? issuedBy?.account : undefined) ?? principal.account ?? "";
  const region =
    how.class === "linked" ? issuedBy?.region : placements.ofRun("ec2-instance", account, instance)?.region;
  return say(holder, { id: `ec2:${account}/${region ?? "-"}/${instance}`, instance, how });
}

interface Said {
  readonly id: string;
  readonly instance: string;
  readonly how: How;
}

function say(holder: RoleSession, { id, instance, how }: Said): Claim {
  const node = nodeGroupOf(holder, instance);
  const because =
    node === undefined ? how.because : `${how.because}; it is a node of Kubernetes (${node}): pod unknown`;
  return declared(holder, { id, class: how.class, because }, ...instanceNamings(holder, instance));
}
