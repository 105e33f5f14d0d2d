import type { Json, JsonObject } from "./json.ts";
import { isObject } from "./json.ts";
import { limits } from "./measure.ts";
import { masked, maskShapes } from "./secret-shapes.ts";
import { judgeKey, type KeyRule } from "./sensitive-key.ts";

/**
 * A deep copy in which no secret is left: sensitive fields by name wherever they stand, texts by their shape, JSON inside
 * text as well. Names of environment variables and access key ids stay. Keys that could reach a prototype are dropped,
 * and their names added to `flags`. What is nested deeper than the limit is masked whole.
 */
export function mask(value: JsonObject, flags: string[] = []): JsonObject {
  return maskObject(value, 0, { flags, touched: false });
}

interface Walk {
  readonly flags: string[];
  /** True once anything was masked or dropped; JSON inside text is only written anew when something was. */
  touched: boolean;
}

type Copy = { [key: string]: Json | undefined };

function maskObject(value: JsonObject, depth: number, walk: Walk): JsonObject {
  const out: Copy = {};
  for (const key in value) {
    const rule = judgeKey(key);
    if (rule.keeping === "dropped") {
      walk.flags.push(key);
      walk.touched = true;
      continue;
    }
    if (rule.name !== key) walk.touched = true;
    out[rule.name] = maskField(value, value[key], rule, { depth: depth + 1, walk });
  }
  return out;
}

interface Place {
  readonly depth: number;
  readonly walk: Walk;
}

function maskField(owner: JsonObject, value: Json | undefined, rule: KeyRule, place: Place): Json | undefined {
  switch (rule.keeping) {
    case "judged":
    case "dropped":
      return maskValue(value, place.depth, place.walk);
    case "masked":
      return hide(value, place.walk);
    case "masked-text":
      return typeof value === "number" ? value : hide(value, place.walk);
    case "masked-unless-named":
      return typeof value === "string" && !value.startsWith("arn:")
        ? hide(value, place.walk)
        : maskValue(value, place.depth, place.walk);
    case "variables":
      return maskVariables(value, place);
    case "environment":
      return maskEnvironment(value, place);
    case "script":
      return maskScript(value, place);
    case "paired":
      return namesSecret(owner) ? hide(value, place.walk) : maskValue(value, place.depth, place.walk);
  }
}

function maskValue(value: Json | undefined, depth: number, walk: Walk): Json | undefined {
  if (typeof value === "string") return maskText(value, depth, walk);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= limits.depth) return hide(value, walk);
  if (isObject(value)) return maskObject(value, depth, walk);
  return value.map((one) => maskValue(one, depth + 1, walk) ?? null);
}

/** Nothing, true and false say nothing; everything else is replaced. */
function hide(value: Json | undefined, walk: Walk): Json | undefined {
  walk.touched = true;
  return value === undefined || value === null || value === "" || typeof value === "boolean" ? value : masked;
}

/** Text may hold JSON with fields of its own. It is written anew only when something in it was masked. */
function maskText(value: string, depth: number, walk: Walk): string {
  const text = holdsJson(value) ? maskJson(value, depth, walk) : value;
  const out = maskShapes(text);
  if (out !== value) walk.touched = true;
  return out;
}

function holdsJson(value: string): boolean {
  if (value.length < 8) return false;
  const first = value.trimStart().charAt(0);
  return first === "{" || first === "[";
}

function maskJson(value: string, depth: number, walk: Walk): string {
  const inner: Walk = { flags: walk.flags, touched: false };
  try {
    const copy = maskValue(JSON.parse(value), depth + 1, inner);
    return inner.touched ? JSON.stringify(copy) : value;
  } catch {
    return value;
  }
}

/** `{NAME: value}`, `[{name, value}]`, or whatever else stands there: names stay, other texts and numbers go. */
function maskVariables(value: Json | undefined, place: Place): Json | undefined {
  if (typeof value !== "object" || value === null) return hide(value, place.walk);
  if (place.depth >= limits.depth) return hide(value, place.walk);
  const inner = { depth: place.depth + 1, walk: place.walk };
  if (!isObject(value))
    return value.map((one) => (isObject(one) ? maskPair(one, inner) : (hide(one, place.walk) ?? null)));
  return mapObject(value, place.walk, (one) => maskVariables(one, inner));
}

const pairNames: ReadonlySet<string> = new Set(["name", "Name", "key", "Key", "type", "Type"]);

/** One of a list of variables. Where no field is a name, none is left. */
function maskPair(pair: JsonObject, { depth, walk }: Place): Json {
  return mapObject(pair, walk, (one, key) =>
    pairNames.has(key) ? maskValue(one, depth, walk) : maskVariables(one, { depth, walk }),
  );
}

/** What describes a build environment (CodeBuild, "ProjectEnvironment") and is not a variable of it. */
const buildFields: ReadonlySet<string> = new Set([
  ...["type", "image", "computeType", "certificate", "imagePullCredentialsType", "hostKernel"],
]);

/** Lambda and CodeBuild put variables one level down; SageMaker, ECS and Batch put them right here. Text only names one. */
function maskEnvironment(value: Json | undefined, place: Place): Json | undefined {
  if (typeof value === "string") return maskText(value, place.depth, place.walk);
  if (!isObject(value)) return maskVariables(value, place);
  if (place.depth >= limits.depth) return hide(value, place.walk);
  const builds = typeof value["computeType"] === "string";
  const inner = { depth: place.depth + 1, walk: place.walk };
  return mapObject(value, place.walk, (one, key) => {
    if (typeof one === "object" && one !== null) return maskField(value, one, judgeKey(key), inner);
    return builds && buildFields.has(key) ? maskValue(one, inner.depth, place.walk) : hide(one, place.walk);
  });
}

function maskScript(value: Json | undefined, place: Place): Json | undefined {
  if (!isObject(value) && typeof value === "object" && value !== null && place.depth < limits.depth)
    return value.map((one) => maskScript(one, { depth: place.depth + 1, walk: place.walk }) ?? null);
  return isObject(value) && place.depth < limits.depth
    ? mapObject(value, place.walk, (one) => hide(one, place.walk))
    : hide(value, place.walk);
}

/** A copy of the object with the same rules for its keys and `keep` for its values. */
function mapObject(
  value: JsonObject,
  walk: Walk,
  keep: (one: Json | undefined, key: string) => Json | undefined,
): JsonObject {
  const out: Copy = {};
  for (const key in value) {
    const { name, keeping } = judgeKey(key);
    if (keeping === "dropped") walk.flags.push(key);
    else out[name] = keep(value[key], key);
    if (keeping === "dropped" || name !== key) walk.touched = true;
  }
  return out;
}

/** `{name: "DB_PASSWORD", value}`, `{ParameterKey, ParameterValue}`, and what calls itself a SecureString (SSM). */
function namesSecret(owner: JsonObject): boolean {
  if (owner["type"] === "SecureString" || owner["Type"] === "SecureString") return true;
  for (const field of ["name", "Name", "key", "Key", "parameterKey", "ParameterKey", "parameterName"]) {
    const name = owner[field];
    if (typeof name !== "string" || name.length > 256) continue;
    const { keeping } = judgeKey(name.slice(name.lastIndexOf("/") + 1));
    if (keeping === "masked" || keeping === "masked-text" || keeping === "masked-unless-named") return true;
  }
  return false;
}
