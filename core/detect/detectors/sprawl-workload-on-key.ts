import { deploys } from "../deployments/deploy.ts";
import { defineLifeDetector, earlier, type Life, type LifeDetection } from "../windows/life.ts";

/** Finds the declared AI workload that lives on a user's key: told once for each key, however many calls it signs. */
export const sprawlWorkloadOnKey = defineLifeDetector({
  id: "sprawl-workload-on-key",
  version: "1",
  title: "An AI workload works with a static key",
  family: "secret-sprawl",
  maturity: "incubating",
  needsDeclarations: true,
  attack: ["T1078.004"],
  controls: {
    owaspNhi: ["NHI7:2025", "NHI4:2025"],
    owaspAsi: ["ASI03"],
    nistCsf: ["PR.AA-01", "PR.AA-03"],
    nistAiRmf: ["MAP 1.1", "MANAGE 4.1"],
    maestro: ["L6 Security and Compliance"],
  },
  watches: [{ kind: "declared-identities" }],
  falsePositives: ["The workload runs where no role reaches it yet, and its manifest names the key's user on purpose"],
  triage: [
    "Ask the owner where the key is kept, and who else can read it",
    "Give the workload a role: an instance profile, Pod Identity, Roles Anywhere or OIDC",
    "Deactivate the key when nothing signs with it any more",
  ],
  references: [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    "https://owasp.org/www-project-non-human-identities-top-10/2025/7-long-lived-secrets/",
  ],
  gather() {
    const found = new Map<string, Life>();
    return {
      see(life) {
        const { attribution, workload } = life;
        const root = attribution.hops.at(-1);
        // A manifest that promises short sessions has drift-long-lived to tell of it.
        if (workload?.class === undefined || deploys(workload) || workload.envelope.session !== undefined) return;
        if (root?.end !== "long-term-key") return;
        const subject = JSON.stringify([workload.name, root.accessKeyId ?? root.principal]);
        const known = found.get(subject);
        found.set(subject, known === undefined ? life : earlier(known, life));
      },
      findings: () => [...found].flatMap(([subject, life]) => detectionOf(subject, life)),
    };
  },
});

function detectionOf(subject: string, life: Life): readonly LifeDetection[] {
  const { attribution, workload, first } = life;
  const root = attribution.hops.at(-1);
  if (root === undefined || workload === undefined) return [];
  const direct = attribution.hops.length === 1;
  return [
    {
      subject,
      began: first,
      life,
      title: direct
        ? `${workload.name} works with a static key`
        : `Sessions of ${workload.name} were begun with a static key`,
      // A manifest that names the user has somebody who answers for the key; a role that a key takes was meant to go without.
      severity: direct ? "low" : "medium",
      confidence: attribution.confidence,
      resource: root.principal,
      audience: "owner",
      evidence: [
        { kind: "hop", principal: root.principal, eventID: root.eventID ?? first.eventID },
        { kind: "count", what: "issuing calls behind the call", count: attribution.hops.length - 1 },
      ],
    },
  ];
}
