import type { Json, JsonObject } from "../../../core/event/json.ts";

/** Plans of infrastructure, synthetic, shaped as Terraform 1.x and CloudFormation write them. */

/** One entry of `resource_changes`. */
export function change(address: string, over: Readonly<Record<string, Json | undefined>> = {}): JsonObject {
  const bare = address.replace(/\[[^\]]*\]/g, "").split(".");
  const [type = "", name = ""] = bare.slice(-2);
  const { before = null, after = null, after_unknown: open = {}, actions = ["create"], ...rest } = over;
  return {
    address,
    mode: address.includes("data.") ? "data" : "managed",
    type,
    name,
    provider_name: "registry.terraform.io/hashicorp/aws",
    change: { actions, before, after, after_unknown: open },
    ...rest,
  };
}

/** A resource of the configuration with the references of its arguments. */
export const configured = (address: string, references: Readonly<Record<string, readonly string[]>>): JsonObject => ({
  address,
  expressions: Object.fromEntries(Object.entries(references).map(([name, names]) => [name, { references: names }])),
});

export const terraform = (
  changes: readonly JsonObject[],
  resources: readonly JsonObject[] = [],
  over: JsonObject = {},
): JsonObject => ({
  format_version: "1.2",
  terraform_version: "1.9.8",
  resource_changes: changes,
  configuration: { root_module: { resources } },
  ...over,
});

export const document = (...statements: readonly Json[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

export const allow = (action: string | readonly string[], resource: Json = "*"): JsonObject => ({
  Effect: "Allow",
  Action: action,
  Resource: resource,
});

/** A trust policy for one principal. */
export const trust = (principal: Json, over: JsonObject = {}): string =>
  document({ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole", ...over });

/** A role as it is and stays. */
export const role = (name: string, over: JsonObject = {}): JsonObject => ({
  name,
  arn: `arn:aws:iam::111122223333:role/${name}`,
  path: "/",
  assume_role_policy: trust({ Service: "lambda.amazonaws.com" }),
  permissions_boundary: null,
  inline_policy: [],
  managed_policy_arns: [],
  ...over,
});

export const kept = (address: string, values: JsonObject): JsonObject =>
  change(address, { actions: ["no-op"], before: values, after: values });

/** One entry of a change set's `Changes`. */
export const resourceChange = (
  type: string,
  logical: string,
  { before, after, ...over }: Readonly<Record<string, Json | undefined>>,
): JsonObject => ({
  Type: "Resource",
  ResourceChange: {
    Action: before === undefined ? "Add" : after === undefined ? "Remove" : "Modify",
    LogicalResourceId: logical,
    ResourceType: type,
    ...(before === undefined ? {} : { BeforeContext: JSON.stringify({ Properties: before }) }),
    ...(after === undefined ? {} : { AfterContext: JSON.stringify({ Properties: after }) }),
    ...over,
  },
});

export const changeSet = (changes: readonly JsonObject[], over: JsonObject = {}): JsonObject => ({
  ChangeSetName: "next",
  StackName: "bots",
  StackId: "arn:aws:cloudformation:us-east-1:111122223333:stack/bots/00000000-0000-4000-8000-000000000001",
  Changes: changes,
  ...over,
});

export const later = "{{changeSet:KNOWN_AFTER_APPLY}}";
