import type { JsonObject } from "../../core/event/json.ts";
import type { Holder, Slot, Value } from "../../core/respond/slot.ts";

/** A user or role as the test account is told of it. */
export interface Principal {
  readonly holder: Holder;
  /** `AROA…` or `AIDA…`. */
  readonly id: string;
  readonly account: string;
  readonly maxSessionSeconds?: number;
  /** AWS's own: every write is refused. */
  readonly unmodifiable?: true;
  readonly attached?: readonly string[];
  readonly boundary?: string;
  readonly inline?: Readonly<Record<string, JsonObject>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly trust?: JsonObject;
  readonly keys?: Readonly<Record<string, "Active" | "Inactive">>;
  readonly serviceCredentials?: Readonly<Record<string, "Active" | "Inactive">>;
}

/** What the principal holds at first, slot by slot. */
export function slotsOf(one: Principal): readonly (readonly [Slot, Value])[] {
  const { holder } = one;
  const { arn } = holder;
  return [
    ...(one.attached ?? []).map((policy) => [{ kind: "attached-policy", holder, policy }, "attached"] as const),
    ...(one.boundary === undefined ? [] : [[{ kind: "boundary", holder }, one.boundary] as const]),
    ...Object.entries(one.inline ?? {}).map(
      ([name, document]) => [{ kind: "inline-policy", holder, name }, document] as const,
    ),
    ...Object.entries(one.tags ?? {}).map(([key, value]) => [{ kind: "tag", holder, key }, value] as const),
    ...(one.trust === undefined ? [] : [[{ kind: "trust", role: arn }, one.trust] as const]),
    ...Object.entries(one.keys ?? {}).map(
      ([accessKeyId, status]) => [{ kind: "access-key", user: arn, accessKeyId }, status] as const,
    ),
    ...Object.entries(one.serviceCredentials ?? {}).map(
      ([credentialId, status]) => [{ kind: "service-credential", user: arn, credentialId }, status] as const,
    ),
  ];
}

/** Whose slot it is; undefined for a thing that is no principal's. */
export function holderArnOf(slot: Slot): string | undefined {
  if ("holder" in slot) return slot.holder.arn;
  if (slot.kind === "trust") return slot.role;
  return "user" in slot ? slot.user : undefined;
}
