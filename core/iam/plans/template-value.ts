import { iamArn } from "../arn.ts";
import { isPlanObject, textUnder, under } from "./plan-value.ts";

/** What intrinsic functions of a CloudFormation template are answered from. */
export interface TemplateWorld {
  /** The template's `Resources`. */
  readonly resources: unknown;
  readonly parameters: ReadonlyMap<string, string>;
  readonly account?: string;
  readonly region?: string;
  readonly partition: string;
  readonly stack?: string;
  /** Physical ids of resources that exist, by logical id. */
  readonly physical: ReadonlyMap<string, string>;
}

/** As CloudFormation writes a value in a change set that it will know later. */
export const laterMark = "{{changeSet:KNOWN_AFTER_APPLY}}";

/** The value of a property that refers to a resource of the stack which has no name yet. */
export const logicalMark = (logical: string): string => `{{logical:${logical}}}`;

/** The logical id in such a value, or nothing. */
export const logicalIn = (text: string): string | undefined => /^\{\{logical:([A-Za-z0-9]{1,255})\}\}$/.exec(text)?.[1];

/** Nested deeper than this, a template is not followed. */
const mostDepth = 48;

/** A value with its intrinsic functions answered as far as they can be before anything is made; `laterMark` for the rest. */
export function valueIn(value: unknown, world: TemplateWorld, depth = 0): unknown {
  if (depth > mostDepth) return laterMark;
  const inner = (one: unknown): unknown => valueIn(one, world, depth + 1);
  if (Array.isArray(value)) return value.map(inner).filter((one) => one !== undefined);
  if (!isPlanObject(value)) return value;
  const [only, ...others] = Object.keys(value);
  if (only !== undefined && others.length === 0 && (only === "Ref" || only.startsWith("Fn::")))
    return answered(only, value[only], { world, inner });
  const entries = Object.entries(value).map(([key, one]) => [key, inner(one)] as const);
  return Object.fromEntries(entries.filter(([, one]) => one !== undefined));
}

interface Answering {
  readonly world: TemplateWorld;
  inner(value: unknown): unknown;
}

function answered(name: string, given: unknown, { world, inner }: Answering): unknown {
  switch (name) {
    case "Ref":
      return typeof given === "string" ? referred(given, world) : laterMark;
    case "Fn::GetAtt": {
      const [logical = "", attribute = ""] = Array.isArray(given) ? given.map(String) : String(given).split(".", 2);
      return attributeOf(logical, attribute, world);
    }
    case "Fn::Join": {
      const [between, parts] = Array.isArray(given) ? given : [];
      const texts = inner(parts);
      return typeof between === "string" && Array.isArray(texts) && texts.every((one) => typeof one === "string")
        ? texts.join(between)
        : laterMark;
    }
    case "Fn::Sub": {
      const [text, own] = Array.isArray(given) ? given : [given, {}];
      return typeof text === "string" ? substituted(text, inner(own), world) : laterMark;
    }
    default:
      return laterMark;
  }
}

function referred(name: string, world: TemplateWorld): unknown {
  switch (name) {
    case "AWS::AccountId":
      return world.account ?? laterMark;
    case "AWS::Region":
      return world.region ?? laterMark;
    case "AWS::Partition":
      return world.partition;
    case "AWS::StackName":
      return world.stack ?? laterMark;
    case "AWS::NoValue":
      return undefined;
    default:
      return world.parameters.get(name) ?? nameOf(name, world);
  }
}

/** The name that `Ref` gives of a resource: its physical id, else the name that the template chooses, else what it is. */
function nameOf(logical: string, world: TemplateWorld): string {
  const physical = world.physical.get(logical);
  if (physical !== undefined) return physical;
  const resource = under(world.resources, logical);
  if (resource === undefined) return laterMark;
  const chosen = ["RoleName", "UserName", "GroupName"].flatMap(
    (name) => textUnder(under(resource, "Properties"), name) ?? [],
  )[0];
  return chosen ?? logicalMark(logical);
}

const kinds: Readonly<Record<string, "role" | "user" | "group">> = {
  "AWS::IAM::Role": "role",
  "AWS::IAM::User": "user",
  "AWS::IAM::Group": "group",
};

function attributeOf(logical: string, attribute: string, world: TemplateWorld): string {
  const type = textUnder(under(world.resources, logical), "Type") ?? "";
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  const name = nameOf(logical, world);
  if (kind === undefined || attribute !== "Arn" || name.startsWith("{{") || world.account === undefined)
    return logicalMark(logical);
  const path = textUnder(under(under(world.resources, logical), "Properties"), "Path") ?? "/";
  return iamArn(world.partition, world.account, kind, `${path.slice(1)}${name}`);
}

function substituted(text: string, own: unknown, world: TemplateWorld): string {
  let out = "";
  let from = 0;
  for (let start = text.indexOf("${"); start >= 0; start = text.indexOf("${", from)) {
    const end = text.indexOf("}", start);
    if (end < 0) break;
    const name = text.slice(start + 2, end);
    out += text.slice(from, start);
    from = end + 1;
    // `${!aws:username}` stands for the text `${aws:username}`.
    if (name.startsWith("!")) {
      out += `\${${name.slice(1)}}`;
      continue;
    }
    const given = under(own, name);
    const [logical = "", attribute] = name.split(".", 2);
    const value = given ?? (attribute === undefined ? referred(name, world) : attributeOf(logical, attribute, world));
    out += typeof value === "string" ? value : laterMark;
  }
  return out + text.slice(from);
}
