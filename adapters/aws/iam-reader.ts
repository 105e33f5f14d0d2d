import type {
  AttachedPolicy,
  GetGroupPolicyCommandOutput,
  GetPolicyVersionCommandOutput,
  IAMClient,
  ListEntitiesForPolicyCommandOutput,
  ListRolePoliciesCommandOutput,
  Tag,
} from "@aws-sdk/client-iam";
import type { HeldPolicy } from "../../core/iam/account/account-model.ts";
import { type HeldIdentity, readDocument } from "../../core/iam/account/held-identity.ts";
import type { Partition } from "../../core/iam/identifiers.ts";
import { calls } from "./iam-reader.calls.ts";
import { retrying, type Sleep } from "./retry.ts";

/** One account's IAM, as it is when it is asked. A name that it does not know is Fault "not-found". */
export interface IamReader {
  identity(kind: "role" | "user" | "group", name: string): Promise<HeldIdentity>;
  /** The default version; nothing where its text is not readable. */
  policy(arn: string): Promise<HeldPolicy | undefined>;
  /** Names of all who have a policy attached or are bounded by it. */
  holders(arn: string): Promise<readonly Holder[]>;
  /** The role that a profile hands out. */
  profile(name: string): Promise<string | undefined>;
}

export interface Holder {
  readonly kind: "role" | "user" | "group";
  readonly name: string;
}

/** What of an account is needed to ask its IAM. */
export interface IamAccount {
  readonly client: Pick<IAMClient, "send">;
  readonly account: string;
  readonly partition: Partition;
  readonly sleep: Sleep;
}

