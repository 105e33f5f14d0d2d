import type { JsonObject } from "../../event/json.ts";
import { fields } from "../../event/json.ts";
import { type Entry, type Located, plain } from "../../event/located.ts";
import {
  choice,
  list,
  mapping,
  optional,
  quotedForm,
  type Reader,
  type Report,
  refuse,
  refused,
  required,
  ruled,
  text,
  unknownKey,
} from "./manifest-reader.ts";
import { words } from "./manifest-value.ts";

/** Condition operators of IAM, without `ForAnyValue:`, `ForAllValues:` and `IfExists`. */
const operators: readonly string[] = [
  ...[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
  ],
  ...["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"].flatMap((how) => [
    `Numeric${how}`,
    `Date${how}`,
  ]),
  ...[
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "Null",
  ],
];

const action = text("an action (bedrock:InvokeModel*)", (value) =>
  value === "*" || /^[a-zA-Z0-9-]+:[\w*?-]+$/.test(value)
    ? value
    : refused("write service:Name, * and ? allowed in the name"),
);

const resource = text("a resource (an ARN, or *)", (value) =>
  value === "*" || /^arn:[^:\s]+:[^:\s]+:[^:\s]*:[^:\s]*:\S+$/.test(value)
    ? value
    : refused("write all six fields of the ARN"),
);

/** IAM lets one stand for a list of one. */
const oneOrMany = <T>(one: Reader<T>): Reader<T | readonly T[]> => {
  const many = list(one);
  return {
    schema: { anyOf: [one.schema, many.schema] },
    read: (value, report) => (value.kind === "list" ? many.read(value, report) : one.read(value, report)),
  };
};

const condition: Reader<JsonObject> = {
  schema: { type: "object", additionalProperties: { type: "object" } },
  read(value, report) {
    if (value.kind !== "mapping") return refuse(value, "Condition, a mapping of operators", report);
    const good = value.entries.map((entry) => readsAsOperator(entry, report));
    return good.every(Boolean) ? fields(plain(value)) : undefined;
  },
};

const grammar = ruled(
  mapping("the statement", {
    Sid: optional(words),
    Effect: required(choice("Allow or Deny", ["Allow", "Deny"])),
    Action: optional(oneOrMany(action)),
    NotAction: optional(oneOrMany(action)),
    Resource: optional(oneOrMany(resource)),
    NotResource: optional(oneOrMany(resource)),
    Condition: optional(condition),
  }),
  (found) => {
    if ((found.Action === undefined) === (found.NotAction === undefined))
      return { key: "NotAction", because: "the statement needs one of Action and NotAction" };
    if ((found.Resource === undefined) === (found.NotResource === undefined))
      return { key: "NotResource", because: "the statement needs one of Resource and NotResource" };
    return undefined;
  },
);

/** One statement in IAM's own grammar, kept as written. */
export const statement: Reader<JsonObject> = {
  schema: grammar.schema,
  read: (value, report) => (grammar.read(value, report) === undefined ? undefined : fields(plain(value))),
};

function readsAsOperator(entry: Entry, report: Report): boolean {
  const bare = entry.key.replace(/^For(?:Any|All)Values?:/, "").replace(/IfExists$/, "");
  if (!operators.includes(bare)) {
    unknownKey({ ...entry, key: bare }, operators, report);
    return false;
  }
  if (entry.value.kind !== "mapping") return refuse(entry.value, "a mapping of condition keys", report) !== undefined;
  return entry.value.entries.map(({ value }) => values(value).every((one) => readsAsValue(one, report))).every(Boolean);
}

const values = (value: Located): readonly Located[] => (value.kind === "list" ? value.items : [value]);

/** A long number is an account id whose zeros YAML may have eaten. */
function readsAsValue(value: Located, report: Report): boolean {
  if (value.kind === "text" || value.kind === "flag") return true;
  if (value.kind === "number" && /^-?(?:0|[1-9]\d{0,8})(?:\.\d+)?$/.test(value.written)) return true;
  return refuse(value, "text", report, quotedForm(value)) !== undefined;
}
