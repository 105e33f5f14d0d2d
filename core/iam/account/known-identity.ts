import type { PolicyDocument } from "../policy.ts";
import type { PoliciesInForce } from "./account-policies.ts";

/** What is known of one role, user, group or permission set at one moment, from an account state, from the records, or from IAM itself. */
export interface KnownIdentity {
  readonly kind: "role" | "user" | "group" | "permission-set";
  readonly arn: string;
  /** `AROA…`, `AIDA…`, `AGPA…`, where it was told. */
  readonly id?: string;
  readonly policies: PoliciesInForce;
  /** Which of the policies are its own and not its groups': names of inline ones, ARNs of attached ones. Absent: all are. */
  readonly own?: { readonly inline: readonly string[]; readonly attached: readonly string[] };
  /** `whole`: an account state, IAM, or its creation in the records tells all of it; `part`: only some writes were seen. */
  readonly extent: "whole" | "part";
  /** Who may assume a role; absent where it is not known, and of users and groups. */
  readonly trust?: PolicyDocument;
  readonly boundary: KnownBoundary;
  readonly tags: Readonly<Record<string, string>>;
  /** Of a role, where it was told; IAM's own default is 3,600. */
  readonly maxSessionSeconds?: number;
  /** Names of a user's groups. */
  readonly groups?: readonly string[];
}

/** The managed policy that bounds an identity, by ARN; nobody knows it where only some writes were seen. */
export type KnownBoundary =
  | { readonly kind: "none" }
  | { readonly kind: "policy"; readonly arn: string }
  | { readonly kind: "unknown" };