/** Reads one account's IAM, a request at a time. */
export function iamReader({ client, account, partition, sleep }: IamAccount): IamReader {
  const names = { account, partition };
  const asking = <Answer>(api: (typeof calls)[number]["api"], ask: () => Promise<Answer>): Promise<Answer> => {
    const call = calls.find((one) => one.api === api) ?? calls[0];
    return retrying(ask, { call, names }, sleep);
  };
  const inline = async (
    listed: readonly string[],
    read: (name: string) => Promise<Pick<GetGroupPolicyCommandOutput, "PolicyDocument">>,
  ): Promise<Pick<HeldIdentity, "inline" | "unread">> => {
    const policies: HeldPolicy[] = [];
    const unread: string[] = [];
    for (const name of listed) {
      const text = (await read(name)).PolicyDocument;
      const document = readDocument(text);
      if (document.ok) policies.push({ name, text, document: document.document });
      else unread.push(name);
    }
    return { inline: policies, unread };
  };
  return {
    async identity(kind, name) {
      const sdk = await import("@aws-sdk/client-iam");
      const { GetRoleCommand, ListRolePoliciesCommand, GetRolePolicyCommand, ListAttachedRolePoliciesCommand } = sdk;
      const { GetUserCommand, ListUserPoliciesCommand, GetUserPolicyCommand, ListAttachedUserPoliciesCommand } = sdk;
      const { GetGroupCommand, ListGroupPoliciesCommand, GetGroupPolicyCommand, ListAttachedGroupPoliciesCommand } =
        sdk;
      const { ListGroupsForUserCommand } = sdk;
      if (kind === "role") {
        const of = { RoleName: name };
        const { Role: role } = await asking("iam:GetRole", () => client.send(new GetRoleCommand(of)));
        const trust = readDocument(role?.AssumeRolePolicyDocument);
        const listed = await all("PolicyNames", (page) =>
          asking("iam:ListRolePolicies", () => client.send(new ListRolePoliciesCommand({ ...of, ...page }))),
        );
        const attached = await all("AttachedPolicies", (page) =>
          asking("iam:ListAttachedRolePolicies", () =>
            client.send(new ListAttachedRolePoliciesCommand({ ...of, ...page })),
          ),
        );
        const texts = await inline(listed, (PolicyName) =>
          asking("iam:GetRolePolicy", () => client.send(new GetRolePolicyCommand({ ...of, PolicyName }))),
        );
        return {
          ...{ kind, arn: role?.Arn ?? "", id: role?.RoleId ?? "", extent: "whole", groups: [], ...texts },
          attached: arnsOf(attached),
          boundary: boundaryOf(role?.PermissionsBoundary?.PermissionsBoundaryArn),
          ...(trust.ok ? { trust: trust.document } : {}),
          tags: tagsOf(role?.Tags),
          maxSessionSeconds: role?.MaxSessionDuration ?? 3_600,
        };
      }
      if (kind === "user") {
        const of = { UserName: name };
        const { User: user } = await asking("iam:GetUser", () => client.send(new GetUserCommand(of)));
        const listed = await all("PolicyNames", (page) =>
          asking("iam:ListUserPolicies", () => client.send(new ListUserPoliciesCommand({ ...of, ...page }))),
        );
        const attached = await all("AttachedPolicies", (page) =>
          asking("iam:ListAttachedUserPolicies", () =>
            client.send(new ListAttachedUserPoliciesCommand({ ...of, ...page })),
          ),
        );
        const groups = await all("Groups", (page) =>
          asking("iam:ListGroupsForUser", () => client.send(new ListGroupsForUserCommand({ ...of, ...page }))),
        );
        const texts = await inline(listed, (PolicyName) =>
          asking("iam:GetUserPolicy", () => client.send(new GetUserPolicyCommand({ ...of, PolicyName }))),
        );
        return {
          ...{ kind, arn: user?.Arn ?? "", id: user?.UserId ?? "", extent: "whole", ...texts },
          groups: groups.flatMap(({ GroupName }) => GroupName ?? []),
          attached: arnsOf(attached),
          boundary: boundaryOf(user?.PermissionsBoundary?.PermissionsBoundaryArn),
          tags: tagsOf(user?.Tags),
        };
      }
      const of = { GroupName: name };
      const { Group: group } = await asking("iam:GetGroup", () =>
        client.send(new GetGroupCommand({ ...of, MaxItems: 1 })),
      );
      const listed = await all("PolicyNames", (page) =>
        asking("iam:ListGroupPolicies", () => client.send(new ListGroupPoliciesCommand({ ...of, ...page }))),
      );
      const attached = await all("AttachedPolicies", (page) =>
        asking("iam:ListAttachedGroupPolicies", () =>
          client.send(new ListAttachedGroupPoliciesCommand({ ...of, ...page })),
        ),
      );
      const texts = await inline(listed, (PolicyName) =>
        asking("iam:GetGroupPolicy", () => client.send(new GetGroupPolicyCommand({ ...of, PolicyName }))),
      );
      return {
        ...{ kind, arn: group?.Arn ?? "", id: group?.GroupId ?? "", extent: "whole", groups: [], tags: {}, ...texts },
        attached: arnsOf(attached),
        boundary: { kind: "none" },
      };
    },
    async policy(arn) {
      const { GetPolicyCommand, GetPolicyVersionCommand } = await import("@aws-sdk/client-iam");
      const of = { PolicyArn: arn };
      const { Policy: policy } = await asking("iam:GetPolicy", () => client.send(new GetPolicyCommand(of)));
      const VersionId = policy?.DefaultVersionId ?? "v1";
      const { PolicyVersion: version }: GetPolicyVersionCommandOutput = await asking("iam:GetPolicyVersion", () =>
        client.send(new GetPolicyVersionCommand({ ...of, VersionId })),
      );
      const read = readDocument(version?.Document);
      return read.ok ? { name: arn, text: version?.Document, document: read.document } : undefined;
    },
    async holders(arn) {
      const { ListEntitiesForPolicyCommand } = await import("@aws-sdk/client-iam");
      const found: Holder[] = [];
      let page: Page = {};
      do {
        const answer: ListEntitiesForPolicyCommandOutput = await asking("iam:ListEntitiesForPolicy", () =>
          client.send(new ListEntitiesForPolicyCommand({ PolicyArn: arn, ...page })),
        );
        for (const one of answer.PolicyRoles ?? []) found.push({ kind: "role", name: one.RoleName ?? "" });
        for (const one of answer.PolicyUsers ?? []) found.push({ kind: "user", name: one.UserName ?? "" });
        for (const one of answer.PolicyGroups ?? []) found.push({ kind: "group", name: one.GroupName ?? "" });
        page = answer.IsTruncated === true && answer.Marker !== undefined ? { Marker: answer.Marker } : {};
      } while (page.Marker !== undefined);
      return found;
    },
    async profile(name) {
      const { GetInstanceProfileCommand } = await import("@aws-sdk/client-iam");
      const of = { InstanceProfileName: name };
      const answer = await asking("iam:GetInstanceProfile", () => client.send(new GetInstanceProfileCommand(of)));
      return answer.InstanceProfile?.Roles?.[0]?.RoleName;
    },
  };
}

interface Page {
  readonly Marker?: string;
}

/** Every page of a list. */
async function all<List extends string, Item>(
  list: List,
  ask: (
    page: Page,
  ) => Promise<
    { [Key in List]?: readonly Item[] | undefined } & Pick<ListRolePoliciesCommandOutput, "IsTruncated" | "Marker">
  >,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let page: Page = {};
  do {
    const answer = await ask(page);
    items.push(...(answer[list] ?? []));
    page = answer.IsTruncated === true && answer.Marker !== undefined ? { Marker: answer.Marker } : {};
  } while (page.Marker !== undefined);
  return items;
}

const arnsOf = (attached: readonly AttachedPolicy[]): readonly string[] =>
  attached.flatMap(({ PolicyArn }) => PolicyArn ?? []);

const boundaryOf = (arn: string | undefined): HeldIdentity["boundary"] =>
  arn === undefined ? { kind: "none" } : { kind: "policy", arn };

const tagsOf = (tags: readonly Tag[] = []): Readonly<Record<string, string>> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
