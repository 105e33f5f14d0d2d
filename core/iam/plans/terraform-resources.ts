import { listUnder, textsIn, textUnder, under } from "./plan-value.ts";
import type { Door, HolderKey, Piece, Said } from "./planned-access.ts";
import { isUnknown } from "./terraform-document.ts";
import type { References, TerraformChange } from "./terraform-references.ts";
import { resourcePolicyReaders } from "./terraform-resource-policies.ts";
import { documentIn, policiesIn, type ReadsView, type View, withDocument } from "./terraform-view.ts";

/** What one change says about access on one side. Types that say nothing about it are passed over. */
export function saidBy(change: TerraformChange, side: Piece["side"], written: References): readonly Piece[] {
  if (change.mode === "data") return [];
  const values = side === "before" ? change.before : change.after;
  const read = Object.hasOwn(readers, change.type) ? readers[change.type] : undefined;
  if (values === undefined || read === undefined) return [];
  const view: View = {
    change,
    values,
    isOpen: (name) => side === "after" && isUnknown(under(change.afterUnknown, name)) && written.mentions(change, name),
    referred: (...path) => (side === "after" ? written.referred(change, ...path) : []),
  };
  return read(view).map((says) => ({ side, address: change.address, says }));
}

type Kind = "role" | "user" | "group";

const types: Readonly<Record<Kind, string>> = { role: "aws_iam_role", user: "aws_iam_user", group: "aws_iam_group" };

/** The key of a resource that is a holder itself: its name, or its address while that is not known. */
const ownKey = (kind: Kind, change: TerraformChange): HolderKey =>
  `${kind} ${textUnder(change.after, "name") ?? textUnder(change.before, "name") ?? change.address}`;

/** The holders that an argument names, one or many of them. */
function named(view: View, kind: Kind, argument: string): readonly HolderKey[] {
  const value = under(view.values, argument);
  const known = textsIn(Array.isArray(value) ? value : [value]).map((name): HolderKey => `${kind} ${lastPart(name)}`);
  if (!view.isOpen(argument)) return known;
  const found = view.referred(argument).filter(({ type }) => type === types[kind]);
  return [...new Set([...known, ...found.map((one) => ownKey(kind, one))])];
}

const lastPart = (name: string): string => (name.startsWith("arn:") ? name.slice(name.lastIndexOf("/") + 1) : name);

/** What is said of each named holder; without any, that nobody knows of whom. */
function saidOf(
  view: View,
  kind: Kind,
  argument: string,
  say: (holder: HolderKey) => readonly Said[],
): readonly Said[] {
  const holders = named(view, kind, argument);
  if (holders.length > 0) return holders.flatMap(say);
  return view.isOpen(argument)
    ? [{ kind: "unknown", what: `whose policy it is (${argument} is known after apply)` }]
    : [];
}

function attachments(view: View, argument: string, holder: HolderKey): readonly Said[] {
  const policies = policiesIn(view, argument);
  if (policies.length === 0 && view.isOpen(argument))
    return [{ kind: "unknown", holder, what: `which policy is attached (${argument} is known after apply)` }];
  return policies.map((policy): Said => ({ kind: "attached", holder, policy }));
}

function holder(kind: Kind): (view: View) => readonly Said[] {
  return (view) => {
    const key = ownKey(kind, view.change);
    const arn = textUnder(view.change.after, "arn") ?? textUnder(view.change.before, "arn");
    const bounds = policiesIn(view, "permissions_boundary");
    return [
      { kind: "holder", holder: key, ...(arn === undefined ? {} : { arn }) },
      ...withDocument(documentIn(view, "assume_role_policy"), key, (document) => ({
        kind: "trust",
        holder: key,
        document,
      })),
      ...bounds.slice(0, 1).map((policy): Said => ({ kind: "boundary", holder: key, policy })),
      ...(bounds.length === 0 && view.isOpen("permissions_boundary")
        ? [{ kind: "unknown", holder: key, what: "which boundary it has (known after apply)" } as const]
        : []),
      ...listUnder(view.values, "inline_policy").flatMap((one): readonly Said[] => {
        const document = textUnder(one, "policy");
        const name = textUnder(one, "name") ?? "inline policy";
        return document === undefined ? [] : [{ kind: "inline", holder: key, name, document }];
      }),
      ...(view.isOpen("inline_policy")
        ? [{ kind: "unknown", holder: key, what: "an inline policy (known after apply)" } as const]
        : []),
      ...attachments(view, "managed_policy_arns", key),
    ];
  };
}

const inline =
  (kind: Kind) =>
  (view: View): readonly Said[] =>
    saidOf(view, kind, kind, (key) =>
      withDocument(documentIn(view, "policy"), key, (document) => ({
        kind: "inline",
        holder: key,
        name: textUnder(view.values, "name") ?? view.change.address,
        document,
      })),
    );

const attachment =
  (kind: Kind, argument: string = kind, policies = "policy_arn") =>
  (view: View): readonly Said[] =>
    saidOf(view, kind, argument, (key) => attachments(view, policies, key));

const door =
  (kind: Kind, argument: string, opened: Door) =>
  (view: View): readonly Said[] =>
    saidOf(view, kind, argument, (key) => [{ kind: "door", holder: key, door: opened }]);

const provider =
  (opened: Door, argument: string) =>
  (view: View): readonly Said[] => {
    const key: HolderKey = `provider ${textUnder(view.values, argument) ?? view.change.address}`;
    return [{ kind: "door", holder: key, door: opened }];
  };

function managed(view: View): readonly Said[] {
  const read = documentIn(view, "policy");
  if (read === undefined) return [];
  if ("because" in read) return [{ kind: "unknown", what: read.because }];
  const { document } = read;
  const arn = textUnder(view.values, "arn");
  const keys = [view.change.address, ...(arn === undefined ? [] : [arn])];
  return keys.map((policy): Said => ({ kind: "managed", policy, document }));
}

const readers: Readonly<Record<string, ReadsView>> = {
  aws_iam_role: holder("role"),
  aws_iam_user: holder("user"),
  aws_iam_group: holder("group"),
  aws_iam_policy: managed,
  aws_iam_role_policy: inline("role"),
  aws_iam_user_policy: inline("user"),
  aws_iam_group_policy: inline("group"),
  aws_iam_role_policy_attachment: attachment("role"),
  aws_iam_user_policy_attachment: attachment("user"),
  aws_iam_group_policy_attachment: attachment("group"),
  aws_iam_role_policy_attachments_exclusive: attachment("role", "role_name", "policy_arns"),
  aws_iam_policy_attachment: (view) =>
    (["role", "user", "group"] as const).flatMap((kind) => attachment(kind, `${kind}s`)(view)),
  aws_iam_user_group_membership: (view) =>
    saidOf(view, "user", "user", (key) =>
      named(view, "group", "groups").map((group): Said => ({ kind: "group", holder: key, group })),
    ),
  aws_iam_group_membership: (view) =>
    saidOf(view, "user", "users", (key) =>
      named(view, "group", "group").map((group): Said => ({ kind: "group", holder: key, group })),
    ),
  aws_iam_instance_profile: door("role", "role", "instance-profile"),
  aws_iam_access_key: door("user", "user", "access-key"),
  aws_iam_user_login_profile: door("user", "user", "console-password"),
  aws_iam_openid_connect_provider: provider("identity-provider", "url"),
  aws_iam_saml_provider: provider("identity-provider", "name"),
  aws_rolesanywhere_trust_anchor: provider("trust-anchor", "name"),
  ...resourcePolicyReaders,
};
