import { parseArn } from "../../iam/arn.ts";
import type { Claim, Resolver } from "../resolver.ts";
import { declared, isRoleSession, type RoleSession, writtenAs } from "../role-session.ts";
import { conventionOf, idIn, type SessionConvention } from "../session-convention.ts";
import type { Naming } from "../workload.ts";

export const inScope: Resolver = {
  id: "in-scope",
  summary:
    "AWS writes the resource whose environment got the credentials into `inScopeOf`, with its CloudFormation type. Lambda and EC2 have files of their own; the types of other services were not seen in records yet.",
  watches: [],
  resolve(holder) {
    if (!isRoleSession(holder)) return undefined;
    const scope = holder.principal.session.inScopeOf;
    if (scope === undefined || scope.issuerType === "AWS::Lambda::Function") return undefined;
    if (scope.issuerType === "AWS::EC2::Instance") return undefined;
    const { id, naming } = read(holder, scope.issuerType, scope.credentialsIssuedTo);
    return declared(holder, { id, ...because }, naming);
  },
};

const because: Pick<Claim, "class" | "because"> = {
  class: "asserted",
  because: "AWS wrote the resource into userIdentity.inScopeOf",
};

interface Named {
  readonly id: string;
  readonly naming?: Naming | undefined;
}

function read(holder: RoleSession, type: string, resource: string): Named {
  const { principal, registry } = holder;
  const values = writtenAs(resource);
  switch (type.split("::").slice(0, 2).join("::")) {
    case "AWS::ECS":
      return { id: `ecs:${taskIn(holder, resource)}` };
    case "AWS::SageMaker":
      return { id: `sagemaker:${resource}`, naming: sagemakerNaming(holder, values) };
    case "AWS::BedrockAgentCore":
      return {
        id: `agentcore:${principal.role}/${runIn(holder, "agentcore")}`,
        naming: registry.selecting("agentCoreRuntime", values),
      };
    case "AWS::Bedrock":
      return { id: `bedrock-agent:${resource}`, naming: registry.selecting("bedrockAgent", values) };
    case "AWS::CodeBuild":
      return {
        id: `codebuild:${principal.role}/${runIn(holder, "codebuild")}`,
        naming: registry.selecting("codeBuildProject", values),
      };
    case "AWS::Glue":
      return { id: `glue:${principal.role}`, naming: registry.selecting("glueJob", values) };
    default:
      return { id: `${(type.split("::")[1] ?? type).toLowerCase()}:${resource}` };
  }
}

/** The task's own id where AWS names the task; its session's name where AWS names what it belongs to. */
function taskIn({ principal }: RoleSession, resource: string): string {
  const arn = parseArn(resource);
  const last = arn?.resource.split("/").at(-1) ?? resource;
  const task = arn?.resource.startsWith("task/") || conventionOf(principal.session.name) !== "ecs";
  return `${arn?.account ?? principal.account ?? ""}/${task ? last : principal.session.name}`;
}

/** Within AWS's own scope the service chose the name. */
const runIn = ({ principal: { session } }: RoleSession, convention: SessionConvention): string =>
  conventionOf(session.name) === convention ? idIn(session.name) : "-";

const sagemakerNaming = ({ registry }: RoleSession, values: readonly string[]): Naming | undefined =>
  registry.selecting("sagemaker.endpoint", values) ??
  registry.selecting("sagemaker.domainUser", values) ??
  registry.selecting("sagemaker.trainingJobPrefix", values.slice(1));
