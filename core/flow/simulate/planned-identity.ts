import { type DeclaredGrants, declaredGrants, declaring } from "../../detect/grants/grant-envelope.ts";
import type { Instant } from "../../event/instant.ts";
import type { AccountState } from "../../iam/account/account-model.ts";
import { policiesInForce } from "../../iam/account/account-policies.ts";
import { awsManaged } from "../../iam/account/aws-managed.ts";
import { iamArn, parseArn } from "../../iam/arn.ts";
import type { PlannedAccess, PlannedHolder, PlannedRights } from "../../iam/plans/planned-access.ts";
import { type PolicyDocument, parsePolicy } from "../../iam/policy.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Registry, Workload } from "../../identity/workload.ts";

/** What a plan is judged by. */
export interface PlanWorld {
  readonly registry: Registry;
  readonly tables: IamTables;
  /** What IAM holds now; without it only what the plan says itself is known. */
  readonly accounts: AccountState;
  /** The account that the plan is for, where it or the person says so. */
  readonly account: string | undefined;
  readonly partition: string;
  /** When the change is made: grants in force then count. */
  readonly at: Instant;
}

/** No account at all: every account is another one, as long as nobody says which one the plan is for. */
export const noAccount = "000000000000";

/** A role, user or group of a plan with its policies on both sides. */
export interface PlannedIdentity {
  readonly holder: PlannedHolder;
  readonly arn?: string;
  readonly workload?: Workload;
  readonly declared?: DeclaredGrants;
  readonly old: readonly PolicyDocument[];
  readonly now: readonly PolicyDocument[];
  readonly limits: { readonly old?: PolicyDocument; readonly now?: PolicyDocument };
  /** ARNs of policies that the change attaches and whose text nobody told. */
  readonly unread: readonly string[];
  /** What is wrong with a document that was planned. */
  readonly broken: readonly { readonly address: string; readonly because: string }[];
  readonly doubts: readonly string[];
}

/** Finds whose the holder is and reads its policies. Policies that the account has beside the plan count on both sides. */
export function plannedIdentity(holder: PlannedHolder, access: PlannedAccess, world: PlanWorld): PlannedIdentity {
  const arn = arnOf(holder, world);
  const workload = declaring(arn, world.registry) ?? onlyOneNamed(holder, world.registry);
  const declared = workload && declaredGrants(workload, world.at);
  const live = arn === undefined ? undefined : (world.accounts.roles.get(arn) ?? world.accounts.users.get(arn));
  const inForce = live && policiesInForce(live, world.accounts);
  const planned = namesIn(holder);
  const beside = (inForce?.identity ?? []).filter(({ name }) => !planned.has(name)).map(({ document }) => document);
  const before = readSide(holder, access, { side: "before", world });
  const after = readSide(holder, access, { side: "after", world });
  const [oldLimit, nowLimit] = [boundaryOf(holder.before, world), boundaryOf(holder.after, world)];
  return {
    holder,
    ...(arn === undefined ? {} : { arn }),
    ...(workload === undefined ? {} : { workload }),
    ...(declared === undefined ? {} : { declared }),
    old: [...beside, ...before.documents],
    now: [...beside, ...after.documents],
    limits: {
      ...(oldLimit === undefined ? {} : { old: oldLimit }),
      ...(nowLimit === undefined ? {} : { now: nowLimit }),
    },
    unread: after.unread.filter((one) => !before.unread.includes(one)),
    broken: after.broken,
    doubts: [
      ...(isElsewhere(holder) && live === undefined
        ? ["what it has besides is neither in the plan nor in an account state"]
        : []),
      ...(holder.after.boundary !== undefined && nowLimit === undefined
        ? ["the text of its boundary is not known"]
        : []),
      ...(before.broken.length > 0 ? ["a policy that it has now cannot be read"] : []),
    ],
  };
}

function arnOf({ arn, kind, name }: PlannedHolder, { account, partition, accounts }: PlanWorld): string | undefined {
  if (arn !== undefined || (kind !== "role" && kind !== "user" && kind !== "group")) return arn;
  const held = kind === "role" ? accounts.roles : kind === "user" ? accounts.users : accounts.groups;
  // An account state knows the path, which a name alone does not tell.
  const known = [...held.values()].filter(
    (one) => one.name === name && (account === undefined || one.account === account),
  );
  if (known.length === 1) return known[0]?.arn;
  return account === undefined || /[^\w+=,.@-]/.test(name) ? undefined : iamArn(partition, account, kind, name);
}

/** Without an account, a name that one active manifest alone declares. */
function onlyOneNamed({ kind, name, arn }: PlannedHolder, { workloads }: Registry): Workload | undefined {
  if (kind !== "role" || arn !== undefined) return undefined;
  const found = workloads.filter(
    ({ status, roles }) =>
      status === "active" && roles.some((one) => (parseArn(one)?.resource ?? "").split("/").at(-1) === name),
  );
  return found.length === 1 ? found[0] : undefined;
}

const namesIn = ({ before, after }: PlannedHolder): ReadonlySet<string> =>
  new Set([before, after].flatMap((one) => [...one.documents.map(({ name }) => name), ...one.attached]));

/** The plan only attaches something to it: what else it has is elsewhere. */
const isElsewhere = ({ before, after }: PlannedHolder): boolean => !before.managed && !after.managed;

interface Side {
  readonly documents: readonly PolicyDocument[];
  readonly unread: readonly string[];
  readonly broken: readonly { readonly address: string; readonly because: string }[];
}

interface Asked {
  readonly side: "before" | "after";
  readonly world: PlanWorld;
}

function readSide(holder: PlannedHolder, access: PlannedAccess, { side, world }: Asked): Side {
  const groups = holder[side].groups.flatMap((key) => access.holders.find((one) => one.key === key)?.[side] ?? []);
  const rights = [holder[side], ...groups];
  const attached = [...new Set(rights.flatMap((one) => one.attached))];
  const texts = attached.map((policy) => ({ policy, document: textOf(policy, world) }));
  const read = rights
    .flatMap((one) => one.documents)
    .map(({ address, document }) => ({ address, parsed: parsePolicy(document) }));
  return {
    documents: [
      ...read.flatMap(({ parsed }) => (parsed.ok ? [parsed.document] : [])),
      ...texts.flatMap(({ document }) => document ?? []),
    ],
    unread: texts.filter(({ document }) => document === undefined).map(({ policy }) => policy),
    broken: read.flatMap(({ address, parsed }) => (parsed.ok ? [] : [{ address, because: parsed.because }])),
  };
}

const textOf = (policy: string, { accounts }: PlanWorld): PolicyDocument | undefined =>
  accounts.policies.get(policy)?.document ?? awsManaged(policy)?.document;

function boundaryOf({ boundary }: PlannedRights, world: PlanWorld): PolicyDocument | undefined {
  if (boundary === undefined) return undefined;
  if (boundary.document === undefined) return textOf(boundary.policy, world);
  const parsed = parsePolicy(boundary.document);
  return parsed.ok ? parsed.document : undefined;
}
