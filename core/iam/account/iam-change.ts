import type { Partition } from "../identifiers.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** One call as it is decoded, as far as it matters to what it changes. */
export interface ChangingCall {
  readonly api: string;
  readonly request: Fields;
  readonly response: Fields;
  readonly account?: string;
  readonly region: string;
  readonly partition: Partition;
}

/** A place in the order of events: by time in milliseconds since 1970, then by id. */
export interface WriteMoment {
  readonly at: number;
  readonly id: string;
}

/** What one call changes of identities, policies, guard-rails and credentials. ARNs of identities have no path where the record names none. */
export type IamChange =
  | OfIdentity
  | OfManagedPolicy
  | OfProfile
  | OfCredential
  | OfOrganization
  | OfResource
  | OfAssignment;

/** Of a role, user, group or permission set; `identity` is its ARN. */
export type OfIdentity = { readonly identity: string } & (
  | {
      readonly kind: "created";
      readonly id?: string;
      /** Absent for what has none and where the record does not show it. */
      readonly trust?: unknown;
      readonly boundary?: string;
      readonly tags: Readonly<Record<string, string>>;
      readonly maxSessionSeconds?: number;
      /** AWS gave it policies that the record does not show, as to service-linked roles. */
      readonly furnished: boolean;
    }
  | { readonly kind: "deleted" }
  /** A user or group got another name or path; `identity` is the old one. */
  | { readonly kind: "renamed"; readonly to: string }
  | { readonly kind: "inline-put"; readonly name: string; readonly document: unknown }
  | { readonly kind: "inline-deleted"; readonly name: string }
  | { readonly kind: "attached" | "detached"; readonly policy: string }
  | { readonly kind: "boundary-put"; readonly policy: string }
  | { readonly kind: "boundary-deleted" }
  | { readonly kind: "trust-put"; readonly document: unknown }
  | { readonly kind: "tagged"; readonly tags: Readonly<Record<string, string>> }
  | { readonly kind: "untagged"; readonly keys: readonly string[] }
  | { readonly kind: "session-set"; readonly seconds: number }
  /** A user and the name of a group in the same account. */
  | { readonly kind: "joined" | "left"; readonly group: string }
);

/** Of a customer managed policy, by ARN. `version` is absent where the record does not tell it. */
export type OfManagedPolicy = { readonly policy: string } & (
  | { readonly kind: "policy-created"; readonly document: unknown }
  | {
      readonly kind: "version-created";
      readonly version?: string;
      readonly isDefault: boolean;
      readonly document: unknown;
    }
  | { readonly kind: "default-set" | "version-deleted"; readonly version: string }
  | { readonly kind: "policy-deleted" }
);

/** Of an instance profile, by ARN; `role` is a name. */
export type OfProfile = { readonly profile: string } & (
  | { readonly kind: "profile-created" | "profile-deleted" }
  | { readonly kind: "profile-filled" | "profile-emptied"; readonly role: string }
);

/** Of what somebody signs in with; `user` is an ARN, absent where the call names nobody. */
export type OfCredential = { readonly user?: string } & (
  | { readonly kind: "key-created" | "key-deleted"; readonly key?: string }
  | { readonly kind: "key-set"; readonly key: string; readonly active: boolean }
  | { readonly kind: "login-created" | "login-changed" | "login-deleted" }
  | { readonly kind: "mfa-enabled" | "mfa-removed"; readonly device?: string }
);

/** Of an organization; ids are its own: `p-…`, `r-…`, `ou-…`, account ids. */
export type OfOrganization =
  | {
      readonly kind: "control-created";
      readonly control: string;
      readonly type: string;
      readonly document: unknown;
    }
  | { readonly kind: "control-updated"; readonly control: string; readonly document: unknown }
  | { readonly kind: "control-deleted"; readonly control: string }
  | { readonly kind: "control-attached" | "control-detached"; readonly control: string; readonly target: string }
  | { readonly kind: "controls-on" | "controls-off"; readonly root: string; readonly type: string }
  /** An account or organizational unit came under a parent, or under none any more. Without `from` it is new. */
  | { readonly kind: "moved"; readonly child: string; readonly from?: string; readonly to?: string };

/** Of a policy on a resource, by the resource's ARN. */
export type OfResource = { readonly resource: string } & (
  | { readonly kind: "resource-created"; readonly document?: unknown }
  | { readonly kind: "resource-deleted" }
  | { readonly kind: "resource-policy-put"; readonly document: unknown }
  | { readonly kind: "resource-policy-deleted" }
  /** One statement by its id, as Lambda, SQS, SNS and EventBridge write them. Without `sid`: all of them. */
  | { readonly kind: "statement-put"; readonly sid: string; readonly statement: Fields }
  | { readonly kind: "statement-deleted"; readonly sid?: string }
);

/** Of who may use a permission set where. */
export type OfAssignment = {
  readonly kind: "assigned" | "unassigned";
  readonly permissionSet: string;
  readonly account: string;
  readonly principalKind: string;
  readonly principal: string;
};

/** One change with its place in the order of events. */
export type IamWrite = WriteMoment & { readonly schema: 1; readonly change: IamChange };

/** How one call is read: nothing where it does not say what it changes. */
export type ChangeReader = (call: ChangingCall) => IamChange | undefined;

export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

export const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Tags as IAM, STS and Identity Center write them, in the spelling of requests and of answers. */
export const tagsOf = (given: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    listOf(given)
      .map(fieldsOf)
      .map((one) => [textOf(one["key"] ?? one["Key"]), textOf(one["value"] ?? one["Value"])] as const)
      .filter(([key]) => key !== ""),
  );

/** Names of IAM are 1 to 128 of these characters (IAM API reference); a call that failed may hold anything. */
export function named(
  call: ChangingCall,
  kind: "role" | "user" | "group" | "policy" | "instance-profile",
  { name, path = "/" }: { readonly name: string; readonly path?: string },
): string | undefined {
  return call.account !== undefined && /^[\w+=,.@-]{1,128}$/.test(name)
    ? `arn:${call.partition}:iam::${call.account}:${kind}${path === "" ? "/" : path}${name}`
    : undefined;
}
