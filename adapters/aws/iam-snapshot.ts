import { Fault } from "../../core/fault.ts";
import { isRoleArn, isUserArn } from "../../core/iam/arn.ts";
import { asAccessKeyId } from "../../core/iam/identifiers.ts";
import type { Holder } from "../../core/respond/slot.ts";
import type { Snapshot } from "../../core/respond/snapshot.ts";
import { isGone } from "./answered.ts";
import { attachedTo, credentialsOf, holderIn, inlineNames, inlineOf, keysOf, tagsOf } from "./iam-slots.ts";
import type { Reading } from "./slot-seam.ts";

/**
 * The state of a role, a user or an access key with its immutable id; undefined when there is none, or it is nothing that
 * IAM holds.
 */
export async function iamSnapshot(target: string, from: Reading): Promise<Snapshot | undefined> {
  try {
    if (isRoleArn(target)) return await snapshotOf({ kind: "role", arn: target }, from);
    if (isUserArn(target)) return await snapshotOf({ kind: "user", arn: target }, from);
    return asAccessKeyId(target) === undefined ? undefined : await keySnapshot(target, from);
  } catch (cause) {
    if (cause instanceof Error && isGone(cause.cause)) return undefined;
    throw cause;
  }
}

async function snapshotOf(asked: Holder, from: Reading): Promise<Snapshot> {
  const live = await holderIn(asked, from);
  const holder: Holder = { kind: asked.kind, arn: live.arn };
  const attached = await attachedTo(holder, from);
  const inline: Snapshot["held"][number][] = [];
  for (const name of await inlineNames(holder, from))
    inline.push({ slot: { kind: "inline-policy", holder, name }, value: await inlineOf(holder, name, from) });
  const tags = await tagsOf(holder, from);
  return {
    schema: 1,
    target: { arn: live.arn, id: live.id, account: from.account },
    held: [
      ...attached.map((policy) => ({ slot: { kind: "attached-policy", holder, policy } as const, value: "attached" })),
      { slot: { kind: "boundary", holder }, value: live.boundary },
      ...inline,
      ...[...tags].map(([key, value]) => ({ slot: { kind: "tag", holder, key } as const, value })),
      ...(holder.kind === "user" ? await credentialsHeld(live.arn, from) : []),
    ],
    quotas: await quotasOf(from),
    ...(live.maxSessionSeconds === undefined ? {} : { maxSessionSeconds: live.maxSessionSeconds }),
  };
}

async function credentialsHeld(user: string, from: Reading): Promise<Snapshot["held"]> {
  const keys = await keysOf(user, from);
  const credentials = await credentialsOf(user, from);
  return [
    ...[...keys].map(([accessKeyId, value]) => ({ slot: { kind: "access-key", user, accessKeyId } as const, value })),
    ...[...credentials].map(([credentialId, value]) => ({
      slot: { kind: "service-credential", user, credentialId } as const,
      value,
    })),
  ];
}

async function keySnapshot(accessKeyId: string, from: Reading): Promise<Snapshot | undefined> {
  const { GetAccessKeyLastUsedCommand } = await import("@aws-sdk/client-iam");
  const { UserName: name } = await from.ask("iam:GetAccessKeyLastUsed", async () =>
    (await from.clients.iam(from.session)).send(new GetAccessKeyLastUsedCommand({ AccessKeyId: accessKeyId })),
  );
  // The account's root user has keys, and no name.
  if (name === undefined) return undefined;
  const { arn } = await holderIn({ kind: "user", arn: name }, from);
  const value = (await keysOf(arn, from)).get(accessKeyId);
  if (value === undefined) return undefined;
  return {
    schema: 1,
    // Whose key it is decides whether it may be touched; the key's own id is what nobody else can have.
    target: { arn, id: accessKeyId, account: from.account },
    held: [{ slot: { kind: "access-key", user: arn, accessKeyId }, value }],
    quotas: {},
  };
}

/** The account's limits; without the right to them IAM's own defaults count. */
async function quotasOf({ clients, session, ask }: Reading): Promise<Snapshot["quotas"]> {
  const { GetAccountSummaryCommand } = await import("@aws-sdk/client-iam");
  try {
    const { SummaryMap: found } = await ask("iam:GetAccountSummary", async () =>
      (await clients.iam(session)).send(new GetAccountSummaryCommand({})),
    );
    return Object.fromEntries(Object.entries(found ?? {}).filter(([name]) => name.endsWith("Quota")));
  } catch (cause) {
    if (cause instanceof Fault && cause.code === "denied") return {};
    throw cause;
  }
}
