import type { AccountState } from "../../iam/account/account-model.ts";
import { accountOf, isRoleArn, isUserArn } from "../../iam/arn.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Attribution } from "../../identity/attribution.ts";
import type { Registry, Workload } from "../../identity/workload.ts";
import type { Horizon } from "../horizon.ts";
import { placementsIn } from "../placements.ts";
import type { State } from "../state.ts";
import { type Face, roleFaces } from "./inventory-face.ts";
import { flagsOf } from "./inventory-flags.ts";
import { actionsIn, type Grants, grantsIn } from "./inventory-grants.ts";
import { type Lives, livesIn, type Made } from "./inventory-lives.ts";
import { riskOf } from "./inventory-risk.ts";
import type { IdentityRow, SecretRow } from "./inventory-row.ts";
import { noReads, secretReads } from "./inventory-secrets.ts";
import { type Seen, seenIdentities } from "./inventory-seen.ts";
import { sharersOf } from "./inventory-sharers.ts";
import { trustOf } from "./inventory-trust.ts";

/** What an inventory is made from. */
export interface InventoryQuestion {
  readonly state: State;
  readonly attributionOf: (principal: number) => Attribution;
  readonly registry: Registry;
  readonly horizon: Horizon;
  readonly accounts: AccountState;
  readonly tables: IamTables;
  /** The moment that dormancy is judged from, in whole seconds. */
  readonly at: number;
  /** A store does not know who used which call. */
  readonly usage: "counted" | "unknown";
  /** The earliest record, in whole seconds; absent without records. */
  readonly recordsFrom?: number;
}

export interface Inventory {
  /** The greatest risk first, then by id. */
  readonly identities: readonly IdentityRow[];
  readonly secrets: readonly SecretRow[];
  /** Managed policies that are attached and whose text is not in the IAM state. */
  readonly missingPolicies: readonly string[];
}

/** Every non-human identity and credential that the records or the IAM state show. The order of the input does not matter. */
export function inventoryOf(question: InventoryQuestion): Inventory {
  const { state, attributionOf, registry, horizon, accounts, tables } = question;
  const seen = new Map(seenIdentities(state, horizon, attributionOf));
  const faces = new Map([...seen].map(([id, { face }]) => [id, face]));
  const collapsed = new Map<string, Set<string>>();
  const lives = livesIn(state, accounts);
  for (const face of [...facesIn(accounts, registry), ...[...lives.made].flatMap((one) => facesMade(one, lives))]) {
    if (!faces.has(face.id)) faces.set(face.id, face);
    if (face.member !== undefined)
      collapsed.set(face.id, (collapsed.get(face.id) ?? new Set(seen.get(face.id)?.members)).add(face.member));
  }
  const reads = secretReads(state, registry, attributionOf);
  const asked = {
    ...question,
    grants: grantsIn(accounts, tables),
    actions: actionsIn(state.usage, tables),
    lives,
    sharers: sharersOf(placementsIn(state)),
  };
  const missing = new Set<string>();
  const identities = [...faces.values()].map((face) => {
    const known = seen.get(face.id);
    const grants = grantsOf(face, asked);
    for (const arn of grants?.missing ?? []) missing.add(arn);
    return rowOf(face, {
      ...asked,
      reads: reads.byIdentity.get(face.id) ?? noReads,
      members: [...(collapsed.get(face.id) ?? known?.members ?? [])].sort(),
      ...(known === undefined ? {} : { known }),
      ...(grants === undefined ? {} : { own: grants }),
    });
  });
  return {
    identities: identities.sort((a, b) => b.risk - a.risk || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)),
    secrets: reads.rows,
    missingPolicies: [...missing].sort(),
  };
}

/** What the IAM state knows beside the records: roles, users, and accounts that roles trust. */
function* facesIn(accounts: AccountState, registry: Registry): Generator<Face> {
  for (const role of accounts.roles.values()) {
    yield* roleFaces(role.arn);
    if (roleFaces(role.arn)[0]?.kind !== "role") continue;
    for (const account of trustOf(role, accounts).foreign)
      if (!accounts.accounts.has(account) || registry.selecting("thirdParty", [account]) !== undefined)
        yield { kind: "third-party-account", id: `account:${account}`, account };
  }
  for (const { arn, account } of accounts.users.values()) yield { kind: "iam-user", id: `user:${arn}`, account };
}

/** What the records show being made, whether or not it acted; not what the IAM state no longer has. */
function facesMade({ id, holder }: Made, lives: Lives): readonly Face[] {
  if (lives.exists(id) === false || (holder !== undefined && lives.exists(holder) === false)) return [];
  if (isRoleArn(id)) return roleFaces(id);
  const arn = holder ?? id;
  const account = accountOf(arn);
  const own = account === undefined ? {} : { account };
  if (isUserArn(id)) return [{ kind: "iam-user", id: `user:${id}`, ...own }];
  if (holder === undefined) return [];
  return [{ kind: id.startsWith("bedrock-key:") ? "bedrock-api-key" : "access-key", id, ...own, holder }];
}

interface Asked extends InventoryQuestion {
  readonly grants: ReturnType<typeof grantsIn>;
  readonly actions: ReturnType<typeof actionsIn>;
  readonly lives: Lives;
  readonly sharers: ReturnType<typeof sharersOf>;
}

