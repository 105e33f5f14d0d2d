import type { PolicyDocument } from "../policy.ts";

/** A policy as an account holds it: the text for whoever reads it another way, and its normal form. */
export interface HeldPolicy {
  readonly name: string;
  readonly text: unknown;
  readonly document: PolicyDocument;
}

/** What every identity of an account has. */
export interface AccountIdentity {
  readonly arn: string;
  readonly account: string;
  readonly name: string;
  readonly path: string;
  /** The immutable id: `AIDA…`, `AROA…`, `AGPA…`. */
  readonly id: string;
  /** Milliseconds since 1970; absent where the export does not say. */
  readonly created?: number;
  readonly inline: readonly HeldPolicy[];
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
}

export interface AccountUser extends AccountIdentity {
  /** Names of groups in the same account. */
  readonly groups: readonly string[];
  /** ARN of the managed policy that bounds it. */
  readonly boundary?: string;
  readonly tags: Readonly<Record<string, string>>;
}

export type AccountGroup = AccountIdentity;

export interface AccountRole extends AccountIdentity {
  readonly trust: PolicyDocument;
  /** ARNs of the instance profiles that hand it out. */
  readonly profiles?: readonly string[];
  /** `RoleLastUsed`: IAM looks back 400 days and answers late by up to four hours. Absent: not used in that time. */
  readonly lastUsed?: { readonly at: number; readonly region?: string };
  readonly boundary?: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface ManagedPolicy {
  readonly arn: string;
  readonly name: string;
  readonly version: string;
  readonly text: unknown;
  readonly document: PolicyDocument;
}

/**
 * What IAM held when `get-account-authorization-details` was asked, of one or several accounts. It has no access keys,
 * no login profiles and no identity providers: AWS does not put them there.
 */
export interface AccountState {
  readonly accounts: ReadonlySet<string>;
  /** All by ARN. */
  readonly users: ReadonlyMap<string, AccountUser>;
  readonly groups: ReadonlyMap<string, AccountGroup>;
  readonly roles: ReadonlyMap<string, AccountRole>;
  readonly policies: ReadonlyMap<string, ManagedPolicy>;
}
