import type { ApiCall } from "../event/event.ts";
import { isObject, type Json, type JsonObject } from "../event/json.ts";
import type { ApiName } from "../iam/identifiers.ts";

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

/** What the call does: starts instances, only writes down what a later call may start, or buys. */
export type Effect = "starts" | "prepares" | "reserves";

/** The calls that ask for instances (EC2, Auto Scaling, SageMaker, Batch and EKS API references). */
export const startingApis = [
  "autoscaling:CreateAutoScalingGroup",
  "autoscaling:SetDesiredCapacity",
  "autoscaling:UpdateAutoScalingGroup",
  "batch:CreateComputeEnvironment",
  "batch:UpdateComputeEnvironment",
  "ec2:CreateFleet",
  "ec2:RequestSpotFleet",
  "ec2:RequestSpotInstances",
  "ec2:RunInstances",
  "eks:CreateNodegroup",
  "sagemaker:CreateCluster",
  "sagemaker:CreateEndpointConfig",
  "sagemaker:CreateHyperParameterTuningJob",
  "sagemaker:CreateNotebookInstance",
  "sagemaker:CreateProcessingJob",
  "sagemaker:CreateTrainingJob",
  "sagemaker:CreateTransformJob",
  "sagemaker:UpdateCluster",
] as const;

/** The calls that write down a type for a later start. */
export const preparingApis = [
  "autoscaling:CreateLaunchConfiguration",
  "ec2:CreateLaunchTemplate",
  "ec2:CreateLaunchTemplateVersion",
  "ec2:ModifyInstanceAttribute",
  "sagemaker:UpdateNotebookInstance",
] as const;

/** The calls that buy capacity. */
export const reservingApis = ["ec2:CreateCapacityReservation", "ec2:PurchaseCapacityBlock"] as const;

const effects: ReadonlyMap<ApiName, Effect> = new Map<ApiName, Effect>([
  ...startingApis.map((api) => [api, "starts"] as const),
  ...preparingApis.map((api) => [api, "prepares"] as const),
  ...reservingApis.map((api) => [api, "reserves"] as const),
]);

/** Reads what a call asks for; nothing when it is no such call. */
export function capacityRequestOf(call: ApiCall): CapacityRequest | undefined {
  const effect = effects.get(call.api);
  if (effect === undefined) return undefined;
  const walk: Walk = { asked: [], totals: [], nodes: 0 };
  visit(call.request, "requestParameters", walk);
  // A launch by template names the type in the answer only; so does a capacity block.
  if (walk.asked.length === 0) visit(call.response, "responseElements", walk);
  const [total] = walk.totals.toSorted((a, b) => b.count - a.count);
  const untyped =
    walk.untyped ?? (call.api === "ec2:PurchaseCapacityBlock" && walk.asked.length === 0 ? "eventName" : undefined);
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
const typeKeys: ReadonlySet<string> = new Set(["instancetype", "instancetypes", "ec2instancetype"]);

/** Counts of instances, wherever the API puts them. */
const countKeys: ReadonlySet<string> = new Set([
  ...["maxcount", "instancecount", "totalinstancecount", "initialinstancecount", "targetcapacity"],
  ...["totaltargetcapacity", "desiredcapacity", "desiredsize", "maxsize"],
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

/** Query APIs are recorded with their numbers as text now and then. */
function wholeNumber(value: Json | undefined): number | undefined {
  const number = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}
