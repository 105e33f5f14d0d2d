import type { EventId } from "../../event/event.ts";
import { calls } from "../../event/watch.ts";
import type { Hop } from "../../identity/attribution.ts";
import type { Issuance } from "../../identity/lineage/issuance.ts";
import {
  type Beginning,
  defineLifeDetector,
  earlier,
  type Life,
  type LifeDetection,
  type Lineage,
} from "../windows/life.ts";

const hour = 3_600_000;

/** AWS's longest role session that is no chain; whoever renews itself beyond it keeps what nobody would have given. */
const defaultHours = 12;

/** Issuing calls that are walked back; half a day of renewals every two minutes. */
const farthest = 400;

/** Finds sessions that keep themselves alive by assuming their own role again, and chains with more hops than declared. */
export const driftChainJuggling = defineLifeDetector({
  id: "drift-chain-juggling",
  version: "1",
  title: "A chain of sessions lives longer, or goes farther, than it should",
  family: "privilege-drift",
  maturity: "stable",
  needsDeclarations: false,
  attack: ["T1550.001", "T1078.004"],
  controls: {
    owaspNhi: ["NHI7:2025"],
    owaspAsi: ["ASI03"],
    nistCsf: ["PR.AA-05", "DE.CM-03"],
    nistAiRmf: ["MANAGE 2.4"],
    maestro: ["L6 Security and Compliance"],
  },
  watches: [calls("sts:AssumeRole")],
  falsePositives: [
    "A long job whose library renews its session by assuming its own role again: declare `chain.maxHours`",
    "A new step in a declared chain of roles: raise `chain.maxHops` with the change",
  ],
  triage: [
    "Look at where the chain began: whoever held that first credential has been in since, whatever expired meanwhile",
    "Ask the owner whether the workload renews itself; a role that does not trust itself cannot",
    "If nobody knows it, revoke the role's sessions by their issue time and take the role out of its own trust policy",
  ],
  references: [
    "https://hackingthe.cloud/aws/post_exploitation/role-chain-juggling/",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining",
  ],
  gather(lineage) {
    const juggling: Life[] = [];
    const long = new Map<string, Life>();
    return {
      see(life) {
        const { hops } = life.attribution;
        if (hops.length > 2 && returns(hops)) juggling.push(life);
        const over = tooFar(life);
        if (over === undefined) return;
        const known = long.get(over.eventID);
        long.set(over.eventID, known === undefined ? life : earlier(known, life));
      },
      findings: () => [
        ...juggled(juggling, lineage),
        ...[...long.values()].flatMap((life) => lengthened(life, lineage)),
      ],
    };
  },
});

/** `arn:P:sts::A:assumed-role/NAME/SESSION` without its session; nothing for other holders. */
function roleIn(principal: string): string | undefined {
  const start = principal.indexOf(":assumed-role/");
  if (start < 0) return undefined;
  const end = principal.indexOf("/", start + ":assumed-role/".length);
  return end < 0 ? principal : principal.slice(0, end);
}

/** Whether one role stands in the chain twice. */
function returns(hops: readonly Hop[]): boolean {
  const known = new Set<string>();
  for (const { principal } of hops) {
    const role = roleIn(principal);
    if (role === undefined) continue;
    if (known.has(role)) return true;
    known.add(role);
  }
  return false;
}

interface Crossed {
  readonly issuance: Issuance;
  readonly began: Issuance;
  readonly renewals: number;
  readonly hours: number;
  readonly life: Life;
}

/** For each role and beginning the first renewal that outlives the limit. */
function juggled(lives: readonly Life[], lineage: Lineage): readonly LifeDetection[] {
  const found = new Map<string, Crossed>();
  for (const life of lives) {
    const limit = life.workload?.envelope.chain?.maxHours ?? defaultHours;
    const crossed = crossing(life, limit, lineage);
    if (crossed === undefined) continue;
    const known = found.get(crossed.issuance.eventID);
    if (known === undefined || earlier(known.life, life) === life) found.set(crossed.issuance.eventID, crossed);
  }
  return [...found.values()].flatMap(renewed);
}

