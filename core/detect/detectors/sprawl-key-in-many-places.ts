import { excerpt } from "../../event/excerpt.ts";
import { calls } from "../../event/watch.ts";
import { isLongTerm } from "../../iam/identifiers.ts";
import { tellingApis } from "../agents/telling-calls.ts";
import { claimedClient, placeOf } from "../call-place.ts";
import { type CredentialMark, credentialMark, credentialMarkOf, distinctOf } from "../credentials/credential-mark.ts";
import type { Seen } from "../detector.ts";
import { type Evidence, type Severity, severities } from "../finding.ts";
import type { Mark } from "../windows/window-store.ts";
import { defineWindowDetector, type Span, type WindowDetection } from "../windows/windowed.ts";

/** So many places of one key within half a day are more than one machine, or one person who moves, has. */
const many = 3;
/** So many Regions are more than a program works in, and what somebody asks who looks what there is. */
const manyRegions = 5;

/** Finds one credential that works in many places at once: copied, shared, or taken. */
export const sprawlKeyInManyPlaces = defineWindowDetector({
  id: "sprawl-key-in-many-places",
  version: "1",
  title: "One credential is used in many places",
  family: "secret-sprawl",
  maturity: "incubating",
  needsDeclarations: false,
  attack: ["T1078.004", "T1552.001"],
  controls: {
    owaspNhi: ["NHI2:2025", "NHI9:2025"],
    owaspAsi: ["ASI03"],
    nistCsf: ["PR.AA-01", "DE.CM-03"],
    nistAiRmf: ["MEASURE 2.7"],
    maestro: ["L6 Security and Compliance"],
  },
  watches: [calls(...tellingApis)],
  falsePositives: [
    "A pipeline on hosted runners, whose addresses change from job to job: give it a role through OIDC",
    "A person who travels, or whose VPN is switched on and off",
  ],
  triage: [
    "Ask the key's owner in which places it should be, and deactivate it where nobody knows",
    "Look what the calls from the place that was seen last did",
    "Give each place a role of its own, so that the next key that is taken opens one place only",
  ],
  references: [
    "https://owasp.org/www-project-non-human-identities-top-10/2025/9-nhi-reuse/",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-iam.html",
  ],
  size: 12 * 3_600_000,
  wants: () => [],
  marks(seen) {
    const { event } = seen;
    if (event.kind !== "api-call" || event.principal.invokedBy !== undefined) return [];
    const credential = credentialOf(seen);
    const place = placeOf(event);
    if (credential === undefined || place.kind === "untold") return [];
    const client = claimedClient(event);
    const member = credentialMark({
      key: credential.kind,
      place: place.kind === "network" ? place.block : `endpoint ${place.id}`,
      // The console calls by itself beside the browser: of a person's clients only the system tells.
      client: credential.kind === "static" ? `${client.family} ${client.os}`.trim() : client.os,
      region: event.region,
      wrong: "",
    });
    return [{ subject: credential.id, member }];
  },
  begins: () => true,
  judge: judged,
});

interface Credential {
  readonly kind: "static" | "session";
  readonly id: string;
}

/** Keys that last and people's sessions. Those of programs are many, short, and often behind changing addresses. */
function credentialOf({ event, attribution }: Seen): Credential | undefined {
  if (event.kind !== "api-call") return undefined;
  const { accessKeyId, arn = "", kind } = event.principal;
  if (accessKeyId === undefined || kind === "aws-service" || kind === "aws-account") return undefined;
  if (isLongTerm(accessKeyId)) return { kind: "static", id: `${accessKeyId} ${arn}` };
  return attribution.kind === "person" ? { kind: "session", id: `${accessKeyId} ${arn}` } : undefined;
}

interface Use {
  readonly mark: Mark;
  readonly use: CredentialMark;
}

function judged({ marks, more }: Span): WindowDetection | undefined {
  const uses = marks
    .toSorted((a, b) => a.at - b.at || (a.eventID < b.eventID ? -1 : 1))
    .flatMap((mark): readonly Use[] => {
      const use = credentialMarkOf(mark.member);
      return use === undefined ? [] : [{ mark, use }];
    });
  const [first, ...rest] = uses;
  if (first === undefined) return undefined;
  const said = uses.map(({ use }) => use);
  const places = distinctOf(said, "place");
  const clients = distinctOf(said, "client");
  const regions = distinctOf(said, "region");
  const isStatic = first.use.key === "static";
  // A session lives in one browser or one shell: two places and two kinds of client are enough.
  const apart = isStatic ? places.length >= many : places.length > 1 && clients.length > 1;
  const roams = isStatic && regions.length >= manyRegions;
  if (!apart && !roams) return undefined;
  const declared = first.mark.by?.workload;
  return {
    title: `${isStatic ? "A static key" : "A person's session"}${declared === undefined ? "" : ` of ${declared}`} is used in ${more ? "more than " : ""}${apart ? `${places.length} places` : `${regions.length} Regions`}`,
    severity: severityOf(isStatic, apart ? clients.length : 1, declared),
    confidence: "medium",
    evidence: [
      { kind: "count", what: "networks and VPC endpoints", count: places.length, limit: isStatic ? many - 1 : 1 },
      { kind: "count", what: "Regions", count: regions.length, limit: manyRegions - 1 },
      { kind: "count", what: "kinds of client, as they say of themselves", count: clients.length },
      ...firstOfEach(uses)
        .slice(0, 5)
        .map(
          ({ mark, use }): Evidence => ({
            kind: "field",
            eventID: mark.eventID,
            path: use.place.startsWith("endpoint ") ? "vpcEndpointId" : "sourceIPAddress",
            value: excerpt(use.place),
          }),
        ),
    ],
    marks: [first.mark, ...rest.map(({ mark }) => mark)],
  };
}

/** Many networks alone are often one pipeline's; with different clients they are different holders. */
function severityOf(isStatic: boolean, clients: number, declared: string | undefined): Severity {
  const base: Severity = !isStatic || clients > 1 ? "medium" : "low";
  return declared === undefined ? base : (severities[severities.indexOf(base) + 1] ?? base);
}

const firstOfEach = (uses: readonly Use[]): readonly Use[] =>
  [...new Map(uses.toReversed().map((one) => [one.use.place, one])).values()].toReversed();
