import { excerpt } from "../../event/excerpt.ts";
import { printInstant } from "../../event/instant.ts";
import { calls } from "../../event/watch.ts";
import type { DifferenceRow } from "../../iam/compare/difference.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Grant } from "../../identity/workload.ts";
import { type Fact, factKey, type Moment } from "../facts/fact.ts";
import type { Severity } from "../finding.ts";
import { gravityOf } from "../grants/grant-gravity.ts";
import { leftOver } from "../grants/grant-left-over.ts";
import { defineSweepDetector, type SweepDetection, type SweepDetector, type Swept } from "../windows/sweep.ts";

/** Finds grants that are over and still attached: at the end of what was read, whether or not anybody used them. */
export const driftExpiredGrant = (iam: IamTables): SweepDetector =>
  defineSweepDetector({
    id: "drift-expired-grant",
    version: "1",
    title: "A grant is over, and what it allowed is still attached",
    family: "privilege-drift",
    maturity: "stable",
    needsDeclarations: true,
    attack: ["T1098", "T1078.004"],
    controls: {
      owaspNhi: ["NHI1:2025", "NHI5:2025"],
      owaspAsi: ["ASI03"],
      nistCsf: ["PR.AA-05"],
      nistAiRmf: ["MANAGE 2.4", "GOVERN 1.7"],
      maestro: ["L6 Security and Compliance"],
    },
    watches: [calls("iam:AttachRolePolicy", "iam:PutRolePolicy")],
    falsePositives: [
      "The task goes on, and nobody prolonged the grant: have it approved again, under a new id",
      "The right belongs to the workload by now: put it into the envelope",
    ],
    triage: [
      "Look whether the right was used after its end; drift-behaviour finds such calls",
      "Ask who approved the grant whether the task is done",
      "Take the policy off; next time write the end into it (`cordon envelope compile --grants`)",
    ],
    references: [
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
      "https://owasp.org/www-project-non-human-identities-top-10/2025/1-improper-offboarding/",
    ],
    wants: (declared, before) => questions(declared, before).map(({ fact }) => fact),
    judge: (declared, before, facts) =>
      questions(declared, before).flatMap(({ swept, fact }) => {
        const answer = facts.get(factKey(fact));
        // Nobody knows what the role may do: that is no sign that it may do more than it should.
        if (answer?.kind !== "identity") return [];
        const { identity } = answer;
        return over(swept, before).flatMap((grant) => {
          const rows = leftOver(swept, { grant, identity, at: before.at }, iam);
          const partly = identity.extent === "part" || answer.readAt !== undefined;
          return rows.length === 0 ? [] : [detectionOf(rows, { swept, grant, iam, role: fact.arn, partly })];
        });
      }),
  });

interface Question {
  readonly swept: Swept;
  readonly fact: Extract<Fact, { kind: "identity" }>;
}

/** Grants that had ended. */
const over = ({ grants }: Swept, { at }: Moment): readonly Grant[] => grants.filter(({ until }) => until <= at);

/** One for each role of a workload with a grant that is over. Roles named by a pattern are not known by name. */
const questions = (declared: readonly Swept[], before: Moment): readonly Question[] =>
  declared
    .filter((one) => one.workload.status === "active" && over(one, before).length > 0)
    .flatMap((swept) =>
      swept.workload.roles.map((arn): Question => ({ swept, fact: { kind: "identity", arn, before } })),
    );

interface Judging {
  readonly swept: Swept;
  readonly grant: Grant;
  readonly iam: IamTables;
  readonly role: string;
  readonly partly: boolean;
}

function detectionOf(rows: readonly DifferenceRow[], { swept, grant, iam, role, partly }: Judging): SweepDetection {
  const { workload } = swept;
  return {
    subject: JSON.stringify([workload.name, grant.id, role]),
    workload,
    since: grant.until,
    title: `A grant is over, and what it allowed is still attached: ${excerpt(grant.id)}`,
    severity: severityOf(rows, iam),
    confidence: partly ? "medium" : "high",
    resource: role,
    evidence: [
      {
        kind: "count",
        what: `actions still allowed that grant ${excerpt(grant.id)} ended at ${printInstant(grant.until)}`,
        count: new Set(rows.map(({ action }) => action)).size,
      },
      ...rows.slice(0, 10).map(({ action, resource }) => ({ kind: "grant", action, resource }) as const),
    ],
  };
}

/** Nobody has used it yet, as far as this tells: a step below what its use would be. */
function severityOf(rows: readonly DifferenceRow[], { table, paths }: IamTables): Severity {
  const actions = new Set(rows.map(({ action }) => action));
  const opens = paths.some((path) => path.class === "escalation" && path.actions.every((one) => actions.has(one)));
  return opens || rows.some(({ action }) => gravityOf(action, table) === "credential") ? "high" : "medium";
}
