import type { Branded } from "./brand.ts";

/** Twelve digits, kept as text: a number would lose leading zeros. */
export type AccountId = Branded<string, "AccountId">;

/** `AKIA…` (long-term), `ASIA…` (temporary), `ABIA…`, `ACCA…`: prefixes as IAM documents them under "unique identifiers". */
export type AccessKeyId = Branded<string, "AccessKeyId">;

/** An AWS partition: `aws`, `aws-us-gov`, `aws-cn` and whatever comes next; never assumed. */
export type Partition = string;

/** `service:Name` as CloudTrail writes it (event source without its domain, event name). It is not an IAM action. */
export type ApiName = `${string}:${string}`;

export const asAccountId = (text: unknown): AccountId | undefined =>
  typeof text === "string" && /^\d{12}$/.test(text) ? (text as AccountId) : undefined;

/** IAM allows 16 to 128 word characters; anything else is not a key id and is treated as absent. */
export const asAccessKeyId = (text: unknown): AccessKeyId | undefined =>
  typeof text === "string" && /^\w{16,128}$/.test(text) ? (text as AccessKeyId) : undefined;

/** Long-term keys begin with AKIA; every other documented prefix is temporary. */
export const isLongTerm = (key: AccessKeyId): boolean => key.startsWith("AKIA");
