import type { Severity } from "../../detect/finding.ts";
import { type GrantGain, gainMeasure } from "../../detect/grants/grant-gain.ts";
import { gainSaid } from "../../detect/grants/grant-said.ts";
import { grantSeverity } from "../../detect/grants/grant-severity.ts";
import {
  afterApply,
  type Door,
  laterName,
  type PlannedAccess,
  type PlannedHolder,
  type PlannedPolicy,
} from "../../iam/plans/planned-access.ts";
import { parsePolicy } from "../../iam/policy.ts";
import type { PlannedEffect } from "./planned-effect.ts";
import { type PlannedIdentity, type PlanWorld, plannedIdentity } from "./planned-identity.ts";
import { touchedByPolicies } from "./planned-policies.ts";
import { openedResources } from "./planned-resources.ts";
import { openedTrust } from "./planned-trust.ts";

/** What a plan would grant beyond the envelopes, whom it would let in, which limits it takes off; gravest first. */
export function plannedEffects(access: PlannedAccess, world: PlanWorld): readonly PlannedEffect[] {
  const measure = gainMeasure(world.tables);
  const touched = touchedByPolicies(access, world.accounts);
  const effects = [...access.holders, ...touched.holders].flatMap((holder): readonly PlannedEffect[] => {
    if (holder.kind === "resource") return openedResources(holder, world);
    const doors = openedDoors(holder, world);
    if (holder.kind === "provider") return doors;
    const identity = plannedIdentity(holder, access, world);
    return [
      ...granted(identity, measure),
      ...guardRail(identity),
      ...openedTrust(identity, world),
      ...doors,
      ...notKnown(identity),
    ];
  });
  const open = access.unknown.map(
    ({ what, address }): PlannedEffect => ({ ...unknown(address, address), title: `Not known: ${what}` }),
  );
  const prepared = touched.unheld.flatMap((policy) => preparedBy(policy, measure));
  return [...effects, ...prepared, ...open].sort(gravestFirst);
}

/** Whom a holder stands for, in a sentence. */
export const subjectOf = ({ workload, holder }: Pick<PlannedIdentity, "workload" | "holder">): string =>
  workload?.name ?? `${holder.kind} ${holder.name}`;

/** Grants that an effect spells out; the rest is counted. */
const mostDetails = 12;

function granted(identity: PlannedIdentity, measure: ReturnType<typeof gainMeasure>): readonly PlannedEffect[] {
  const { holder, workload, declared, old, now, limits, unread, doubts } = identity;
  if (!holder.after.exists) return [];
  const change = { old, now, limits, unread: [], doubts: [], sources: [] };
  const gain = measure(change, { declared });
  if (!gain.everything && gain.rows.length === 0 && gain.paths.length === 0) return [];
  const before = new Set(old.map((one) => JSON.stringify(one)));
  const severity = grantSeverity({
    gain,
    outside: workload !== undefined && declared !== undefined,
    self: false,
    lifted: now.every((one) => before.has(JSON.stringify(one))),
    provisioning: false,
    prepared: false,
    program: false,
    deployment: { kind: "no-deployment" },
  });
  const subject = subjectOf(identity);
  return [
    {
      kind: "grant",
      severity,
      address: addressOf(holder),
      subject,
      declared: workload !== undefined,
      title: `${subject} could ${gainSaid(gain)}${declared === undefined ? "" : ", beyond its envelope"}`,
      details: [
        ...detailsOf(gain),
        ...doubts.map((one) => `not known: ${one}`),
        ...(unread.length === 0 ? [] : [`not known: what ${unread.join(", ")} grants`]),
      ],
    },
  ];
}

/** What a managed policy would newly say that nobody known has: it counts for whoever has it, or gets it. */
function preparedBy(
  { policy, address, before, after }: PlannedPolicy,
  measure: ReturnType<typeof gainMeasure>,
): readonly PlannedEffect[] {
  const [old, now] = [parsePolicy(before), parsePolicy(after)];
  const subject = `policy ${policy.slice(policy.lastIndexOf("/") + 1)}`;
  if (!now.ok)
    return [
      { ...unknown(address, subject), title: `Not known of ${subject}: a policy that cannot be read (${now.because})` },
    ];
  const change = {
    old: old.ok ? [old.document] : [],
    now: [now.document],
    limits: {},
    unread: [],
    doubts: [],
    sources: [],
  };
  const gain = measure(change, {});
  if (!gain.everything && gain.rows.length === 0) return [];
  return [
    {
      kind: "grant",
      severity: gain.everything ? "medium" : "info",
      address,
      subject,
      declared: false,
      title: `Whoever has ${subject} could ${gainSaid(gain)}`,
      details: detailsOf(gain),
    },
  ];
}

