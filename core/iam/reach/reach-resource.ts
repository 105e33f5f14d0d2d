import { meet } from "../glob-meet.ts";
import { covers, type ResourceFields, resourceFields } from "./resource-fields.ts";

/** Makes up resources that a policy tells apart. */
export interface Resources {
  /** ARNs of one kind (a template with `${…}` gaps) to try an action on, as they are compared; not all there are, but enough. */
  like(template: string, action: string): readonly string[];
  /** True when the policy names the Chinese partition, where service names end differently. */
  readonly inChina: boolean;
}

/** Patterns looked at for one kind of resource, and those crossed with each other; a policy that hides a grant behind more is not one that people write. */
const mostPatterns = 128;
const mostCrossed = 24;
const mostHomes = 8;

/** Two texts for what a pattern leaves open: a word, and one that also fits where twelve digits are wanted. */
const fillers = ["cordon", "000000000000"] as const;

/** Characters of the longest ARN that AWS takes. */
const longestArn = 2048;

/** Resources out of all patterns of a policy, those of its Deny and NotResource too. */
export function resourcesIn(written: readonly string[]): Resources {
  const patterns = written.map(resourceFields);
  const accounts = named(patterns, 4, /^\d{12}$/);
  const partitions = named(patterns, 1, /^aws[a-z-]*$/);
  const known = new Map<string, readonly string[]>();
  return {
    inChina: partitions.includes("aws-cn"),
    like(template, action) {
      // A role may be taken in any account; everything else is at home, in an account that the policy names if it names one.
      const homes = action.startsWith("sts:") ? [] : accounts;
      const shapes = choices(partitions).flatMap((partition) =>
        choices(homes).map((account) => shapeOf(template, partition, account)),
      );
      const key = shapes.map(({ text }) => text).join(" ");
      const found = known.get(key) ?? [...new Set(shapes.flatMap((shape) => candidates(shape, patterns)))];
      known.set(key, found);
      return found;
    },
  };
}

/** What stands in one field of the patterns, where it is spelled out. */
const named = (patterns: readonly ResourceFields[], field: number, shape: RegExp): readonly string[] => [
  ...new Set(patterns.map(({ fields }) => fields?.[field] ?? "").filter((one) => shape.test(one))),
];

const choices = (names: readonly string[]): readonly string[] =>
  names.length === 0 ? ["*"] : names.slice(0, mostHomes);

const shapeOf = (template: string, partition: string, account: string): ResourceFields =>
  resourceFields(
    template
      .replace(/\$\{Partition\}/, partition)
      .replace(/\$\{Account\}/, account)
      .replaceAll(/\$\{[^}]*\}/g, "*"),
  );

function candidates(shape: ResourceFields, patterns: readonly ResourceFields[]): readonly string[] {
  const near = patterns.filter((pattern) => meeting(shape, pattern, "") !== undefined).slice(0, mostPatterns);
  const crossed = near
    .slice(0, mostCrossed)
    .flatMap((one, at) => near.slice(at + 1, mostCrossed).flatMap((other) => meeting(one, other, fillers[0]) ?? []));
  const met = fillers.flatMap((filler) =>
    [everything, ...near].flatMap((pattern) => meeting(shape, pattern, filler) ?? []),
  );
  return [...new Set([...met, ...crossed])].filter(
    (one) => one.length <= longestArn && covers(shape, resourceFields(one)),
  );
}

const everything = resourceFields("*");

/** A resource that both cover. Fields meet fields, so that no gap swallows a resource type. */
function meeting(one: ResourceFields, other: ResourceFields, filler: string): string | undefined {
  if (one.fields === undefined || other.fields === undefined) return meet(one.text, other.text, filler);
  const met = one.fields.map((field, at) => meet(field, other.fields?.[at] ?? "", filler));
  return met.includes(undefined) ? undefined : met.join(":");
}
