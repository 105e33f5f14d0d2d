/** One thing that a plan of infrastructure says about access, as it is before the change or will be after it. */
export interface Piece {
  readonly side: "before" | "after";
  /** Where the plan says it: a Terraform address or a logical id. */
  readonly address: string;
  readonly says: Said;
}

export type Said =
  /** The holder exists on this side. */
  | { readonly kind: "holder"; readonly holder: HolderKey; readonly arn?: string }
  | { readonly kind: "inline"; readonly holder: HolderKey; readonly name: string; readonly document: unknown }
  /** A managed policy of the plan's own. */
  | { readonly kind: "managed"; readonly policy: string; readonly document: unknown }
  /** A managed policy attached: one of the plan's own by its key, else by its ARN. */
  | { readonly kind: "attached"; readonly holder: HolderKey; readonly policy: string }
  | { readonly kind: "boundary"; readonly holder: HolderKey; readonly policy: string }
  | { readonly kind: "trust"; readonly holder: HolderKey; readonly document: unknown }
  | { readonly kind: "resource-policy"; readonly holder: HolderKey; readonly document: unknown }
  | { readonly kind: "group"; readonly holder: HolderKey; readonly group: HolderKey }
  /** Something that lets somebody in or keeps working by itself. */
  | { readonly kind: "door"; readonly holder: HolderKey; readonly door: Door }
  /** The plan knows it only when it is applied, or does not show it. */
  | { readonly kind: "unknown"; readonly what: string; readonly holder?: HolderKey };

export type Door = "access-key" | "console-password" | "identity-provider" | "trust-anchor" | "instance-profile";

export const holderKinds = ["role", "user", "group", "resource", "provider"] as const;

/** A kind and a name, or the address where the name is not known yet. */
export type HolderKey = `${(typeof holderKinds)[number]} ${string}`;

/** One holder of rights, before and after. */
export interface PlannedHolder {
  readonly key: HolderKey;
  readonly kind: (typeof holderKinds)[number];
  readonly name: string;
  readonly arn?: string;
  /** The address that speaks of the holder itself, else the first one that touches it. */
  readonly address: string;
  readonly before: PlannedRights;
  readonly after: PlannedRights;
}

/** What a holder has on one side. */
export interface PlannedRights {
  readonly exists: boolean;
  /** Whether the plan manages the holder itself, not only what is attached to it. */
  readonly managed: boolean;
  /** Documents of its inline policies, and of managed ones that the plan shows. */
  readonly documents: readonly PlannedDocument[];
  /** ARNs of managed policies whose text the plan does not show. */
  readonly attached: readonly string[];
  readonly boundary?: { readonly policy: string; readonly document?: unknown };
  readonly trust?: PlannedDocument;
  /** Of a user. */
  readonly groups: readonly HolderKey[];
  readonly resourcePolicies: readonly PlannedDocument[];
  readonly doors: readonly { readonly door: Door; readonly address: string }[];
  /** What the plan does not tell about it. */
  readonly unknown: readonly { readonly what: string; readonly address: string }[];
}