interface Told extends Asked {
  readonly reads: typeof noReads;
  readonly members: readonly string[];
  readonly known?: Seen;
  readonly own?: Grants;
}

/** A key may do what its user may; the root of an account may do everything. */
function grantsOf(face: Face, { accounts, grants }: Asked): Grants | undefined {
  const arn = face.holder ?? arnOf(face);
  const holder = accounts.roles.get(arn) ?? accounts.users.get(arn);
  return holder === undefined ? undefined : grants(holder);
}

const arnOf = ({ kind, id }: Face): string =>
  kind === "role" || kind === "iam-user" ? id.slice(id.indexOf(":") + 1) : id;

function rowOf(face: Face, told: Told): IdentityRow {
  const { kind, id, account } = face;
  const { accounts, known, own, reads, registry, lives, at } = told;
  const arn = arnOf(face);
  const role = accounts.roles.get(arn);
  const trust = role && trustOf(role, accounts);
  const born = lives.bornOf(arn);
  const exists = lives.exists(arn);
  const lastUsed = Math.max(known?.last ?? 0, role?.lastUsed === undefined ? 0 : Math.floor(role.lastUsed.at / 1_000));
  const workloads = manifestsOf(face, registry, known);
  const [workload] = workloads;
  const used =
    told.usage === "unknown" || known === undefined
      ? undefined
      : new Set([...known.apis].flatMap((api) => [...told.actions(api)])).size;
  const sharers = told.sharers(face, known);
  const common = {
    kind,
    credential: credentials[kind],
    ...(born.at === undefined ? {} : { created: born.at }),
    ...(born.by === undefined ? {} : { createdBy: born.by }),
    ...(lastUsed === 0 ? {} : { lastUsed }),
    ...(exists === undefined ? {} : { exists }),
    calls: known?.calls ?? 0,
    ...(used === undefined ? {} : { used }),
  };
  const flags = flagsOf({
    ...common,
    declared: workloads.length > 0,
    creatorGone: born.by !== undefined && lives.exists(born.by) === false,
    ...(trust === undefined ? {} : { trust }),
    ...(own === undefined ? {} : { grants: own }),
    sharers,
    at,
    ...(told.recordsFrom === undefined ? {} : { recordsFrom: told.recordsFrom }),
  });
  const { risk, reasons } = riskOf({
    kind,
    flags,
    everybody: trust?.everybody ?? false,
    unconditionalForeign: trust?.unconditionalForeign ?? [],
    administrator: own?.administrator ?? face.holder?.endsWith(":root") ?? false,
    paths: own?.paths ?? [],
    secrets: [...reads.secrets],
    undeclaredSecrets: [...reads.undeclared].sort(),
  });
  return {
    ...common,
    id,
    ...(account === undefined ? {} : { account }),
    ...(workloads.length === 1 && workload !== undefined ? { workload } : {}),
    owner: ownerOf(face, workloads, registry),
    mayAssume: trust?.mayAssume ?? [],
    assumedBy: [...(known?.assumedBy ?? [])].sort(),
    members: told.members.length > 0 ? told.members : sharers,
    ...(own === undefined ? {} : { granted: own.actions, escalation: own.paths.map((path) => path.id) }),
    secrets: [...reads.secrets].sort(),
    decrypts: reads.decrypts,
    flags: [...flags.keys()],
    risk,
    reasons,
  };
}

/** The manifest that names it, else those of what ran with it. */
function manifestsOf({ kind, id }: Face, registry: Registry, known: Seen | undefined): readonly string[] {
  const direct = naming[kind]?.(registry, id)?.name;
  return direct === undefined ? [...(known?.manifests ?? [])].sort() : [direct];
}

const valueIn = (id: string): string => id.slice(id.indexOf(":") + 1);

const naming: { readonly [Kind in IdentityRow["kind"]]?: (registry: Registry, id: string) => Workload | undefined } = {
  role: (registry, id) => registry.byRole(valueIn(id)),
  "iam-user": (registry, id) => registry.selecting("userArn", [valueIn(id)])?.manifest,
  "access-key": (registry, id) => registry.selecting("accessKeyId", [id])?.manifest,
  "third-party-account": (registry, id) => registry.selecting("thirdParty", [valueIn(id)])?.manifest,
};

function ownerOf({ kind }: Face, workloads: readonly string[], registry: Registry): string {
  if (kind === "aws-services" || kind === "service-linked-roles") return "AWS";
  const owners = new Set(workloads.map((name) => registry.named(name)?.owner || "undeclared"));
  return owners.size === 0 ? "undeclared" : [...owners].sort().join(", ");
}

const credentials: Readonly<Record<IdentityRow["kind"], IdentityRow["credential"]>> = {
  role: "short-lived",
  "iam-user": "static",
  "access-key": "static",
  "bedrock-api-key": "static",
  workload: "short-lived",
  "service-account": "short-lived",
  "oidc-subject": "short-lived",
  "roles-anywhere-subject": "short-lived",
  "third-party-account": "unknown",
  "service-linked-roles": "short-lived",
  "aws-services": "short-lived",
};
