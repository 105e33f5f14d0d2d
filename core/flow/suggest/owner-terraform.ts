import { at, fields, isObject, type Json, list, text } from "../../event/json.ts";
import { parseArn } from "../../iam/arn.ts";
import { factsOf, type OwnerFact, ranks } from "./suggest-owner.ts";

/** A file that was parsed, as the person named it. */
export interface ParsedFile {
  readonly file: string;
  readonly value: Json;
}

/**
 * Owners and environments in the output of `terraform show -json` (a state or a plan) or in a state file of version 4.
 * Nothing when the file is neither.
 */
export function terraformOwners({ file, value }: ParsedFile): readonly OwnerFact[] | undefined {
  const stored = list(at(value, "resources"));
  const shown = [at(value, "values", "root_module"), at(value, "planned_values", "root_module")].filter(isObject);
  if (shown.length > 0) return shown.flatMap((module) => [...modulesIn(module)]).flatMap((one) => inModule(one, file));
  if (text(at(value, "terraform_version")) === "" && stored.length === 0) return undefined;
  return stored.flatMap((one) =>
    list(at(one, "instances")).flatMap((instance) =>
      factsAbout(
        { type: text(at(one, "type")), address: `${text(at(one, "type"))}.${text(at(one, "name"))}`, file },
        at(instance, "attributes"),
      ),
    ),
  );
}

/** Modules lie in modules; a plan with more levels than this was not made by Terraform. */
const deepest = 32;

function* modulesIn(module: Json, depth = 0): Generator<Json> {
  yield module;
  if (depth < deepest) for (const one of list(at(module, "child_modules"))) yield* modulesIn(one, depth + 1);
}

const inModule = (module: Json, file: string): readonly OwnerFact[] =>
  list(at(module, "resources")).flatMap((one) =>
    factsAbout({ type: text(at(one, "type")), address: text(at(one, "address")), file }, at(one, "values")),
  );

interface Resource {
  readonly type: string;
  readonly address: string;
  readonly file: string;
}

function factsAbout({ type, address, file }: Resource, values: Json | undefined): readonly OwnerFact[] {
  const about = { source: `Terraform ${file}, ${address}`, rank: ranks.terraform };
  const subject = subjectOf(type, values);
  return subject === undefined ? [] : factsOf(tagsIn(type, values), { ...about, subject });
}

/** Before it is applied, a plan knows a resource by its name only. */
function subjectOf(type: string, values: Json | undefined): string | undefined {
  const [name, metadata] = [text(at(values, "name")), list(at(values, "metadata"))[0]];
  switch (type) {
    case "aws_autoscaling_group":
      return name === "" ? undefined : `group ${name}`;
    case "kubernetes_service_account":
    case "kubernetes_service_account_v1":
      return `pod ${text(at(metadata, "namespace")) || "default"}/${text(at(metadata, "name"))}`;
    case "kubernetes_namespace":
    case "kubernetes_namespace_v1":
      return `namespace ${text(at(metadata, "name"))}`;
  }
  const arn = text(at(values, "arn"));
  if (parseArn(arn) !== undefined) return arn;
  if (type === "aws_iam_role" && name !== "") return `role ${name}`;
  const called = text(at(values, "function_name"));
  return type === "aws_lambda_function" && called !== "" ? `function ${called}` : undefined;
}

function tagsIn(type: string, values: Json | undefined): readonly (readonly [string, string])[] {
  if (type === "aws_autoscaling_group")
    return list(at(values, "tag")).map((one) => [text(at(one, "key")), text(at(one, "value"))] as const);
  if (type.startsWith("kubernetes_")) {
    const metadata = list(at(values, "metadata"))[0];
    return pairs({ ...fields(at(metadata, "labels")), ...fields(at(metadata, "annotations")) });
  }
  return pairs({ ...fields(at(values, "tags_all")), ...fields(at(values, "tags")) });
}

/** Tags written as a mapping. */
export const pairs = (tags: Json | undefined): readonly (readonly [string, string])[] =>
  Object.entries(fields(tags)).flatMap(([key, value]) => (typeof value === "string" ? [[key, value] as const] : []));
