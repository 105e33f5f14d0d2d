import { calls } from "../../event/watch.ts";
import { accountOf } from "../../iam/arn.ts";
import type { IamTables } from "../../iam/tables.ts";
import { graded } from "../attempt.ts";
import { announcedVerdict, atAnnouncement } from "../deployments/announced-change.ts";
import { deployedBy, deploymentJudge } from "../deployments/deploy.ts";
import { type Detector, defineDetector } from "../detector.ts";
import { factEvidence } from "../facts/fact-evidence.ts";
import { atLeast } from "../finding.ts";
import { outsideJudge } from "../grants/grant-actor.ts";
import { fieldOf } from "../grants/grant-said.ts";
import { byDeployment } from "../grants/grant-severity.ts";
import { newEntries } from "../grants/resource-entries.ts";
import { resourceOpenings } from "../grants/resource-opening.ts";
import { openingEvidence, openingGained, openingTitle } from "../grants/resource-said.ts";
import { isOpenDoor, openingSeverity, ownerOfResource } from "../grants/resource-severity.ts";
import { resourceBefore, resourcePolicyCalls, resourceQuestions, writtenBy } from "../grants/resource-write.ts";
import { isOneself } from "../oneself.ts";

/** Finds the policy of a bucket, key, secret, function, queue or the like that lets somebody in who was not let in before. */
export function driftResourcePolicy(tables: IamTables): Detector {
  const judgeDeployment = deploymentJudge(tables);
  const actsOutside = outsideJudge(tables);
  return defineDetector({
    id: "drift-resource-policy",
    version: "1",
    title: "A resource's own policy lets somebody in who was not let in before",
    family: "privilege-drift",
    maturity: "incubating",
    needsDeclarations: false,
    attack: ["T1098", "T1537"],
    controls: {
      owaspNhi: ["NHI5:2025"],
      owaspAsi: ["ASI03"],
      nistCsf: ["PR.AA-05", "DE.CM-09"],
      nistAiRmf: ["MANAGE 2.4"],
      maestro: ["L2 Data Operations", "L4 Deployment and Infrastructure"],
    },
    watches: [calls(...resourcePolicyCalls)],
    falsePositives: [
      "A public website, dataset or package repository that is meant for everybody",
      "A partner or a vendor of whom no manifest says so yet: declare it as thirdParty",
    ],
    triage: [
      "Ask the owner of the resource whether the newly named account or the public should have it",
      "Where they should not, take the statement off, then look at what was read since",
      "Where a vendor should, declare its account, or bind the statement to an organization or a source account",
    ],
    references: [
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html",
      "https://stratus-red-team.cloud/attack-techniques/AWS/aws.exfiltration.s3-backdoor-bucket-policy/",
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    ],
    wants: (event) => (event.kind === "api-call" ? resourceQuestions(event, writtenBy(event)) : []),
    detect(seen) {
      const { event } = seen;
      const written = event.kind === "api-call" ? writtenBy(event) : undefined;
      if (event.kind !== "api-call" || written === undefined) return [];
      const { old, known } = resourceBefore(seen, event, written);
      const account = accountOf(written.resource) ?? event.account ?? event.principal.account ?? "";
      const isActor = (arn: string): boolean => isOneself(arn, event);
      const openings = resourceOpenings(
        newEntries(old, written.document),
        { account, registry: seen.registry, isActor },
        tables.table,
      );
      const [worst] = openings;
      if (worst === undefined) return [];
      const owner = ownerOfResource(written.resource, seen.registry);
      const announced = announcedVerdict(
        seen,
        openings.flatMap((one) => openingGained(one, written.resource)),
      );
      const deployment = judgeDeployment(seen);
      const own = openingSeverity(worst, { owner, known, outside: actsOutside(seen) });
      const excused =
        announced.kind === "not-announced" ? byDeployment(own, deployment) : atAnnouncement(own, announced);
      const floor = announced.kind === "not-announced" && isOpenDoor(worst) ? "medium" : "info";
      const severity = atLeast(excused, floor) ? excused : floor;
      const because = announced.kind === "not-announced" ? deployedBy(deployment) : `; ${announced.because}`;
      return [
        {
          title: openingTitle(worst, { resource: written.resource, owner, because, outcome: event.outcome }),
          severity: graded(severity, event.outcome),
          confidence: known ? "high" : "medium",
          resource: written.resource,
          evidence: [
            fieldOf(event.id, written.path, written.text),
            ...openingEvidence(openings, known, written.resource),
            ...(known ? resourceQuestions(event, written).map((one) => factEvidence(one, seen.facts, event.at)) : []),
          ],
        },
      ];
    },
  });
}
