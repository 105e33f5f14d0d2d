import { parseArn } from "../../iam/arn.ts";
import { meet } from "../../iam/glob-meet.ts";
import { globalActions, globalServices } from "../../iam/global-services.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Envelope } from "../workload.ts";
import { allBut, only, type WrittenStatement } from "./policy-statement.ts";

/** What the limits of an envelope are written with. */
export interface BoundTables {
  readonly iam: IamTables;
  /** Families of accelerated instances that the envelope does not declare. */
  readonly otherFamilies: readonly string[];
}

/** The limits of an envelope beside its statements, as Deny statements over what is allowed; only those that bite. */
export function boundsOf(
  envelope: Envelope,
  allowed: readonly WrittenStatement[],
  { iam, otherFamilies }: BoundTables,
): readonly WrittenStatement[] {
  const may = (action: string): boolean => allowed.some((one) => mayCover(one, action));
  return [
    ...(envelope.regions === undefined ? [] : [regions(envelope.regions, allowed)]),
    ...(envelope.models === undefined ? [] : models(envelope.models, iam).filter(() => may("bedrock:InvokeModel*"))),
    ...(envelope.secrets === undefined ? [] : secrets(envelope.secrets, may)),
    ...(envelope.origin === undefined ? [] : [origin(envelope.origin)]),
    ...(envelope.accelerators === undefined ? [] : families(otherFamilies, may)),
  ];
}

const deny = (rest: Omit<WrittenStatement, "effect">): WrittenStatement => ({ effect: "Deny", ...rest });

/** Global services are left out where an Allow may speak of them: of others there is nothing to deny. */
function regions(declared: readonly string[], allowed: readonly WrittenStatement[]): WrittenStatement {
  const all = [...[...globalServices].map((service) => `${service}:*`), ...globalActions];
  const exempt = all.filter((pattern) => allowed.some((one) => mayCover(one, pattern)));
  return deny({
    actions: allBut(...exempt),
    resources: only("*"),
    ...(declared.length === 0 ? {} : { condition: { StringNotEquals: { "aws:RequestedRegion": some(declared) } } }),
  });
}

/** Resource types of an invocation whose name does not say which model runs: an envelope's models do not speak of them. */
const named: readonly string[] = ["foundation-model", "inference-profile"];

function models(declared: readonly string[], { table, modelProfiles }: IamTables): readonly WrittenStatement[] {
  const opaque = (table.find("bedrock:InvokeModel")?.resources ?? [])
    .filter(({ name }) => !named.includes(name))
    .map(({ arn }) => arn.replaceAll(/\$\{[^}]*\}/g, "*"));
  const whole = declared.filter((one) => one.startsWith("arn:"));
  const profiled = declared.filter((id) => modelProfiles.some((prefix) => id.startsWith(prefix)));
  const plain = declared.filter((id) => !profiled.includes(id) && !whole.includes(id));
  const profile = (id: string): string => ["arn:*", "bedrock", "*", "*", `inference-profile/${id}`].join(":");
  const model = (id: string): string => ["arn:*", "bedrock", "*", "", `foundation-model/${id}`].join(":");
  const within = profiled.map((id) => id.slice(modelProfiles.find((prefix) => id.startsWith(prefix))?.length ?? 0));
  const actions = only("bedrock:InvokeModel*");
  return [
    deny({
      actions,
      resources: allBut(
        ...opaque,
        ...whole,
        ...plain.map(model),
        ...plain.flatMap((id) =>
          id === "*" ? [profile(id)] : modelProfiles.map((prefix) => profile(`${prefix}${id}`)),
        ),
        ...profiled.map(profile),
        ...within.filter((id) => !plain.includes(id)).map(model),
      ),
    }),
    // A profile needs its models too; they stay closed to whoever asks them directly.
    ...within
      .filter((id) => !plain.some((other) => covers(other, id)))
      .map((id) =>
        deny({
          actions,
          resources: only(model(id)),
          condition: { Null: { "bedrock:InferenceProfileArn": "true" } },
        }),
      ),
  ];
}

const covers = (pattern: string, id: string): boolean =>
  pattern === id || (pattern.endsWith("*") && id.startsWith(pattern.slice(0, -1)));

/** The calls that read parameters of Parameter Store, decrypted or not. */
export const parameterReads = "ssm:GetParameter*";

function secrets(declared: readonly string[], may: (action: string) => boolean): readonly WrittenStatement[] {
  const readers = ["secretsmanager:GetSecretValue", parameterReads].filter(may);
  if (readers.length === 0) return [];
  return [deny({ actions: only(...readers), resources: allBut(...declared.flatMap(spellings)) })];
}

/** IAM knows a secret by its name and six random characters; what looks as if it had them may be a name as well. */
function spellings(declared: string): readonly string[] {
  if (declared.endsWith("*") || parseArn(declared)?.service !== "secretsmanager") return [declared];
  return /-[A-Za-z0-9]{6}$/.test(declared) ? [declared, `${declared}-??????`] : [`${declared}-??????`];
}

/** Denied where neither fits: conditions of one statement must all hold, and a key that is absent fits no list. */
const origin = ({ vpcEndpoints = [], cidrs = [] }: NonNullable<Envelope["origin"]>): WrittenStatement =>
  deny({
    actions: only("*"),
    resources: only("*"),
    condition: {
      ...(cidrs.length === 0 ? {} : { NotIpAddress: { "aws:SourceIp": some(cidrs) } }),
      ...(vpcEndpoints.length === 0 ? {} : { StringNotEquals: { "aws:SourceVpce": some(vpcEndpoints) } }),
      Bool: { "aws:ViaAWSService": "false" },
    },
  });

/** EC2 asks for the type when an instance starts, whatever starts it; SageMaker calls it `ml.` and the same. */
function families(others: readonly string[], may: (action: string) => boolean): readonly WrittenStatement[] {
  if (others.length === 0) return [];
  const ec2 = deny({
    actions: only("ec2:RunInstances"),
    resources: only(["arn:*", "ec2", "*", "*", "instance/*"].join(":")),
    condition: { StringLike: { "ec2:InstanceType": others.map((family) => `${family}.*`) } },
  });
  const sagemaker = deny({
    actions: only("sagemaker:Create*"),
    resources: only("*"),
    condition: { "ForAnyValue:StringLike": { "sagemaker:InstanceTypes": others.map((family) => `ml.${family}.*`) } },
  });
  return [...(may("ec2:RunInstances") ? [ec2] : []), ...(may("sagemaker:Create*") ? [sagemaker] : [])];
}

const some = (values: readonly string[]): string | readonly string[] => {
  const [first = "", ...rest] = values;
  return rest.length === 0 ? first : values;
};

/** Whether an Allow may speak of an action pattern: never wrongly no. */
function mayCover({ effect, actions }: WrittenStatement, pattern: string): boolean {
  if (effect !== "Allow") return false;
  if (actions.kind === "all-but") return !actions.patterns.some((one) => one === "*" || one === pattern);
  return actions.patterns.some((one) => meet(one.toLowerCase(), pattern.toLowerCase(), "x") !== undefined);
}
