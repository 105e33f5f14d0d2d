import { at, fields, isObject, type Json, type JsonObject, list, text } from "../../event/json.ts";
import { parseArn } from "../../iam/arn.ts";
import { type ParsedFile, pairs } from "./owner-terraform.ts";
import { factsOf, type OwnerFact, ranks } from "./suggest-owner.ts";

/**
 * Owners and environments in CloudFormation templates (JSON) and in the output of `describe-stacks` and
 * `describe-stack-resources`; what a stack is tagged with its resources are. A file that is none of these gives nothing
 * and is named in `unread`.
 */
export function cloudFormationOwners(files: readonly ParsedFile[]): {
  readonly facts: readonly OwnerFact[];
  readonly unread: readonly string[];
} {
  const stacks = new Map<string, { readonly tags: readonly (readonly [string, string])[]; readonly file: string }>();
  for (const { file, value } of files)
    for (const stack of list(at(value, "Stacks")))
      stacks.set(stackKey(stack), { tags: listed(at(stack, "Tags")), file });
  const unread: string[] = [];
  const facts = files.flatMap(({ file, value }): readonly OwnerFact[] => {
    const template = at(value, "Resources");
    const resources = list(at(value, "StackResources"));
    if (isObject(template)) return Object.entries(template).flatMap(([id, one]) => inTemplate({ id, file }, one));
    if (resources.length === 0 && list(at(value, "Stacks")).length === 0) unread.push(file);
    return resources.flatMap((one) => {
      const stack = stacks.get(stackKey(one));
      const subject = physical(one);
      const source = `CloudFormation ${stack?.file ?? file}, tags of stack ${text(at(one, "StackName"))}`;
      return stack === undefined || subject === undefined
        ? []
        : factsOf(stack.tags, { subject, source, rank: ranks.cloudFormation });
    });
  });
  return { facts, unread };
}

const stackKey = (value: Json): string => text(at(value, "StackId")) || text(at(value, "StackName"));

function inTemplate(
  { id, file }: { readonly id: string; readonly file: string },
  resource: Json | undefined,
): readonly OwnerFact[] {
  const properties = fields(at(resource, "Properties"));
  const subject = templated(text(at(resource, "Type")), properties);
  const tags = properties["Tags"];
  return subject === undefined
    ? []
    : factsOf(isObject(tags) ? pairs(tags) : listed(tags), {
        subject,
        source: `CloudFormation ${file}, ${id}`,
        rank: ranks.cloudFormation,
      });
}

/** `[{Key, Value}]`; a value that a function makes is not known here. */
const listed = (tags: Json | undefined): readonly (readonly [string, string])[] =>
  list(tags).map((one) => [text(at(one, "Key")), text(at(one, "Value"))] as const);

/** Only a resource that is named in the template can be found again. */
function templated(type: string, properties: JsonObject): string | undefined {
  const named = (kind: string, key: string): string | undefined => {
    const name = text(properties[key]);
    return name === "" ? undefined : `${kind} ${name}`;
  };
  switch (type) {
    case "AWS::IAM::Role":
      return named("role", "RoleName");
    case "AWS::Lambda::Function":
    case "AWS::Serverless::Function":
      return named("function", "FunctionName");
    case "AWS::AutoScaling::AutoScalingGroup":
      return named("group", "AutoScalingGroupName");
    default:
      return undefined;
  }
}

/** The stack's id names the account that its resources are in. */
function physical(resource: Json): string | undefined {
  const id = text(at(resource, "PhysicalResourceId"));
  const account = parseArn(text(at(resource, "StackId")))?.account;
  if (id === "") return undefined;
  const place = account === undefined ? "" : `${account}/`;
  switch (text(at(resource, "ResourceType"))) {
    case "AWS::IAM::Role":
      return `role ${place}${id}`;
    case "AWS::Lambda::Function":
      return `function ${place}${id}`;
    case "AWS::AutoScaling::AutoScalingGroup":
      return `group ${id}`;
    default:
      return parseArn(id) === undefined ? undefined : id;
  }
}
