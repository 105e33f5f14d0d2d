import type {
  IAMClient,
  ListAccessKeysCommandOutput,
  ListAttachedRolePoliciesCommandOutput,
  ListRolePoliciesCommandOutput,
  ListRoleTagsCommandOutput,
  ListServiceSpecificCredentialsCommandOutput,
} from "@aws-sdk/client-iam";
import { canonicalDigest } from "../../core/event/canonical.ts";
import type { Holder, Slot, Value } from "../../core/respond/slot.ts";
import { isGone } from "./answered.ts";
import { documentIn } from "./policy-text.ts";
import { lastName, type Reading, type SlotReader } from "./slot-seam.ts";

/** Reads what IAM holds. What does not exist holds nothing, and neither does anything of a principal that is gone. */
export const readIam: SlotReader = (slot, from) => {
  const read = reads(slot, from);
  return read && nothingWhereGone(read);
};

function reads(slot: Slot, from: Reading): (() => Promise<Value>) | undefined {
  switch (slot.kind) {
    case "attached-policy":
      return async () => ((await attachedTo(slot.holder, from)).includes(slot.policy) ? "attached" : null);
    case "boundary":
      return async () => (await holderIn(slot.holder, from)).boundary;
    case "inline-policy":
      return () => inlineOf(slot.holder, slot.name, from);
    case "trust":
      return async () => (await holderIn({ kind: "role", arn: slot.role }, from)).trust;
    case "tag":
      return async () => (await tagsOf(slot.holder, from)).get(slot.key) ?? null;
    case "access-key":
      return async () => (await keysOf(slot.user, from)).get(slot.accessKeyId) ?? null;
    case "service-credential":
      return async () => (await credentialsOf(slot.user, from)).get(slot.credentialId) ?? null;
    case "policy-document":
      return () => policyDigest(slot.policy, from);
    default:
      return undefined;
  }
}

async function nothingWhereGone(read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof Error && isGone(cause.cause)) return null;
    throw cause;
  }
}

/** A role or user as it is: by its immutable id, with its path. */
export interface LiveHolder {
  readonly arn: string;
  readonly id: string;
  readonly boundary: string | null;
  readonly trust: Value;
  readonly maxSessionSeconds?: number;
}

export async function holderIn({ kind, arn }: Holder, { clients, session, ask }: Reading): Promise<LiveHolder> {
  const { GetRoleCommand, GetUserCommand } = await import("@aws-sdk/client-iam");
  if (kind === "role") {
    const { Role: role } = await ask("iam:GetRole", async () =>
      (await clients.iam(session)).send(new GetRoleCommand({ RoleName: lastName(arn) })),
    );
    return {
      arn: role?.Arn ?? "",
      id: role?.RoleId ?? "",
      boundary: role?.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
      trust: documentIn(role?.AssumeRolePolicyDocument),
      ...(role?.MaxSessionDuration === undefined ? {} : { maxSessionSeconds: role.MaxSessionDuration }),
    };
  }
  const { User: user } = await ask("iam:GetUser", async () =>
    (await clients.iam(session)).send(new GetUserCommand({ UserName: lastName(arn) })),
  );
  const boundary = user?.PermissionsBoundary?.PermissionsBoundaryArn ?? null;
  return { arn: user?.Arn ?? "", id: user?.UserId ?? "", boundary, trust: null };
}

/** ARNs of the managed policies. */
export async function attachedTo({ kind, arn }: Holder, from: Reading): Promise<readonly string[]> {
  const { ListAttachedRolePoliciesCommand, ListAttachedUserPoliciesCommand } = await import("@aws-sdk/client-iam");
  const pages = await all<ListAttachedRolePoliciesCommandOutput>(from, (client, page) =>
    kind === "role"
      ? from.ask("iam:ListAttachedRolePolicies", () =>
          client.send(new ListAttachedRolePoliciesCommand({ RoleName: lastName(arn), ...page })),
        )
      : from.ask("iam:ListAttachedUserPolicies", () =>
          client.send(new ListAttachedUserPoliciesCommand({ UserName: lastName(arn), ...page })),
        ),
  );
  return pages.flatMap(({ AttachedPolicies: found = [] }) => found.flatMap(({ PolicyArn }) => PolicyArn ?? []));
}

/** Names of the inline policies. */
export async function inlineNames({ kind, arn }: Holder, from: Reading): Promise<readonly string[]> {
  const { ListRolePoliciesCommand, ListUserPoliciesCommand } = await import("@aws-sdk/client-iam");
  const pages = await all<ListRolePoliciesCommandOutput>(from, (client, page) =>
    kind === "role"
      ? from.ask("iam:ListRolePolicies", () =>
          client.send(new ListRolePoliciesCommand({ RoleName: lastName(arn), ...page })),
        )
      : from.ask("iam:ListUserPolicies", () =>
          client.send(new ListUserPoliciesCommand({ UserName: lastName(arn), ...page })),
        ),
  );
  return pages.flatMap(({ PolicyNames }) => PolicyNames ?? []);
}

