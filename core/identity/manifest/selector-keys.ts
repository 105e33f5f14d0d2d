import { canonical } from "../../event/canonical.ts";
import { at, list, text } from "../../event/json.ts";
import { roleOf, type Selector } from "./selector.ts";

/** What a selector can be looked up by: the word before the blank in its keys. */
export type SelectorKey =
  | "accessKeyId"
  | "agentCoreRuntime"
  | "batchJobRole"
  | "bedrockAgent"
  | "codeBuildProject"
  | "ec2AutoScalingGroup"
  | "ec2InstanceProfile"
  | "ecsTaskRole"
  | "eksServiceAccount"
  | "function"
  | "glueJob"
  | "identityCenterUser"
  | "oidc"
  | "role"
  | "rolesAnywhereSubject"
  | "sagemaker.domainUser"
  | "sagemaker.endpoint"
  | "sagemaker.trainingJobPrefix"
  | "thirdParty"
  | "userArn";

/** What a selector claims, one key a thing; equal keys are the same claim. A `*` at the end stands for the rest. */
export function selectorKeys(selector: Selector): readonly string[] {
  const { kind, value } = selector;
  switch (kind) {
    case "roles": {
      const path = text(at(value, "path"));
      return list(at(value, "accounts")).map((account) => `path ${text(account)} ${path}`);
    }
    case "eksServiceAccount": {
      const account = `${text(at(value, "namespace"))}/${text(at(value, "name"))}`;
      const clusters = [text(at(value, "clusterArn")), text(at(value, "oidcIssuer"))];
      return clusters.filter((one) => one !== "").map((one) => `eksServiceAccount ${one}/${account}`);
    }
    case "oidc":
      return [`oidc ${text(at(value, "issuer"))}/${text(at(value, "subject"))}`];
    case "thirdParty":
      return [`thirdParty ${text(at(value, "accountId"))}`];
    case "lambdaFunction":
      return [`function ${text(value)}`];
    case "sagemaker":
      return sagemakerKeys(selector);
    default: {
      const role = roleOf(selector);
      return [role === undefined ? `${kind} ${typeof value === "string" ? value : canonical(value)}` : `role ${role}`];
    }
  }
}

function sagemakerKeys(selector: Selector): readonly string[] {
  const { value } = selector;
  const prefix = text(at(value, "trainingJobPrefix"));
  const role = roleOf(selector);
  return [
    ["role", role ?? ""],
    ["sagemaker.endpoint", text(at(value, "endpoint"))],
    ["sagemaker.domainUser", text(at(value, "domainUser"))],
    ["sagemaker.trainingJobPrefix", prefix && !prefix.endsWith("*") ? `${prefix}*` : prefix],
  ].flatMap(([key, named]) => (named ? [`${key} ${named}`] : []));
}
