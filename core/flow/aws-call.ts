import type { ApiName } from "../iam/identifiers.ts";

/** An IAM action with the ARN it is checked on and the conditions that narrow it; `{name}` stands for what is known only at run time. */
export interface Right {
  readonly action: ApiName;
  readonly resource: string;
  readonly condition: Condition;
}

/** A condition block in IAM's own grammar; empty when IAM offers none for the action. */
export type Condition = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * A call that an adapter makes, as data: adapters list their calls, and announcements and grants are computed from the
 * lists.
 */
export interface AwsCall {
  /** The service and the operation, as the SDK names the operation. */
  readonly api: ApiName;
  readonly resource: string;
  readonly condition: Condition;
  /** Whether the call only reads. */
  readonly access: "read" | "write";
  /** What the call is for, as a person who grants it wants to know it. */
  readonly why: string;
  /** The rights that IAM checks for the call, the main one first; empty when every signed caller may make it. */
  readonly rights: readonly Right[];
}

/** The text with each `{name}` replaced by its value; names without a value stay. */
export const filled = (text: string, names: Readonly<Record<string, string>>): string =>
  Object.entries(names).reduce((so, [name, value]) => so.replaceAll(`{${name}}`, () => value), text);
