import { permissionDocument } from "../account/lambda-permission.ts";
import { asList, isPlanObject, listUnder, textUnder, under } from "./plan-value.ts";
import { afterApply, type Door, type HolderKey, laterName, type Said } from "./planned-access.ts";
import { laterMark, logicalIn } from "./template-value.ts";

/** A resource of a stack. */
export interface StackResource {
  readonly type: string;
  readonly logical: string;
  readonly physical: string | undefined;
}

/** What a resource's properties say about access. Types that say nothing about it are passed over. */
export function saidByStack(resource: StackResource, properties: unknown): readonly Said[] {
  const read = Object.hasOwn(readers, resource.type) ? readers[resource.type] : undefined;
  return read === undefined ? [] : read({ resource, properties });
}

interface View {
  readonly resource: StackResource;
  readonly properties: unknown;
}

type Reads = (view: View) => readonly Said[];
type Kind = "role" | "user" | "group";

const nameProperty = { role: "RoleName", user: "UserName", group: "GroupName" } as const;

/** `Ref` of a role, user or group is its name, and so is its physical id. */
const ownKey = (kind: Kind, { resource, properties }: View): HolderKey =>
  `${kind} ${settled(textUnder(properties, nameProperty[kind])) ?? resource.physical ?? resource.logical}`;

const settled = (text: string | undefined): string | undefined => (text?.includes("{{") ? undefined : text);

/** The holders that a property names, by name or by the logical id of the stack; `undefined` for one that is not known yet. */
const named = ({ properties }: View, kind: Kind, property: string): readonly (HolderKey | undefined)[] => {
  const given = under(properties, property);
  return (Array.isArray(given) ? given : given === undefined ? [] : [given]).map((one): HolderKey | undefined => {
    if (typeof one !== "string") return undefined;
    const name = logicalIn(one) ?? settled(one);
    return name === undefined ? undefined : `${kind} ${name.slice(name.lastIndexOf("/") + 1)}`;
  });
};

const saidOf = (
  view: View,
  kind: Kind,
  property: string,
  say: (holder: HolderKey) => readonly Said[],
): readonly Said[] =>
  named(view, kind, property).flatMap((holder): readonly Said[] =>
    holder === undefined ? [{ kind: "unknown", what: `whom ${property} means (known after apply)` }] : say(holder),
  );

/** A document as it stands, with a pattern in place of what is known later; nothing when all of it is. */
export function documentOf(value: unknown): unknown {
  if (typeof value === "string") {
    if (value.startsWith("{") && !value.startsWith("{{")) return value;
    return value === laterMark ? afterApply : value.replaceAll(/\{\{[^{}]*\}\}/g, `*${laterName}*`);
  }
  if (Array.isArray(value)) return value.map(documentOf);
  return isPlanObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, documentOf(one)]))
    : value;
}

function withDocument(value: unknown, holder: HolderKey, say: (document: unknown) => Said): readonly Said[] {
  if (value === undefined) return [];
  if (value === laterMark) return [{ kind: "unknown", holder, what: "a policy's document (known after apply)" }];
  return [say(documentOf(value))];
}

const holder =
  (kind: Kind): Reads =>
  (view) => {
    const { properties, resource } = view;
    const key = ownKey(kind, view);
    const bound = textUnder(properties, "PermissionsBoundary");
    return [
      { kind: "holder", holder: key },
      ...withDocument(under(properties, "AssumeRolePolicyDocument"), key, (document) => ({
        kind: "trust",
        holder: key,
        document,
      })),
      ...(bound === undefined ? [] : [{ kind: "boundary", holder: key, policy: logicalIn(bound) ?? bound } as const]),
      ...listUnder(properties, "Policies").flatMap((one) =>
        withDocument(under(one, "PolicyDocument"), key, (document) => ({
          kind: "inline",
          holder: key,
          name: textUnder(one, "PolicyName") ?? resource.logical,
          document,
        })),
      ),
      ...attachedTo(key, under(properties, "ManagedPolicyArns")),
      ...(under(properties, "LoginProfile") === undefined
        ? []
        : [{ kind: "door", holder: key, door: "console-password" } as const]),
      ...named(view, "group", "Groups").flatMap((group): readonly Said[] =>
        group === undefined ? [] : [{ kind: "group", holder: key, group }],
      ),
    ];
  };

const attachedTo = (holder: HolderKey, value: unknown): readonly Said[] =>
  asList(value).map((one): Said => {
    const policy = typeof one === "string" ? (logicalIn(one) ?? settled(one)) : undefined;
    return policy === undefined
      ? { kind: "unknown", holder, what: "which policy is attached (known after apply)" }
      : { kind: "attached", holder, policy };
  });

const everyKind = [
  ["role", "Roles"],
  ["user", "Users"],
  ["group", "Groups"],
] as const;

