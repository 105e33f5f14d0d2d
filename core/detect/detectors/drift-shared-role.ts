import { calls } from "../../event/watch.ts";
import type { Hop } from "../../identity/attribution.ts";
import { thingBehind } from "../../identity/placed-thing.ts";
import { defineLifeDetector, earlier, type Life, type LifeDetection } from "../windows/life.ts";

/** Finds roles that several workloads were seen to run with: what one may do, the other may do, and nobody can tell them apart by it. */
export const driftSharedRole = defineLifeDetector({
  id: "drift-shared-role",
  version: "1",
  title: "Several workloads run with one role",
  family: "privilege-drift",
  maturity: "stable",
  needsDeclarations: false,
  attack: ["T1078.004"],
  controls: {
    owaspNhi: ["NHI9:2025"],
    owaspAsi: ["ASI03"],
    nistCsf: ["PR.AA-05", "ID.AM-02"],
    nistAiRmf: ["MAP 1.1"],
    maestro: ["L6 Security and Compliance"],
  },
  watches: [calls("sts:AssumeRole")],
  falsePositives: [
    "Versions of one workload under different names, as of a blue and a green service",
    "A role for a whole class of small functions, on purpose",
  ],
  triage: [
    "Ask the owner of each named workload whether it knows of the others",
    "Give each workload a role of its own with what it used (`cordon envelope suggest`), the most powerful one first",
  ],
  references: [
    "https://owasp.org/www-project-non-human-identities-top-10/2025/9-nhi-reuse/",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
  ],
  gather({ placements }) {
    const roles = new Map<string, Map<string, Life>>();
    const thingOf = thingBehind(placements);
    return {
      see(life) {
        const { attribution } = life;
        if (attribution.kind !== "workload") return;
        const role = executes(attribution.hops) ? roleOf(attribution.hops[0]?.principal ?? "") : undefined;
        if (role === undefined) return;
        const sharers = roles.get(role) ?? new Map<string, Life>();
        for (const thing of thingOf(attribution.id).map(wherever)) {
          const known = sharers.get(thing);
          sharers.set(thing, known === undefined ? life : earlier(known, life));
        }
        roles.set(role, sharers);
      },
      findings: () => [...roles].flatMap(([role, sharers]) => shared(role, sharers)),
    };
  },
});

/**
 * Whether the role is what the workload runs as: handed to it by a service or a federation. Roles that workloads assume
 * from their own are there to be assumed, by several as well.
 */
const executes = (hops: readonly Hop[]): boolean =>
  hops.length === 1 ? hops[0]?.end !== "long-term-key" : hops.length === 2 && handing.has(hops[1]?.end ?? "");

const handing: ReadonlySet<string> = new Set(["service", "federation"]);

/**
 * One function in several Regions, one service account in several clusters, one repository on several branches and in
 * several environments is one workload; so are machines of which nobody knows what started them.
 */
const wherever = (id: string): string =>
  id
    .replace(/^(lambda:arn:[^:]*:lambda:)[^:]*:/, "$1*:")
    .replace(/^eks:.*(\/[^/]+\/[^/]+)$/, "eks:*$1")
    .replace(/^ec2:.*$/, "ec2 runs")
    .replace(/^(oidc:.*\/repo:[^:]+):.*$/, "$1")
    .replace(/^(oidc:.*\/project_path:[^:]+):.*$/, "$1");

/** The role behind a session's ARN, without its path, which the session does not carry. */
function roleOf(principal: string): string | undefined {
  const found = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(principal);
  return found === null ? undefined : `arn:${found[1]}:iam::${found[2]}:role/${found[3]}`;
}

function shared(role: string, sharers: ReadonlyMap<string, Life>): readonly LifeDetection[] {
  const inTime = [...sharers].toSorted(([, a], [, b]) => (earlier(a, b) === a ? -1 : 1));
  const [, second] = inTime;
  if (second === undefined) return [];
  const declared = inTime.filter(([, { workload }]) => workload !== undefined).length;
  const [, life] = second;
  return [
    {
      subject: role,
      began: life.first,
      life,
      title: "Several workloads run with one role",
      severity: declared > 1 ? "medium" : "low",
      confidence: life.attribution.confidence,
      resource: role,
      count: inTime.length,
      evidence: [
        { kind: "count", what: "workloads seen with the role", count: inTime.length, limit: 1 },
        ...inTime
          .slice(0, 10)
          .map(([thing, one]) => ({ kind: "hop", principal: thing, eventID: one.first.eventID }) as const),
      ],
    },
  ];
}
