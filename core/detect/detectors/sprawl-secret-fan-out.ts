import { excerpt } from "../../event/excerpt.ts";
import { calls } from "../../event/watch.ts";
import { parseArn } from "../../iam/arn.ts";
import type { IamTables } from "../../iam/tables.ts";
import { attempted, graded } from "../attempt.ts";
import { fanMark, fanMarkOf, type ReadMark } from "../credentials/secret-fan-mark.ts";
import { secretListApis, secretReadApis, secretReads } from "../credentials/secret-read.ts";
import { secretStanding } from "../credentials/secret-standing.ts";
import { actingAs } from "../escalation/acting.ts";
import type { Evidence, Severity } from "../finding.ts";
import { type Mark, windowLimit } from "../windows/window-store.ts";
import { defineWindowDetector, type Span, type WindowDetection, type WindowDetector } from "../windows/windowed.ts";

const minute = 60_000;
/** What a program reads when it starts it reads within minutes; so does whoever empties a vault. */
const burst = 15 * minute;
/** So many different secrets in one burst are more than a service has; after a look at what there is fewer are enough. */
const many = 10;
const manyAfterListing = 5;
/** So many in half a day, however slowly, are somebody's who collects. */
const manySlowly = 60;

/** Finds one identity that reads many different secrets, at once or after looking which there are. */
export function sprawlSecretFanOut(iam: IamTables): WindowDetector {
  const standingOf = secretStanding(iam);
  return defineWindowDetector({
    id: "sprawl-secret-fan-out",
    version: "1",
    title: "One identity read many different secrets",
    family: "secret-sprawl",
    maturity: "incubating",
    needsDeclarations: false,
    attack: ["T1555.006", "T1552.001"],
    controls: {
      owaspNhi: ["NHI2:2025", "NHI5:2025"],
      owaspAsi: ["ASI03"],
      nistCsf: ["PR.AA-05", "DE.AE-02"],
      nistAiRmf: ["MEASURE 2.7", "MANAGE 4.1"],
      maestro: ["L4 Deployment and Infrastructure", "L6 Security and Compliance"],
    },
    watches: [calls(...secretReadApis, ...secretListApis)],
    falsePositives: [
      "An operator that copies secrets into a cluster, or a tool that backs them up: declare it with its `secrets`",
      "A deployment reads every secret of a stack that it sets up",
      "A person looks through secrets in the console during an outage",
    ],
    triage: [
      "Ask the owner of the identity whether it needs these secrets, all of them",
      "Look from where the calls came, and which of the secrets were used since",
      "If nobody planned it, contain the identity and rotate every secret that was read, those first that open other systems",
    ],
    references: [
      "https://stratus-red-team.cloud/attack-techniques/AWS/aws.credential-access.secretsmanager-retrieve-secrets/",
      "https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring-cloudtrail.html",
      "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html",
    ],
    // Two of them and the one before are within the 36 hours that live windows are kept.
    size: 12 * 60 * minute,
    wants: () => [],
    marks(seen) {
      const { event, attribution } = seen;
      if (event.kind !== "api-call" || attribution.kind === "service") return [];
      const subject = actingAs(event.principal);
      if (subject === undefined) return [];
      const slot = Math.floor(event.at / burst);
      if (lists.has(event.api)) return [{ subject, member: fanMark({ kind: "listed", region: event.region, slot }) }];
      return secretReads(event).flatMap((read) => {
        if (read.kind === "batch") {
          const member = fanMark({ kind: "batch", everything: read.everything, region: event.region, slot });
          return seen.workload === undefined ? [{ subject, member, weight: many }] : [];
        }
        const standing = standingOf(seen, read.arn);
        if (standing === "inside") return [];
        return [{ subject, member: fanMark({ kind: "read", arn: read.arn, outside: standing === "outside" }) }];
      });
    },
    begins: () => true,
    judge: judged,
  });
}

const lists: ReadonlySet<string> = new Set(secretListApis);

interface Counted {
  readonly mark: Mark;
  readonly read: ReadMark;
}

function judged(span: Span): WindowDetection | undefined {
  const marks = span.marks.toSorted((a, b) => a.at - b.at || (a.eventID < b.eventID ? -1 : 1));
  const from = span.marks[0].at;
  const listing = marks.find(({ at, member }) => at < from + burst && fanMarkOf(member)?.kind === "listed");
  const reads = marks.flatMap((mark): readonly Counted[] => {
    const read = fanMarkOf(mark.member);
    return read === undefined || read.kind === "listed" ? [] : [{ mark, read }];
  });
  const atOnce = reads.filter(({ mark }) => mark.at < from + burst);
  const enough = listing === undefined || inOneFolder(atOnce) ? many : manyAfterListing;
  if (sum(atOnce) >= enough)
    return told(span, run(reads, atOnce.length), { listing, slowly: false, limit: enough - 1 });
  return sum(reads) >= manySlowly
    ? told(span, reads, { listing: undefined, slowly: true, limit: manySlowly - 1 })
    : undefined;
}