function crossing(life: Life, limit: number, lineage: Lineage): Crossed | undefined {
  const chain = chainTo(life, lineage);
  const began = new Map<string, { readonly issuance: Issuance; readonly renewals: number }>();
  for (const issuance of chain) {
    const { role } = issuance.session;
    if (role === undefined) continue;
    const first = began.get(role);
    if (first === undefined) {
      began.set(role, { issuance, renewals: 0 });
      continue;
    }
    const renewals = first.renewals + 1;
    began.set(role, { ...first, renewals });
    const hours = ((issuance.expires ?? issuance.at) - first.issuance.at) / hour;
    if (hours > limit) return { issuance, began: first.issuance, renewals, hours, life };
  }
  return undefined;
}

/** The issuing calls from the first to the one behind this life, as far as they were seen. */
function chainTo({ attribution }: Life, lineage: Lineage): readonly Issuance[] {
  const chain: Issuance[] = [];
  const seen = new Set<string>();
  let key: string | undefined = attribution.hops[0]?.accessKeyId ?? undefined;
  while (key !== undefined && !seen.has(key) && chain.length < farthest) {
    seen.add(key);
    const found = lineage.issued(key);
    if (found === undefined) break;
    chain.push(found);
    key = found.caller.accessKeyId;
  }
  return chain.reverse();
}

function renewed({ issuance, began, renewals, hours, life }: Crossed): readonly LifeDetection[] {
  const { role } = issuance.session;
  if (role === undefined) return [];
  const limit = life.workload?.envelope.chain?.maxHours ?? defaultHours;
  return [
    {
      subject: JSON.stringify([role, began.eventID]),
      began: beginningOf(issuance),
      life,
      title: "A session keeps itself alive by assuming its own role again",
      severity: "medium",
      confidence: "high",
      resource: role,
      evidence: [
        { kind: "hop", principal: began.caller.arn ?? began.caller.kind, eventID: began.eventID },
        { kind: "count", what: "hours that the role has been held in one chain", count: Math.floor(hours), limit },
        { kind: "count", what: "times it was assumed again", count: renewals },
      ],
    },
  ];
}

/** The hop whose issuing call was one too many. */
function tooFar({ attribution, workload }: Life): { readonly eventID: string } | undefined {
  const most = workload?.envelope.chain?.maxHops;
  if (most === undefined) return undefined;
  const { hops } = attribution;
  const issuing = hops.length - 1;
  const eventID = issuing > most ? hops[issuing - 1 - most]?.eventID : undefined;
  return eventID === undefined || eventID === null ? undefined : { eventID };
}

function lengthened(life: Life, lineage: Lineage): readonly LifeDetection[] {
  const { attribution, workload } = life;
  const most = workload?.envelope.chain?.maxHops ?? 0;
  const hop = attribution.hops[attribution.hops.length - 2 - most];
  const issued = hop?.accessKeyId ? lineage.issued(hop.accessKeyId) : undefined;
  if (hop === undefined) return [];
  const root = attribution.hops.at(-1);
  return [
    {
      subject: JSON.stringify(["hops", hop.eventID]),
      began: issued === undefined ? life.first : beginningOf(issued),
      life,
      title: "A chain of credentials is longer than its manifest allows",
      severity: "medium",
      confidence: attribution.confidence,
      resource: issued?.session.role ?? hop.principal,
      evidence: [
        { kind: "count", what: "issuing calls in the chain", count: attribution.hops.length - 1, limit: most },
        { kind: "hop", principal: root?.principal ?? hop.principal, eventID: hop.eventID ?? life.first.eventID },
      ],
    },
  ];
}

const beginningOf = ({ at, eventID, region, account }: Issuance): Beginning => ({
  at,
  eventID: eventID as EventId,
  region,
  ...(account === undefined ? {} : { account }),
});
