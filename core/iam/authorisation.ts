import type { ActionTable, KnownAction } from "./action-table.ts";
import { iamArn, parseArn } from "./arn.ts";
import type { Partition } from "./identifiers.ts";

/** The rows of core/iam/authorisation.data.json, each with the page it is from; imported by composition roots and passed in. */
export interface AuthorisationFile {
  /** CloudTrail event source without `.amazonaws.com` -> IAM prefix, where they differ. */
  readonly prefixes: { readonly source: string; readonly rows: Readonly<Record<string, string>> };
  /** Calls whose name is not their action. No actions: no identity policy is asked (sign-ins, bearer tokens). */
  readonly calls: readonly {
    readonly call: string;
    readonly actions: readonly string[];
    readonly source: string;
  }[];
  /** IAM prefix -> resource type -> the request parameters that may hold its name or ARN. */
  readonly named: Readonly<
    Record<string, { readonly source: string; readonly types: Readonly<Record<string, readonly string[]>> }>
  >;
  /** How ids of Bedrock's cross-Region inference profiles begin: not models by that name, but models of several Regions. */
  readonly profiles: { readonly source: string; readonly prefixes: readonly string[] };
  /** Action -> request parameters with the role it hands over; `iam:PassRole` is checked on that role and writes no event. */
  readonly passes: {
    readonly source: string;
    /** Last names of parameters that take an instance profile: which role is in it, the record does not say. */
    readonly profiles: readonly string[];
    readonly rows: Readonly<Record<string, readonly string[]>>;
  };
}

/** One call as CloudTrail recorded it. */
export interface RecordedCall {
  /** `eventSource`, such as `lambda.amazonaws.com`. */
  readonly source: string;
  /** `eventName`, dated suffix and all. */
  readonly name: string;
  /** `requestParameters`; a failed call often has none. */
  readonly parameters: unknown;
  readonly account: string;
  readonly region: string;
  readonly partition: Partition;
}

export interface Check {
  /** In the action table's spelling. */
  readonly action: string;
  /** `["*"]`: the action takes no resource. Empty: the record does not say which. Roles and users have no path where the record names none. */
  readonly resources: readonly string[];
}

/** What AWS checks for a call. `unknown` is no drift: it is counted. `checks` is empty where no identity policy is asked. */
export type Authorisation =
  | { readonly kind: "known"; readonly checks: readonly Check[] }
  | { readonly kind: "unknown" };

/** Answers, for one call, which IAM actions and resources AWS checks. */
export type Authorise = (call: RecordedCall) => Authorisation;

/** Indexes the rows once. */
export function authorisation(file: AuthorisationFile, table: ActionTable): Authorise {
  const rows = new Map(file.calls.map((row) => [row.call.toLowerCase(), row]));
  return (call) => {
    const source = call.source.toLowerCase().replace(/\.amazonaws\.com(?:\.cn)?$/, "");
    const prefix = Object.hasOwn(file.prefixes.rows, source) ? (file.prefixes.rows[source] ?? source) : source;
    const name = call.name.replace(datedSuffix, "");
    const row = rows.get(`${prefix}:${name}`.toLowerCase());
    const found = (row?.actions ?? [`${prefix}:${name}`]).map((action) => table.find(action));
    const actions = found.filter((one) => one !== undefined);
    if (actions.length < found.length) return { kind: "unknown" };
    const named = Object.hasOwn(file.named, prefix) ? file.named[prefix]?.types : undefined;
    const own = actions.map(
      (action): Check => ({ action: action.name, resources: resourcesOf(action, call, { named, file }) }),
    );
    const passed = actions.flatMap(({ name: action }) =>
      Object.hasOwn(file.passes.rows, action)
        ? passedRoles(file.passes.rows[action] ?? [], file.passes.profiles, call)
        : [],
    );
    return { kind: "known", checks: [...own, ...passed] };
  };
}

/** `CreateFunction20150331`, `UpdateFunctionCode20150331v2`, `CreateDistribution2020_05_31`. */
const datedSuffix = /(?:\d{8}(?:v\d+)?|\d{4}_\d{2}_\d{2})$/;

interface Naming {
  readonly named: Readonly<Record<string, readonly string[]>> | undefined;
  readonly file: AuthorisationFile;
}

function resourcesOf(action: KnownAction, call: RecordedCall, { named = {}, file }: Naming): readonly string[] {
  if (action.resources.length === 0) return ["*"];
  const found = action.resources.flatMap(({ name, arn }) => {
    const parameters = Object.hasOwn(named, name) ? (named[name] ?? []) : [];
    return parameters
      .flatMap((parameter) => valuesAt(call.parameters, parameter))
      .filter(
        (value) => name !== "foundation-model" || !file.profiles.prefixes.some((start) => value.startsWith(start)),
      )
      .flatMap((value) => inTemplate(arn, value, call));
  });
  return [...new Set(found)];
}

/** The ARN itself where the parameter has one of that shape, else the template with the name in its last gap. */
function inTemplate(template: string, value: string, { partition, account, region }: RecordedCall): readonly string[] {
  if (parseArn(value) !== undefined) return [value];
  const shape = template
    .replace(/\$\{Partition\}/, () => partition)
    .replace(/\$\{Region\}/, () => region)
    .replace(/\$\{Account\}/, () => account);
  const gaps = shape.split(/\$\{[^}]*\}/);
  // Two gaps and one name: which part it is cannot be told.
  return gaps.length === 2 && value !== "" ? [gaps.join(value)] : [];
}

function passedRoles(parameters: readonly string[], profiles: readonly string[], call: RecordedCall): readonly Check[] {
  if (!parameters.some((parameter) => leavesAt(call.parameters, parameter).length > 0)) return [];
  const roles = parameters
    .filter((parameter) => !profiles.includes(parameter.slice(parameter.lastIndexOf(".") + 1)))
    .flatMap((parameter) => valuesAt(call.parameters, parameter))
    .flatMap((value) => roleArn(value, call));
  return [{ action: "iam:PassRole", resources: [...new Set(roles)] }];
}

function roleArn(value: string, { partition, account }: RecordedCall): readonly string[] {
  const arn = parseArn(value);
  if (arn !== undefined) return arn.service === "iam" && arn.resource.startsWith("role/") ? [value] : [];
  const name = value.startsWith("/") ? value.slice(1) : value;
  return /^[\w+=,.@/-]{1,512}$/.test(name) ? [iamArn(partition, account, "role", name)] : [];
}

const valuesAt = (parameters: unknown, path: string): readonly string[] =>
  leavesAt(parameters, path).filter((leaf) => typeof leaf === "string");

/** What stands at a dotted path; lists on the way are entered. */
function leavesAt(parameters: unknown, path: string): readonly unknown[] {
  let here: readonly unknown[] = [parameters];
  for (const key of path.split("."))
    here = here
      .flatMap((value) => entered(value))
      .flatMap((value) => (isRecord(value) && Object.hasOwn(value, key) ? [value[key]] : []));
  return here.flatMap((value) => entered(value)).filter((value) => value !== null && value !== undefined);
}

const entered = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