const sum = (reads: readonly Counted[]): number => reads.reduce((all, { mark }) => all + (mark.weight ?? 1), 0);

/** A program that lists and reads its own folder of parameters does what it should; whoever looks around reads here and there. */
function inOneFolder(reads: readonly Counted[]): boolean {
  const folders = reads.map(({ read }) => (read.kind === "read" ? folderOf(read.arn) : ""));
  return new Set(folders).size === 1;
}

/** What stands before the last slash of the name; a name without one is alone. */
function folderOf(arn: string): string {
  const end = arn.lastIndexOf("/");
  return end < 0 || arn.slice(0, end).endsWith(":parameter") ? arn : arn.slice(0, end);
}

/** The burst, and what goes on behind it without a pause. */
function run(reads: readonly Counted[], sure: number): readonly Counted[] {
  let end = sure;
  while (end < reads.length && (reads[end]?.mark.at ?? 0) - (reads[end - 1]?.mark.at ?? 0) <= burst) end++;
  return reads.slice(0, end);
}

interface How {
  readonly listing: Mark | undefined;
  readonly slowly: boolean;
  /** So many would have been ordinary. */
  readonly limit: number;
}

function told(span: Span, reads: readonly Counted[], { listing, slowly, limit }: How): WindowDetection | undefined {
  const ordered = reads.map(({ mark }) => mark);
  const [first, ...rest] = listing === undefined ? ordered : [listing, ...ordered];
  if (first === undefined) return undefined;
  const named = reads.filter(({ read }) => read.kind === "read").length;
  const unnamed = reads.length - named;
  const regions = new Set(reads.map(({ read }) => regionOf(read))).size;
  const done = ordered.some(({ by }) => !attempted(by?.outcome ?? "unknown"));
  const outcome = done ? "done" : (first.by?.outcome ?? "denied");
  const outside = reads.some(({ read }) => read.kind === "read" && read.outside);
  const everything = reads.some(({ read }) => read.kind === "batch" && read.everything);
  const who = first.by?.workload ?? "Somebody whom no manifest names";
  // A window that is full may have left some out, whether or not the store says so.
  const more = span.more || span.marks.length >= windowLimit;
  const count = `${more ? "more than " : ""}${named}`;
  const what =
    everything && named === 0
      ? "every secret there is"
      : named === 0
        ? "secrets by a filter, whatever it matches"
        : `${count} different secrets${regions > 1 ? ` in ${regions} Regions` : ""}`;
  const did = done ? "read" : "tried to read";
  return {
    title: `${who} ${did} ${what}${listing === undefined ? "" : ", after listing them"}${slowly ? " within half a day" : ""}`,
    severity: graded(
      gravity({ outside, everything, regions, slowly, declared: first.by?.workload !== undefined }),
      outcome,
    ),
    confidence: "high",
    evidence: [
      {
        kind: "count",
        what: "different secrets",
        count: named,
        limit,
      },
      ...(unnamed === 0 ? [] : [{ kind: "count", what: "batches by a filter", count: unnamed } as const]),
      ...(regions === 1 ? [] : [{ kind: "count", what: "Regions", count: regions } as const]),
      ...reads.slice(0, mostShown).map(
        ({ mark, read }): Evidence => ({
          kind: "field",
          eventID: mark.eventID,
          path: "requestParameters",
          value: excerpt(read.kind === "read" ? read.arn : read.everything ? "(no filter that limits)" : "(a filter)"),
        }),
      ),
    ],
    marks: [first, ...rest],
  };
}

const mostShown = 5;

interface Gravity {
  readonly outside: boolean;
  readonly everything: boolean;
  readonly regions: number;
  readonly slowly: boolean;
  readonly declared: boolean;
}

function gravity({ outside, everything, regions, slowly, declared }: Gravity): Severity {
  if (outside) return slowly ? "medium" : "high";
  // A manifest that does not speak of secrets says neither that these are its own nor that they are not.
  if (slowly || declared) return "low";
  return everything || regions > 1 ? "high" : "medium";
}

const regionOf = (read: ReadMark): string => (read.kind === "batch" ? read.region : (parseArn(read.arn)?.region ?? ""));
