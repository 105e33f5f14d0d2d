import type { ApiCall } from "../../event/event.ts";
import { isObject, type Json, type JsonObject, text } from "../../event/json.ts";
import { type Subject, subjectKey } from "./cause.ts";

const mostNodes = 20_000;
const mostDepth = 24;

/**
 * Every object inside a value, itself included, outermost first and up to a bound. EC2's newer calls are recorded as
 * their query was spelled, so that one parameter stands in different places and letters.
 */
export function objectsIn(value: Json | undefined): readonly JsonObject[] {
  const found: JsonObject[] = [];
  let level: readonly (Json | undefined)[] = [value];
  for (let depth = 0; depth < mostDepth && level.length > 0; depth++) {
    const next: (Json | undefined)[] = [];
    for (const one of level) {
      if (typeof one !== "object" || one === null || found.length + next.length > mostNodes) continue;
      if (isObject(one)) found.push(one);
      next.push(...Object.values(one));
    }
    level = next;
  }
  return found;
}

/** The texts under a field, whatever its letters; a list of texts counts as each of them. */
export const textsUnder = (value: Json | undefined, field: string): readonly string[] => [
  ...new Set(
    objectsIn(value).flatMap((one) =>
      Object.entries(one).flatMap(([key, inner]) => (key.toLowerCase() === field ? textsOf(inner) : [])),
    ),
  ),
];

/** The first of them; empty when there is none. */
export const textUnder = (value: Json | undefined, field: string): string => textsUnder(value, field)[0] ?? "";

function textsOf(value: Json | undefined): readonly string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  if (Array.isArray(value)) return value.filter((one) => typeof one === "string" && one !== "");
  return isObject(value) ? textsOf(value["item"]) : [];
}

/** The tags that a launch puts on what it starts. */
export function launchTags({ request, response }: ApiCall): ReadonlyMap<string, string> {
  const tags = [...tagBranches(request), ...tagBranches(response)].flatMap(objectsIn).flatMap((one) => {
    const key = text(one["key"] ?? one["Key"]);
    return key ? [[key, text(one["value"] ?? one["Value"])] as const] : [];
  });
  return new Map(tags);
}

const tagNames: ReadonlySet<string> = new Set([
  "tagspecificationset",
  "tagspecification",
  "tagspecifications",
  "tagset",
]);

const tagBranches = (value: JsonObject): readonly (Json | undefined)[] =>
  objectsIn(value).flatMap((one) =>
    Object.entries(one).flatMap(([key, inner]) => (tagNames.has(key.toLowerCase()) ? [inner] : [])),
  );

/** The NodePool whose tag a launch carries (karpenter.sh, "NodePools"; `provisioner-name` before version 0.32). */
export function poolIn(tags: ReadonlyMap<string, string>): { readonly pool?: string } {
  const pool = tags.get("karpenter.sh/nodepool") ?? tags.get("karpenter.sh/provisioner-name") ?? "";
  return pool ? { pool } : {};
}

/** The launch template's version that a call starts from: `$Latest` and `$Default` are versions too. */
export function templateIn(call: ApiCall): { readonly template?: string } {
  for (const one of objectsIn(call.request)) {
    const template = text(
      one["launchTemplateId"] ?? one["LaunchTemplateId"] ?? one["launchTemplateName"] ?? one["LaunchTemplateName"],
    );
    if (!template) continue;
    const version = one["version"] ?? one["Version"];
    return {
      template: templateKey(
        call,
        template,
        typeof version === "number" ? String(version) : text(version) || "$Default",
      ),
    };
  }
  return {};
}

export const templateKey = (call: ApiCall, template: string, version: string): string =>
  subjectKey(call, "ec2", `launch-template/${template}/${version}`);

/** A subject by its name or id in this call's account and Region; none where the name is empty. */
export const subject = (
  call: ApiCall,
  service: string,
  [type, name]: readonly [type: string, name: string],
  { field, proof = "named" }: { readonly field: string; readonly proof?: Subject["proof"] },
): readonly Subject[] => (name ? [{ key: subjectKey(call, service, `${type}/${name}`), field, proof }] : []);
