import { excerpt } from "../../event/excerpt.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Conduct } from "../../identity/conduct.ts";
import type { CompiledEnvelope } from "../../identity/envelope/envelope.ts";
import type { Breach } from "../../identity/envelope/envelope-verdict.ts";
import { askedIn, breachSaid } from "../behaviour/breach-said.ts";
import { gravest, weighed } from "../behaviour/breach-weight.ts";
import { breachesOf, isNearMiss } from "../behaviour/breaches.ts";
import { type Done, defineConductDetector } from "../behaviour/conduct-detector.ts";
import { deviations } from "../behaviour/deviations.ts";
import type { Evidence } from "../finding.ts";

interface About {
  readonly breach: Breach;
  readonly others: readonly Breach[];
  readonly conduct: Conduct;
}

/** Finds what a declared workload does outside its envelope and grants; near misses are told by a detector of their own. */
export const driftBehaviour = ({ table }: Pick<IamTables, "table">) =>
  defineConductDetector({
    id: "drift-behaviour",
    version: "1",
    title: "A declared workload did what its envelope does not allow",
    family: "privilege-drift",
    maturity: "stable",
    needsDeclarations: true,
    attack: ["T1078", "T1078.004"],
    controls: {
      owaspNhi: ["NHI5:2025", "NHI7:2025"],
      owaspAsi: ["ASI02", "ASI03"],
      nistCsf: ["DE.CM-03", "DE.AE-02", "PR.AA-05"],
      nistAiRmf: ["MEASURE 2.7", "MANAGE 4.1"],
      maestro: ["L4 Deployment and Infrastructure", "L6 Security and Compliance"],
    },
    watches: [{ kind: "declared-identities" }],
    falsePositives: [
      "The workload learnt something new and its manifest was not changed with it",
      "A person took the workload's role to look into a failure",
      "A service made the call with the workload's session, such as a key's use behind a bucket",
    ],
    triage: [
      "Ask the workload's owner whether it is meant to do this; if so, change the manifest in review",
      "Look from where the calls came, and what else that session did",
      "If nobody meant it, contain the workload's role and end its sessions",
    ],
    references: [
      "https://owasp.org/www-project-non-human-identities-top-10/2025/5-overprivileged-nhi/",
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    ],
    judging({ declared }) {
      if (declared === undefined) return undefined;
      const { name } = declared.workload;
      const found = deviations<About>();
      return {
        see(done) {
          const { conduct } = done;
          const breaches = breachesOf(done, declared.envelope);
          if (breaches.length === 0 || isNearMiss(breaches, conduct, table)) return;
          const severity = gravest(breaches.map((one) => weighed(one, conduct, table)));
          const breach = breaches.find((one) => weighed(one, conduct, table) === severity);
          if (breach === undefined) return;
          const others = breaches.filter((one) => one !== breach);
          found.add(done, {
            key: breachSaid(breach, conduct, name).key,
            severity,
            about: { breach, others, conduct },
          });
        },
        detections: () =>
          found.all().map(({ key, day, severity, count, done, about, outcome, shown }) => {
            const { breach, others, conduct } = about;
            const said = breachSaid(breach, conduct, name);
            return {
              title: said.title,
              severity,
              confidence: breach.kind === "origin" ? "medium" : "high",
              ...(said.resource === undefined ? {} : { resource: said.resource }),
              day,
              deviation: key,
              done,
              shown,
              count,
              outcome,
              evidence: (eventID) => {
                const [one, ...rest] = said.evidence(eventID);
                const more = others.slice(0, 3).flatMap((other) => breachSaid(other, conduct, name).evidence(eventID));
                const asked = alike(breach, done, declared.envelope);
                const counted: Evidence = { kind: "count", what: "calls like this on this day", count };
                return [one, ...rest, ...more, ...asked, counted];
              },
            };
          }),
      };
    },
  });

/** What else was asked for in the same way, of the earliest calls of the day. */
function alike(breach: Breach, done: readonly Done[], envelope: CompiledEnvelope): readonly Evidence[] {
  const counts = new Map<string, number>();
  for (const one of done)
    for (const other of breachesOf(one, envelope)) {
      const asked = other.kind === breach.kind ? askedIn(other) : undefined;
      if (asked !== undefined && asked !== askedIn(breach)) counts.set(asked, (counts.get(asked) ?? 0) + one.count);
    }
  return [...counts]
    .slice(0, 5)
    .map(([asked, count]) => ({ kind: "count", what: `calls for ${excerpt(asked)}`, count }));
}
