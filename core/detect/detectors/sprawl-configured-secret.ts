import { configurationCalls } from "../../event/configuration-calls.ts";
import { excerpt } from "../../event/excerpt.ts";
import { calls } from "../../event/watch.ts";
import type { ApiName } from "../../iam/identifiers.ts";
import { attempted, graded } from "../attempt.ts";
import {
  configurationFacts,
  type Found,
  foundMark,
  foundMarkOf,
  foundSecrets,
  workloadOf,
} from "../credentials/configured-secret.ts";
import { configuredThings } from "../credentials/configured-thing.ts";
import type { Evidence } from "../finding.ts";
import type { Mark } from "../windows/window-store.ts";
import { defineWindowDetector, type Span, type WindowDetection } from "../windows/windowed.ts";

const [first = "lambda:CreateFunction", ...others]: readonly ApiName[] = configurationCalls.map(({ api }) => api);
const day = 86_400_000;

/** Finds secrets written into variables, arguments, parameters and scripts: one finding for each secret, with its places. */
export const sprawlConfiguredSecret = defineWindowDetector({
  id: "sprawl-configured-secret",
  version: "1",
  title: "A secret stands in a configuration",
  family: "secret-sprawl",
  maturity: "incubating",
  needsDeclarations: false,
  attack: ["T1552.001"],
  controls: {
    owaspNhi: ["NHI2:2025", "NHI9:2025"],
    owaspAsi: ["ASI03"],
    nistCsf: ["PR.AA-01", "PR.DS-01"],
    nistAiRmf: ["MEASURE 2.7"],
    maestro: ["L4 Deployment and Infrastructure"],
  },
  watches: [calls(first, ...others)],
  falsePositives: [
    "A password of a throw-away database in a test account",
    "A value that is drawn at random and opens nothing, under a name that says otherwise",
    "A key that its provider means to be public, such as one of a web page",
  ],
  triage: [
    "Rotate the secret: everybody who may read one of these configurations has it, and older versions keep it",
    "Put the new one into Secrets Manager or a SecureString parameter, and its ARN in each place named here",
    "Look whether the old one was used from elsewhere since the first of these calls",
  ],
  references: [
    "https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
    "https://owasp.org/www-project-non-human-identities-top-10/2025/2-secret-leakage/",
    "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
  ],
  // Months of records are one finding for each secret; a live line forgets its windows sooner and tells again.
  size: 90 * day,
  wants: (event) => (event.kind === "api-call" ? configurationFacts(event) : []),
  marks(seen) {
    const { event } = seen;
    if (event.kind !== "api-call") return [];
    const [thing] = configuredThings(event);
    if (thing === undefined) return [];
    const workload = workloadOf(seen);
    return foundSecrets(event, seen.facts).map(({ secret, read }) => ({
      subject: secret.fingerprint,
      member: foundMark({ thing, where: secret.where, secret: secret.kind, read, workload }),
    }));
  },
  begins: () => true,
  judge: judged,
});

interface Told {
  readonly mark: Mark;
  readonly found: Found;
}

function judged({ subject, marks, more }: Span): WindowDetection | undefined {
  const told = marks.flatMap((mark): readonly Told[] => {
    const found = foundMarkOf(mark.member);
    return found === undefined ? [] : [{ mark, found }];
  });
  const done = told.filter(({ mark }) => !attempted(mark.by?.outcome ?? "unknown"));
  // Where a call was refused the secret was sent all the same, and stands nowhere.
  const standing = done.length > 0 ? done : told;
  const [earliest, ...later] = standing;
  if (earliest === undefined) return undefined;
  const places = [...new Map(standing.map((one) => [placeOf(one.found), one])).values()];
  const workload = standing.find(({ found }) => found.workload !== "")?.found.workload;
  const { thing, secret } = earliest.found;
  const count = `${more ? "more than " : ""}${places.length}`;
  const what = /^[a-z0-9-]{1,60}$/.test(secret) ? secret.replaceAll("-", " ") : "secret";
  const verb = done.length > 0 ? "stands" : "was sent to stand";
  return {
    title:
      places.length > 1
        ? `One secret (${what}) ${verb} in ${count} places${workload === undefined ? "" : `, those of ${workload} among them`}`
        : `A secret (${what}) ${verb} in the configuration of a ${thing.what}${workload === undefined ? "" : ` of ${workload}`}`,
    severity: graded(workload === undefined ? "medium" : "high", done.length > 0 ? "done" : "failed"),
    confidence: secret === "high-entropy" || secret === "generic-secret" ? "medium" : "high",
    resource: thing.arn,
    evidence: [
      { kind: "count", what: "places", count: places.length },
      ...places
        .slice(0, mostShown)
        .map(({ found }): Evidence => ({ kind: "secret", where: placeOf(found), fingerprint: subject })),
      ...notRead(places),
    ],
    marks: [earliest.mark, ...later.map(({ mark }) => mark)],
  };
}

const mostShown = 50;

const placeOf = ({ thing, where }: Found): string => excerpt(`${thing.arn} ${where}`);

/** What the record shows is not all: CloudTrail leaves out much, and where nobody reads it that is said. */
const notRead = (places: readonly Told[]): readonly Evidence[] => {
  const unread = new Map(
    places.flatMap(({ found }) => (found.read === "read" ? [] : [[found.thing.arn, found.read] as const])),
  );
  return [...unread].slice(0, 5).map(([about, because]) => ({
    kind: "fact",
    about: excerpt(about),
    because: `configuration not read: ${because}`,
  }));
};
