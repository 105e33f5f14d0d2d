import type { ApiCall } from "../../event/event.ts";
import { isObject, type Json, type JsonObject } from "../../event/json.ts";
import { type Effect, effectOf, onlyAccelerators } from "./accelerator-calls.ts";

/** An instance type that a call asks for, as written, and where it stands. */
export interface Asked {
  readonly type: string;
  readonly path: string;
  /** Instances of this type, where the call says so beside it. */
  readonly count?: number;
}

/** What a call asks for: types, how many in all, and whether anything starts by it. */
export interface CapacityRequest {
  readonly asked: readonly Asked[];
  /** Instances that the call as a whole speaks of. */
  readonly total?: { readonly count: number; readonly path: string };
  /** True when the call names accelerators without a type: by requirements, or because nothing else can be bought. */
  readonly untyped?: string;
  readonly effect: Effect;
}

/** Reads what a call asks for; nothing when it is no such call. */
export function capacityRequestOf(call: ApiCall): CapacityRequest | undefined {
  const effect = effectOf(call.api);
  if (effect === undefined) return undefined;
  const walk: Walk = { asked: [], totals: [], nodes: 0 };
  visit(call.request, "requestParameters", walk);
  // A launch by template names the type in the answer only; so does a capacity block.
  if (walk.asked.length === 0) visit(call.response, "responseElements", walk);
  const [total] = walk.totals.toSorted((a, b) => b.count - a.count);
  const untyped = walk.untyped ?? (onlyAccelerators.has(call.api) && walk.asked.length === 0 ? "eventName" : undefined);
  return {
    asked: walk.asked,
    ...(total === undefined ? {} : { total }),
    ...(untyped === undefined ? {} : { untyped }),
    effect,
  };
}

interface Walk {
  readonly asked: Asked[];
  readonly totals: { readonly count: number; readonly path: string }[];
  untyped?: string;
  nodes: number;
}

const mostNodes = 20_000;
const mostDepth = 24;

/** CloudTrail spells one parameter differently from service to service (`instanceType`, `InstanceType`, `instanceTypes`). */
const typeKeys: ReadonlySet<string> = new Set(["instancetype", "instancetypes", "ec2instancetype", "instancefamily"]);

/** Counts of instances, wherever the API puts them. */
const countKeys: ReadonlySet<string> = new Set([
  ...["maxcount", "instancecount", "totalinstancecount", "initialinstancecount", "targetcapacity"],
  ...["totaltargetcapacity", "desiredcapacity", "desiredsize", "maxsize", "desiredinstancecount", "quantity"],
]);

function visit(value: Json | undefined, path: string, walk: Walk, depth = 0): void {
  if (typeof value !== "object" || value === null || depth > mostDepth || ++walk.nodes > mostNodes) return;
  if (!isObject(value)) {
    for (const [place, one] of value.entries()) visit(one, `${path}[${place}]`, walk, depth + 1);
    return;
  }
  const beside = countBeside(value, path);
  if (beside !== undefined) walk.totals.push(beside);
  for (const [key, inner] of Object.entries(value)) {
    const here = `${path}.${key}`;
    const name = key.toLowerCase();
    if (typeKeys.has(name)) for (const type of textsOf(inner)) walk.asked.push(askedFor(type, here, beside?.count));
    else if (name === "instancerequirements" && wantsAccelerator(inner)) walk.untyped ??= here;
    else if (name === "resourcerequirements" && wantsGpu(inner)) walk.untyped ??= here;
    visit(inner, here, walk, depth + 1);
  }
}

const askedFor = (type: string, path: string, count: number | undefined): Asked => ({
  type,
  path,
  ...(count === undefined ? {} : { count }),
});

function countBeside(value: JsonObject, path: string): { readonly count: number; readonly path: string } | undefined {
  const counts = Object.entries(value).flatMap(([key, inner]) => {
    const count = countKeys.has(key.toLowerCase()) ? wholeNumber(inner) : undefined;
    return count === undefined ? [] : [{ count, path: `${path}.${key}` }];
  });
  return counts.toSorted((a, b) => b.count - a.count)[0];
}

/** `p3.2xlarge`, `["g5.xlarge"]`, and EC2's `{value: "p3.2xlarge"}` of a changed attribute. */
function textsOf(value: Json | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.filter((one) => typeof one === "string");
  const changed = isObject(value) ? value["value"] : undefined;
  return typeof changed === "string" ? [changed] : [];
}

/** Attribute-based selection: at least one accelerator, or a kind of accelerator, instead of a type. */
function wantsAccelerator(value: Json | undefined): boolean {
  if (!isObject(value)) return false;
  return Object.entries(value).some(([key, inner]) => {
    switch (key.toLowerCase()) {
      case "acceleratorcount":
        return (
          isObject(inner) &&
          Object.entries(inner).some(([bound, n]) => bound.toLowerCase() === "min" && (wholeNumber(n) ?? 0) > 0)
        );
      case "acceleratortypes":
      case "acceleratornames":
      case "acceleratormanufacturers":
        return inner !== null && inner !== undefined && inner !== "" && !(Array.isArray(inner) && inner.length === 0);
      default:
        return false;
    }
  });
}

/** A container's `{type: "GPU", value: "4"}` (ECS and AWS Batch API references); inference accelerators are asked for alike. */
const wantsGpu = (value: Json | undefined): boolean =>
  Array.isArray(value) &&
  value.some((one) => isObject(one) && (one["type"] === "GPU" || one["type"] === "InferenceAccelerator"));

/** Query APIs are recorded with their numbers as text now and then. */
function wholeNumber(value: Json | undefined): number | undefined {
  const number = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}