function detailsOf(gain: GrantGain): readonly string[] {
  const rows = gain.everything
    ? ["* on *"]
    : gain.rows.map(({ action, resource }) => `${action} on ${placeSaid(resource)}`);
  const distinct = [...new Set(rows)];
  return [
    ...gain.paths.map(({ path }) => `opens ${path.id}: ${path.title}`).slice(0, mostDetails),
    ...distinct.slice(0, mostDetails),
    ...(distinct.length > mostDetails ? [`and ${distinct.length - mostDetails} more`] : []),
    ...(gain.closed === undefined
      ? []
      : [`${gain.closed.rows.length} more grants are closed by ${gain.closed.by} for now`]),
  ];
}

/** A resource that is known later may turn out to be one that the envelope allows. */
const placeSaid = (resource: string): string =>
  resource.includes(laterName)
    ? `${resource === afterApply ? "something" : resource.replaceAll(`*${laterName}*`, "…")} (known after apply)`
    : resource;

/** The first document that is new on the after side; else the holder's own place. */
function addressOf({ address, before, after }: PlannedHolder): string {
  const known = new Set(before.documents.map(({ document }) => JSON.stringify(document)));
  return after.documents.find(({ document }) => !known.has(JSON.stringify(document)))?.address ?? address;
}

function guardRail(identity: PlannedIdentity): readonly PlannedEffect[] {
  const { holder, workload, limits } = identity;
  const { before, after } = holder;
  if (before.boundary === undefined || !after.exists || !after.managed) return [];
  if (after.unknown.some(({ what }) => what.includes("boundary"))) return [];
  const subject = subjectOf(identity);
  const said = (severity: Severity, title: string): readonly PlannedEffect[] => [
    {
      kind: "guard-rail",
      severity,
      address: holder.address,
      subject,
      declared: workload !== undefined,
      title,
      details: [],
    },
  ];
  if (after.boundary === undefined)
    return said(
      workload === undefined ? "high" : "critical",
      `The permissions boundary of ${subject} would be taken off`,
    );
  return after.boundary.policy === before.boundary.policy || limits.now !== undefined
    ? []
    : said("medium", `${subject} would get another permissions boundary, whose text is not known`);
}

const doorsSaid: Readonly<Record<Door, readonly [severity: Severity, title: string]>> = {
  "access-key": ["medium", "would get an access key that lasts"],
  "console-password": ["medium", "would get a password for the console"],
  "identity-provider": ["medium", "would be trusted to say who somebody is"],
  "trust-anchor": ["medium", "would be trusted to issue certificates for roles"],
  "instance-profile": ["info", "could be handed to EC2 instances"],
};

function openedDoors(holder: PlannedHolder, world: PlanWorld): readonly PlannedEffect[] {
  const known = new Set(holder.before.doors.map(({ door, address }) => `${door} ${address}`));
  const fresh = holder.after.doors.filter(({ door, address }) => !known.has(`${door} ${address}`));
  if (fresh.length === 0) return [];
  const subject =
    holder.kind === "provider"
      ? holder.name
      : subjectOf(plannedIdentity(holder, { holders: [holder], policies: [], unknown: [] }, world));
  return fresh.map(({ door, address }) => {
    const [severity, title] = doorsSaid[door];
    return { kind: "door", severity, address, subject, declared: false, title: `${subject} ${title}`, details: [] };
  });
}

/** What is planned and cannot be judged, so that silence about it says nothing. */
function notKnown(identity: PlannedIdentity): readonly PlannedEffect[] {
  const { holder, unread, broken } = identity;
  if (!holder.after.exists && holder.after.unknown.length === 0) return [];
  const subject = subjectOf(identity);
  const before = new Set(holder.before.unknown.map(({ what }) => what));
  const about = (address: string, what: string): PlannedEffect => ({
    ...unknown(address, subject),
    title: `Not known of ${subject}: ${what}`,
  });
  return [
    ...holder.after.unknown.filter(({ what }) => !before.has(what)).map(({ what, address }) => about(address, what)),
    ...broken.map(({ address, because }) => about(address, `a policy that cannot be read (${because})`)),
    ...unread.map((policy) => about(holder.address, `what ${policy} grants (give --account-state)`)),
  ];
}

const unknown = (address: string, subject: string): Omit<PlannedEffect, "title"> => ({
  kind: "unknown",
  severity: "info",
  address,
  subject,
  declared: false,
  details: [],
});

const order: readonly Severity[] = ["critical", "high", "medium", "low", "info"];

const gravestFirst = (a: PlannedEffect, b: PlannedEffect): number =>
  order.indexOf(a.severity) - order.indexOf(b.severity) ||
  (`${a.address} ${a.title}` < `${b.address} ${b.title}` ? -1 : 1);