export interface PlannedPolicy {
  readonly policy: string;
  readonly address: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface PlannedDocument {
  readonly name: string;
  readonly address: string;
  readonly document: unknown;
}

/** What a plan would make of access: the holders that it touches, and what it leaves open about nobody in particular. */
export interface PlannedAccess {
  readonly holders: readonly PlannedHolder[];
  /** Managed policies of the plan itself, by ARN where it is known, else by address. */
  readonly policies: readonly PlannedPolicy[];
  readonly unknown: readonly { readonly what: string; readonly address: string }[];
}

/** Gathers the pieces by holder, sorted by key. */
export function gathered(pieces: readonly Piece[]): PlannedAccess {
  const byHolder = Map.groupBy(pieces, ({ says }) => ("holder" in says ? says.holder : undefined));
  const managed = { before: managedOf(pieces, "before"), after: managedOf(pieces, "after") };
  const keys = [...byHolder.keys()].filter((key) => key !== undefined).sort();
  const holders = keys.map((key): PlannedHolder => {
    const own = byHolder.get(key) ?? [];
    const itself = own.find(({ says }) => says.kind === "holder");
    const arn = own.flatMap(({ says }) => (says.kind === "holder" ? (says.arn ?? []) : []))[0];
    const [kind, name] = splitKey(key);
    return {
      key,
      kind,
      name,
      ...(arn === undefined ? {} : { arn }),
      address: (itself ?? own[0])?.address ?? "",
      before: rightsOf(
        own.filter(({ side }) => side === "before"),
        managed.before,
      ),
      after: rightsOf(
        own.filter(({ side }) => side === "after"),
        managed.after,
      ),
    };
  });
  const unknown = pieces.flatMap(({ says, address }) =>
    says.kind === "unknown" && says.holder === undefined ? [{ what: says.what, address }] : [],
  );
  return { holders, policies: policiesOf(managed), unknown };
}

/** One for each address: a policy that exists is known by its ARN as well. */
function policiesOf({
  before,
  after,
}: {
  readonly before: Managed;
  readonly after: Managed;
}): readonly PlannedPolicy[] {
  const found = new Map<string, PlannedPolicy>();
  for (const [policy, { address }] of [...before, ...after]) {
    if (found.has(address) && policy === address) continue;
    const [old, now] = [before.get(policy)?.document, after.get(policy)?.document];
    found.set(address, {
      policy,
      address,
      ...(old === undefined ? {} : { before: old }),
      ...(now === undefined ? {} : { after: now }),
    });
  }
  return [...found.values()];
}

function splitKey(key: HolderKey): readonly [(typeof holderKinds)[number], string] {
  const space = key.indexOf(" ");
  const kind = holderKinds.find((one) => one === key.slice(0, space)) ?? "resource";
  return [kind, key.slice(space + 1)];
}

type Managed = ReadonlyMap<string, PlannedDocument>;

const managedOf = (pieces: readonly Piece[], wanted: Piece["side"]): Managed =>
  new Map(
    pieces.flatMap(({ side, address, says }) =>
      side === wanted && says.kind === "managed"
        ? [[says.policy, { name: says.policy, address, document: says.document }] as const]
        : [],
    ),
  );

function rightsOf(own: readonly Piece[], managed: Managed): PlannedRights {
  const of = <Kind extends Said["kind"]>(kind: Kind) =>
    own.flatMap(({ says, address }) =>
      says.kind === kind ? [{ says: says as Extract<Said, { kind: Kind }>, address }] : [],
    );
  const attached = [...new Set(of("attached").map(({ says }) => says.policy))];
  const bound = of("boundary")[0]?.says.policy;
  const held = bound === undefined ? undefined : managed.get(bound);
  const [trust] = of("trust");
  return {
    exists: own.some(({ says }) => says.kind !== "unknown"),
    managed: own.some(({ says }) => says.kind === "holder"),
    documents: [
      ...of("inline").map(({ says, address }) => ({ name: says.name, address, document: says.document })),
      ...attached.flatMap((policy) => managed.get(policy) ?? []),
    ],
    attached: attached.filter((policy) => !managed.has(policy)),
    ...(bound === undefined
      ? {}
      : { boundary: { policy: bound, ...(held === undefined ? {} : { document: held.document }) } }),
    ...(trust === undefined
      ? {}
      : { trust: { name: "trust policy", address: trust.address, document: trust.says.document } }),
    groups: of("group").map(({ says }) => says.group),
    resourcePolicies: of("resource-policy").map(({ says, address }) => ({
      name: "resource policy",
      address,
      document: says.document,
    })),
    doors: of("door").map(({ says, address }) => ({ door: says.door, address })),
    unknown: of("unknown").map(({ says, address }) => ({ what: says.what, address })),
  };
}

/** What nobody has who is not there. */
export const noRights: PlannedRights = {
  exists: false,
  managed: false,
  documents: [],
  attached: [],
  groups: [],
  resourcePolicies: [],
  doors: [],
  unknown: [],
};

/** Stands in a policy, between stars, for a part of a text that is known only when the change is applied. */
export const laterName = "known-after-apply";

/** The same for a whole ARN: nobody knows of what. */
export const afterApply = `arn:*:*:*:*:*${laterName}*`;
