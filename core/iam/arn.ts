import { type AccountId, asAccountId, type Partition } from "./identifiers.ts";

/** Six fields joined by colons; the last may hold colons of its own (AWS General Reference, "ARN format"). */
export type Arn = `arn:${string}:${string}:${string}:${string}:${string}`;
export type RoleArn = `arn:${string}:iam::${string}:role/${string}`;
export type UserArn = `arn:${string}:iam::${string}:user/${string}`;
export type PolicyArn = `arn:${string}:iam::${string}:policy/${string}`;

export interface ArnFields {
  readonly partition: Partition;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** The fields of an ARN, or nothing when the text is not one. Works for every partition. */
export function parseArn(text: string): ArnFields | undefined {
  if (!text.startsWith("arn:")) return undefined;
  const [, partition, service, region, account, ...resource] = text.split(":");
  if (!partition || !service || region === undefined || account === undefined || resource.length === 0)
    return undefined;
  return { partition, service, region, account, resource: resource.join(":") };
}

export const isArn = (text: string): text is Arn => parseArn(text) !== undefined;
export const isRoleArn = (text: string): text is RoleArn => /^arn:[^:]+:iam::\d{12}:role\/.+$/.test(text);
export const isUserArn = (text: string): text is UserArn => /^arn:[^:]+:iam::\d{12}:user\/.+$/.test(text);
export const isPolicyArn = (text: string): text is PolicyArn => /^arn:[^:]+:iam::(?:\d{12}|aws):policy\/.+$/.test(text);

/** The account that an ARN names, when it names one. */
export const accountOf = (arn: string): AccountId | undefined => asAccountId(parseArn(arn)?.account);

/** Builds an IAM ARN from its parts, so that no partition is ever written down. */
export const iamArn = <Kind extends "role" | "user" | "group" | "policy">(
  partition: Partition,
  account: string,
  kind: Kind,
  name: string,
): `arn:${string}:iam::${string}:${Kind}/${string}` => `arn:${partition}:iam::${account}:${kind}/${name}`;
