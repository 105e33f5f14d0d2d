import { parseArn } from "../arn.ts";
import { saidByStack } from "./change-set-resources.ts";
import { isPlanObject, listUnder, type PlanObject, textUnder, tooDeep, under } from "./plan-value.ts";
import { gathered, type Piece } from "./planned-access.ts";
import { laterMark, type TemplateWorld, valueIn } from "./template-value.ts";
import type { ReadPlan } from "./terraform-plan.ts";

/**
 * Reads the output of `aws cloudformation describe-change-set --include-property-values` (DescribeChangeSet, `ResourceChange`
 * with `BeforeContext` and `AfterContext`). The stack's new template, where given, tells what the change set leaves open:
 * which resource of the stack is meant, and all properties where the change set was asked without its values.
 */
export function readChangeSet(value: unknown, template?: unknown): ReadPlan {
  if (!isPlanObject(value) || !Array.isArray(value["Changes"]))
    return {
      ok: false,
      because: "it has no Changes: make it with aws cloudformation describe-change-set --include-property-values",
    };
  if (textUnder(value, "NextToken") !== undefined)
    return { ok: false, because: "it is one page of several (NextToken): ask for all of it, without --no-paginate" };
  const changes = listUnder(value, "Changes").flatMap((one) => {
    const change = under(one, "ResourceChange");
    return isPlanObject(change) ? [change] : [];
  });
  const world = worldOf(value, changes, template);
  const pieces = changes.flatMap((change) => saidBy(change, world));
  return {
    ok: true,
    access: gathered(pieces),
    partition: world.partition,
    ...(world.account === undefined ? {} : { account: world.account }),
  };
}

function worldOf(set: PlanObject, changes: readonly PlanObject[], template: unknown): TemplateWorld {
  const stack = parseArn(textUnder(set, "StackId") ?? "");
  const chosen = new Map<string, string>();
  const declared = under(template, "Parameters");
  for (const [name, one] of Object.entries(isPlanObject(declared) ? declared : {})) {
    const usual = textUnder(one, "Default");
    if (usual !== undefined) chosen.set(name, usual);
  }
  for (const one of listUnder(set, "Parameters")) {
    const [name, given] = [
      textUnder(one, "ParameterKey"),
      textUnder(one, "ResolvedValue") ?? textUnder(one, "ParameterValue"),
    ];
    if (name !== undefined && given !== undefined) chosen.set(name, given);
  }
  const physical = changes.flatMap((one) => {
    const [logical, id] = [textUnder(one, "LogicalResourceId"), textUnder(one, "PhysicalResourceId")];
    // A replaced resource gets another id.
    return logical === undefined || id === undefined || textUnder(one, "Replacement") === "True"
      ? []
      : [[logical, id] as const];
  });
  const name = textUnder(set, "StackName");
  return {
    resources: under(template, "Resources"),
    parameters: chosen,
    partition: stack?.partition ?? "aws",
    physical: new Map(physical),
    ...(stack === undefined ? {} : { account: stack.account, region: stack.region }),
    ...(name === undefined ? {} : { stack: name }),
  };
}

function saidBy(change: PlanObject, world: TemplateWorld): readonly Piece[] {
  const [address, type] = [textUnder(change, "LogicalResourceId"), textUnder(change, "ResourceType")];
  if (address === undefined || type === undefined) return [];
  const action = textUnder(change, "Action") ?? "Dynamic";
  const meant = { type, logical: address, physical: textUnder(change, "PhysicalResourceId") };
  const side = (which: Piece["side"], properties: unknown): readonly Piece[] =>
    saidByStack(meant, properties).map((says) => ({ side: which, address, says }));
  const open = (which: Piece["side"], what: string): readonly Piece[] =>
    saidByStack(meant, {}).length === 0 ? [] : [{ side: which, address, says: { kind: "unknown", what } }];
  const [before, after] = [contextIn(change, "BeforeContext"), contextIn(change, "AfterContext")];
  const planned = valueIn(under(under(world.resources, address), "Properties") ?? {}, world);
  const isNew = action === "Add" || action === "Import";
  return [
    ...(isNew ? [] : before === undefined ? open("before", withoutValues) : side("before", before)),
    ...(action === "Remove"
      ? []
      : after !== undefined
        ? side("after", filled(after, planned))
        : under(world.resources, address) === undefined
          ? open("after", withoutValues)
          : side("after", planned)),
  ];
}

const withoutValues = "its properties (ask for the change set with --include-property-values)";

/** `Properties` of a context: an object, or one as text. */
function contextIn(change: PlanObject, name: string): unknown {
  const given = under(change, name);
  if (typeof given !== "string") return under(given, "Properties");
  try {
    const value: unknown = JSON.parse(given);
    return tooDeep(value) ? undefined : under(value, "Properties");
  } catch {
    return undefined;
  }
}

/** The value with what is known later taken from the template, where that knows more. */
function filled(value: unknown, planned: unknown): unknown {
  if (value === laterMark) return typeof planned === "string" ? planned : value;
  if (Array.isArray(value))
    return value.map((one, at) => filled(one, Array.isArray(planned) ? planned[at] : undefined));
  if (!isPlanObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, under(planned, key))]));
}
