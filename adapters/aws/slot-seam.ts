import type { ApiName } from "../../core/iam/identifiers.ts";
import type { Change } from "../../core/respond/change.ts";
import type { Written } from "../../core/respond/control-plane.ts";
import type { Slot, Value } from "../../core/respond/slot.ts";
import type { MemberClients } from "./member-clients.ts";

/** Asks the account. What it says no to is thrown as a Fault that names the call. */
export type Ask = <Answer>(api: ApiName, send: () => Promise<Answer>) => Promise<Answer>;

/** One account as one case sees it; `session` is the name that every call is made under. */
export interface Member {
  readonly clients: MemberClients;
  readonly account: string;
  readonly partition: string;
  readonly session: string;
}

/** How a slot is read. */
export interface Reading extends Member {
  readonly ask: Ask;
}

/** Reads some kinds of slots; undefined for a slot that is not among them. */
export type SlotReader = (slot: Slot, from: Reading) => Promise<Value> | undefined;

/** Makes the one call that some changes need; undefined for a change that is not among them. Never reads, never repeats. */
export type SlotWriter = (change: Change, to: Member) => Promise<Written> | undefined;

/** What is behind the last slash or colon: the name that IAM's calls want of an ARN with its path. */
export const lastName = (arn: string): string => arn.slice(Math.max(arn.lastIndexOf("/"), arn.lastIndexOf(":")) + 1);