export async function inlineOf({ kind, arn }: Holder, PolicyName: string, from: Reading): Promise<Value> {
  const { GetRolePolicyCommand, GetUserPolicyCommand } = await import("@aws-sdk/client-iam");
  const client = await from.clients.iam(from.session);
  const { PolicyDocument: text } = await (kind === "role"
    ? from.ask("iam:GetRolePolicy", () =>
        client.send(new GetRolePolicyCommand({ RoleName: lastName(arn), PolicyName })),
      )
    : from.ask("iam:GetUserPolicy", () =>
        client.send(new GetUserPolicyCommand({ UserName: lastName(arn), PolicyName })),
      ));
  return documentIn(text);
}

export async function tagsOf({ kind, arn }: Holder, from: Reading): Promise<ReadonlyMap<string, string>> {
  const { ListRoleTagsCommand, ListUserTagsCommand } = await import("@aws-sdk/client-iam");
  const pages = await all<ListRoleTagsCommandOutput>(from, (client, page) =>
    kind === "role"
      ? from.ask("iam:ListRoleTags", () => client.send(new ListRoleTagsCommand({ RoleName: lastName(arn), ...page })))
      : from.ask("iam:ListUserTags", () => client.send(new ListUserTagsCommand({ UserName: lastName(arn), ...page }))),
  );
  return new Map(
    pages.flatMap(({ Tags = [] }) => Tags.map(({ Key = "", Value: value = "" }) => [Key, value] as const)),
  );
}

/** Access keys of a user by id, with their status. */
export async function keysOf(user: string, from: Reading): Promise<ReadonlyMap<string, string>> {
  const { ListAccessKeysCommand } = await import("@aws-sdk/client-iam");
  const pages = await all<ListAccessKeysCommandOutput>(from, (client, page) =>
    from.ask("iam:ListAccessKeys", () => client.send(new ListAccessKeysCommand({ UserName: lastName(user), ...page }))),
  );
  return new Map(
    pages.flatMap(({ AccessKeyMetadata: keys = [] }) =>
      keys.map(({ AccessKeyId = "", Status = "" }) => [AccessKeyId, Status] as const),
    ),
  );
}

/** Service-specific credentials of a user by id, with their status; long-term Bedrock API keys are among them. */
export async function credentialsOf(user: string, from: Reading): Promise<ReadonlyMap<string, string>> {
  const { ListServiceSpecificCredentialsCommand } = await import("@aws-sdk/client-iam");
  const pages = await all<ListServiceSpecificCredentialsCommandOutput>(from, (client, page) =>
    from.ask("iam:ListServiceSpecificCredentials", () =>
      client.send(new ListServiceSpecificCredentialsCommand({ UserName: lastName(user), ...page })),
    ),
  );
  return new Map(
    pages.flatMap(({ ServiceSpecificCredentials: found = [] }) =>
      found.map(({ ServiceSpecificCredentialId: id = "", Status = "" }) => [id, Status] as const),
    ),
  );
}

async function policyDigest(PolicyArn: string, { clients, session, ask }: Reading): Promise<Value> {
  const { GetPolicyCommand, GetPolicyVersionCommand } = await import("@aws-sdk/client-iam");
  const client = await clients.iam(session);
  const { Policy: policy } = await ask("iam:GetPolicy", () => client.send(new GetPolicyCommand({ PolicyArn })));
  const VersionId = policy?.DefaultVersionId;
  if (VersionId === undefined) return null;
  const { PolicyVersion: version } = await ask("iam:GetPolicyVersion", () =>
    client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId })),
  );
  return canonicalDigest(documentIn(version?.Document));
}

interface Page {
  readonly IsTruncated?: boolean | undefined;
  readonly Marker?: string | undefined;
}

/** Every page of a list. */
async function all<Answer extends Page>(
  { clients, session }: Reading,
  ask: (client: Pick<IAMClient, "send">, page: { readonly Marker?: string }) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const client = await clients.iam(session);
  const pages: Answer[] = [];
  let page: { readonly Marker?: string } = {};
  do {
    const answer: Answer = await ask(client, page);
    pages.push(answer);
    page = answer.IsTruncated === true && answer.Marker !== undefined ? { Marker: answer.Marker } : {};
  } while (page.Marker !== undefined);
  return pages;
}