const inlinePolicy: Reads = (view) =>
  everyKind.flatMap(([kind, property]) => saidOf(view, kind, property, (key) => inlineOn(view, key)));

const inlineOn = ({ properties, resource }: View, key: HolderKey): readonly Said[] =>
  withDocument(under(properties, "PolicyDocument"), key, (document) => ({
    kind: "inline",
    holder: key,
    name: textUnder(properties, "PolicyName") ?? resource.logical,
    document,
  }));

const managedPolicy: Reads = (view) => {
  const { properties, resource } = view;
  const document = under(properties, "PolicyDocument");
  const keys = [resource.logical, ...(resource.physical === undefined ? [] : [resource.physical])];
  return [
    ...(document === undefined
      ? []
      : keys.map((policy): Said => ({ kind: "managed", policy, document: documentOf(document) }))),
    ...everyKind.flatMap(([kind, property]) =>
      saidOf(view, kind, property, (key) => [{ kind: "attached", holder: key, policy: resource.logical }]),
    ),
  ];
};

const door =
  (kind: Kind, property: string, opened: Door): Reads =>
  (view) =>
    saidOf(view, kind, property, (key) => [{ kind: "door", holder: key, door: opened }]);

const provider =
  (opened: Door, property: string): Reads =>
  ({ properties, resource }) => [
    { kind: "door", holder: `provider ${settled(textUnder(properties, property)) ?? resource.logical}`, door: opened },
  ];

const resourcePolicy =
  (documentProperty: string, property: string): Reads =>
  ({ properties, resource }) => {
    const given = under(properties, property);
    const targets = (Array.isArray(given) ? given : [given]).map((one) =>
      typeof one === "string" ? (logicalIn(one) ?? settled(one)) : undefined,
    );
    return targets.flatMap((target) => {
      const key: HolderKey = `resource ${target ?? resource.physical ?? resource.logical}`;
      return withDocument(under(properties, documentProperty), key, (document) => ({
        kind: "resource-policy",
        holder: key,
        document,
      }));
    });
  };

const lambdaPermission: Reads = ({ properties, resource }) => {
  const of = (name: string): string | undefined => {
    const found = textUnder(properties, name);
    return found?.includes("{{") ? afterApply : found;
  };
  const target = textUnder(properties, "FunctionName") ?? resource.logical;
  const document = permissionDocument({
    principal: of("Principal"),
    action: of("Action"),
    sourceArn: of("SourceArn"),
    sourceAccount: of("SourceAccount"),
    organization: of("PrincipalOrgID"),
    urlAuthType: of("FunctionUrlAuthType"),
  });
  return [
    {
      kind: "resource-policy",
      holder: `resource ${logicalIn(target) ?? settled(target) ?? resource.logical}`,
      document,
    },
  ];
};

const readers: Readonly<Record<string, Reads>> = {
  "AWS::IAM::Role": holder("role"),
  "AWS::IAM::User": holder("user"),
  "AWS::IAM::Group": holder("group"),
  "AWS::IAM::Policy": inlinePolicy,
  "AWS::IAM::RolePolicy": (view) => saidOf(view, "role", "RoleName", (key) => inlineOn(view, key)),
  "AWS::IAM::UserPolicy": (view) => saidOf(view, "user", "UserName", (key) => inlineOn(view, key)),
  "AWS::IAM::GroupPolicy": (view) => saidOf(view, "group", "GroupName", (key) => inlineOn(view, key)),
  "AWS::IAM::ManagedPolicy": managedPolicy,
  "AWS::IAM::UserToGroupAddition": (view) =>
    saidOf(view, "user", "Users", (key) =>
      named(view, "group", "GroupName").flatMap((group): readonly Said[] =>
        group === undefined ? [] : [{ kind: "group", holder: key, group }],
      ),
    ),
  "AWS::IAM::AccessKey": door("user", "UserName", "access-key"),
  "AWS::IAM::InstanceProfile": door("role", "Roles", "instance-profile"),
  "AWS::IAM::OIDCProvider": provider("identity-provider", "Url"),
  "AWS::IAM::SAMLProvider": provider("identity-provider", "Name"),
  "AWS::RolesAnywhere::TrustAnchor": provider("trust-anchor", "Name"),
  "AWS::S3::BucketPolicy": resourcePolicy("PolicyDocument", "Bucket"),
  "AWS::KMS::Key": resourcePolicy("KeyPolicy", ""),
  "AWS::SecretsManager::ResourcePolicy": resourcePolicy("ResourcePolicy", "SecretId"),
  "AWS::SQS::QueuePolicy": resourcePolicy("PolicyDocument", "Queues"),
  "AWS::SNS::TopicPolicy": resourcePolicy("PolicyDocument", "Topics"),
  "AWS::Lambda::Permission": lambdaPermission,
  "AWS::ECR::Repository": resourcePolicy("RepositoryPolicyText", "RepositoryName"),
};
