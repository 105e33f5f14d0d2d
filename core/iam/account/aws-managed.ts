import { parseArn } from "../arn.ts";
import { parsePolicy } from "../policy.ts";
import type { HeldPolicy } from "./account-model.ts";

/**
 * What AWS's own policies grant at the least, for the few that give whole services away; nothing for the others. Not their
 * text: AWS adds to it, and conditions and smaller statements are left out. Each by its page of the AWS Managed Policy Reference,
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/<name>.html
 */
export function awsManaged(arn: string): HeldPolicy | undefined {
  const fields = parseArn(arn);
  if (fields?.service !== "iam" || fields.account !== "aws") return undefined;
  const name = fields.resource.startsWith("policy/") ? fields.resource.slice("policy/".length) : "";
  const statements = Object.hasOwn(granting, name) ? granting[name] : undefined;
  if (statements === undefined) return undefined;
  const known = read.get(statements) ?? held(statements);
  read.set(statements, known);
  return { ...known, name: arn };
}

interface Granting {
  readonly Effect: "Allow" | "Deny";
  readonly Action?: readonly string[] | string;
  readonly NotAction?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const whole = (...actions: readonly string[]): readonly Granting[] => [{ Effect: "Allow", Action: actions }];
const handing = (service: string): Granting => ({
  Effect: "Allow",
  Action: "iam:PassRole",
  Condition: { StringEquals: { "iam:PassedToService": service } },
});

const granting: Readonly<Record<string, readonly Granting[]>> = {
  AdministratorAccess: whole("*"),
  PowerUserAccess: [
    { Effect: "Allow", NotAction: ["iam:*", "organizations:*", "account:*"] },
    ...whole("iam:CreateServiceLinkedRole", "iam:ListRoles"),
  ],
  IAMFullAccess: whole("iam:*"),
  AWSLambda_FullAccess: [...whole("lambda:*"), handing("lambda.amazonaws.com")],
  AmazonBedrockFullAccess: whole("bedrock:*"),
  AmazonDynamoDBFullAccess: whole("dynamodb:*"),
  AmazonEC2FullAccess: whole("ec2:*"),
  AmazonS3FullAccess: whole("s3:*"),
  AmazonS3ReadOnlyAccess: whole("s3:Get*", "s3:List*"),
  AmazonSSMFullAccess: whole("ssm:*"),
  SecretsManagerReadWrite: whole("secretsmanager:*"),
  AWSDenyAll: [{ Effect: "Deny", Action: "*" }],
};

const read = new WeakMap<readonly Granting[], HeldPolicy>();

function held(statements: readonly Granting[]): HeldPolicy {
  const text = { Version: "2012-10-17", Statement: statements.map((one) => ({ ...one, Resource: "*" })) };
  const parsed = parsePolicy(text);
  const document = parsed.ok ? parsed.document : ({ version: "2012-10-17", statements: [] } as const);
  return { name: "", text, document };
}
