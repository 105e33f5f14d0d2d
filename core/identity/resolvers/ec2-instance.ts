import { calls } from "../../event/watch.ts";
import { parseArn } from "../../iam/arn.ts";
import { named, namingRole } from "../declared.ts";
import type { Claim, Holder, Resolver } from "../resolver.ts";

export const ec2Instance: Resolver = {
  id: "ec2-instance",
  summary:
    "AWS writes the instance into `inScopeOf`, issues the session itself (`AssumeRole` by ec2.amazonaws.com) or marks it with `ec2RoleDelivery`; a session that merely calls itself `i-…` is a guess.",
  watches: [calls("sts:AssumeRole")],
  resolve(holder) {
    const { principal } = holder;
    if (principal.kind !== "assumed-role") return undefined;
    const scope = principal.session.inScopeOf;
    if (scope?.issuerType === "AWS::EC2::Instance") return claim(holder, asserted(scope.credentialsIssuedTo));
    const instance = principal.session.name;
    if (!/^i-[0-9a-f]{8,17}$/.test(instance)) return undefined;
    const { issuedBy } = holder;
    if (issuedBy?.caller.kind === "aws-service" && /^ec2\.amazonaws\.com(\.cn)?$/.test(issuedBy.caller.service))
      return claim(holder, {
        id: `ec2:${issuedBy.account ?? principal.account}/${issuedBy.region}/${instance}`,
        class: "linked",
        because: "the EC2 service asked for this session under the instance's id",
      });
    const id = `ec2:${principal.account ?? ""}/-/${instance}`;
    return principal.session.ec2RoleDelivery === undefined
      ? claim(holder, {
          id,
          class: "inferred",
          because: "the session calls itself by an instance id, which its caller chose",
        })
      : claim(holder, { id, class: "indexed", because: "AWS marks the session as handed out by instance metadata" });
  },
};

type Found = Pick<Claim, "id" | "class" | "because">;

function asserted(instanceArn: string): Found {
  const arn = parseArn(instanceArn);
  const instance = arn?.resource.split("/").at(-1) ?? instanceArn;
  return {
    id: `ec2:${arn?.account ?? ""}/${arn?.region ?? ""}/${instance}`,
    class: "asserted",
    because: "AWS wrote the instance into userIdentity.inScopeOf",
  };
}

/** A guess never takes a manifest's name: the role alone will say so, if it is declared. */
const claim = ({ principal, registry }: Holder, found: Found): Claim =>
  named(
    { kind: "workload", ...found },
    principal.kind === "assumed-role" && found.class !== "inferred" ? namingRole(registry, principal.role) : undefined,
  );
