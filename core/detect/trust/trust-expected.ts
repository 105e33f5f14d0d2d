import { at, type JsonObject, text } from "../../event/json.ts";
import { accountOf } from "../../iam/arn.ts";
import type { TrustRow } from "../../iam/compare/trust-difference.ts";
import { globCovers } from "../../iam/glob-meet.ts";
import type { Selector } from "../../identity/manifest/selector.ts";
import type { Workload } from "../../identity/workload.ts";
import { issuerNamed } from "./oidc-tenancy.ts";
import { positiveValues } from "./trust-bounds.ts";

/**
 * Whether a manifest expects that its role is assumed by this principal: the services, providers and accounts that its
 * selectors speak of. A selector that names a role only tells nothing of what runs in it.
 */
export const expects = (workload: Workload, row: TrustRow): boolean =>
  workload.selectors.some((selector) => expectedBy(selector, row));

function expectedBy({ kind, value }: Selector, { principal, condition }: TrustRow): boolean {
  if (Object.hasOwn(services, kind) && services[kind]?.includes(serviceIn(principal))) return true;
  switch (kind) {
    case "oidc":
      return (
        isProvider(text(at(value, "issuer")), principal) && within(condition, principal, [text(at(value, "subject"))])
      );
    case "eksServiceAccount":
      return servesAccount(value, { principal, condition });
    case "thirdParty":
      return accountOf(principal) === text(at(value, "accountId"));
    case "roleArn":
    case "userArn":
      return value === principal;
    default:
      return false;
  }
}

/** Service principals by what runs as them (IAM User Guide and each service's page on its execution role). */
const services: Readonly<Record<string, readonly string[]>> = {
  lambdaFunction: ["lambda"],
  ecsTaskRole: ["ecs-tasks"],
  batchJobRole: ["ecs-tasks", "batch"],
  ec2AutoScalingGroup: ["ec2"],
  ec2InstanceProfile: ["ec2"],
  eksServiceAccount: ["pods.eks"],
  sagemaker: ["sagemaker"],
  codeBuildProject: ["codebuild"],
  glueJob: ["glue"],
  agentCoreRuntime: ["bedrock-agentcore"],
  bedrockAgent: ["bedrock"],
  rolesAnywhereSubject: ["rolesanywhere"],
};

const serviceIn = (principal: string): string => principal.replace(/\.amazonaws\.com(?:\.cn)?$/, "");

const isProvider = (issuer: string, principal: string): boolean =>
  issuer !== "" && issuerNamed(principal) === issuer.toLowerCase();

/** The subjects that the condition lets through are all among the declared ones. */
function within(condition: TrustRow["condition"], principal: string, declared: readonly string[]): boolean {
  const asked = positiveValues(condition, `${issuerNamed(principal)}:sub`);
  return asked.length > 0 && asked.every((one) => declared.some((pattern) => globCovers(pattern, one)));
}

function servesAccount(value: string | JsonObject, row: Pick<TrustRow, "principal" | "condition">): boolean {
  const subject = `system:serviceaccount:${text(at(value, "namespace"))}:${text(at(value, "name"))}`;
  return isProvider(text(at(value, "oidcIssuer")), row.principal) && within(row.condition, row.principal, [subject]);
}
