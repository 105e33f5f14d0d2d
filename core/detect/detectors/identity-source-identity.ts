import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { acceptsSourceIdentity, sourceIdentitiesOf } from "../../identity/source-identity.ts";
import type { Workload } from "../../identity/workload.ts";
import { graded, titled } from "../attempt.ts";
import { defineDetector, type Seen } from "../detector.ts";
import type { Detection, Evidence } from "../finding.ts";

/** Finds the session that carries another source identity than the workload that runs it. */
export const identitySourceIdentity = defineDetector({
  id: "identity-source-identity",
  version: "1",
  title: "A workload's session carries the source identity of somebody else",
  family: "identity",
  maturity: "incubating",
  needsDeclarations: true,
  attack: ["T1078.004", "T1550.001"],
  controls: {
    owaspNhi: ["NHI9:2025"],
    owaspAsi: ["ASI03"],
    nistCsf: ["PR.AA-01", "DE.CM-03"],
    nistAiRmf: ["MEASURE 2.7"],
    maestro: ["L6 Security and Compliance"],
  },
  watches: [calls("sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")],
  falsePositives: [
    "A person takes the workload's role on purpose, under their own name",
    "The workload was renamed, or its owner changed, and its code still sets the old name",
    "A broker takes roles in the name of its users: list their names under sourceIdentities",
  ],
  triage: [
    "Read who set the source identity first: the chain names the record",
    "If the name is the workload's own, add it to sourceIdentities in the manifest",
    "If it is not, find out who works under this role, and what they did in this chain",
  ],
  references: [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html",
    "https://aws.amazon.com/blogs/security/how-to-integrate-aws-sts-sourceidentity-with-your-identity-provider/",
    "https://hackingthe.cloud/aws/post_exploitation/role-chain-juggling/",
  ],
  wants: () => [],
  detect(seen) {
    const { event } = seen;
    // A service sets it for whomever it runs something: SageMaker Studio writes the user's profile.
    if (event.kind !== "api-call" || event.principal.kind === "aws-service") return [];
    return [...disagreeing(seen, event), ...foreign(seen, event)].slice(0, 1);
  },
});

/** What the new session is to carry, as asked for or answered. */
function asked(call: ApiCall): { readonly value: string; readonly path: string } | undefined {
  for (const [part, path] of [
    [call.request, "requestParameters.sourceIdentity"],
    [call.response, "responseElements.sourceIdentity"],
  ] as const) {
    const value = text(part["sourceIdentity"]);
    if (value) return { value, path };
  }
  return undefined;
}

/** AWS carries a source identity through a chain and lets nobody change it: two in one chain are not one chain, or records are missing. */
function disagreeing(seen: Seen, call: ApiCall): readonly Detection[] {
  const about = workloadIn(seen, call);
  const carried = sourceIdentitiesOf(seen.attribution.hops);
  const wish = asked(call);
  const changes = wish !== undefined && carried.length > 0 && carried.every((one) => one.sourceIdentity !== wish.value);
  const [first, ...others] = evidenceOf(seen, call);
  if (about === undefined || first === undefined || (carried.length < 2 && !changes)) return [];
  return [
    {
      title: titled(
        `A chain of ${about.name} carries two source identities, which AWS does not allow: records are missing, or two chains were taken for one`,
        `change the source identity of a chain of ${about.name}`,
        call.outcome,
      ),
      severity: graded("medium", call.outcome),
      confidence: "medium",
      ...resourceOf(call),
      evidence: [first, ...others],
    },
  ];
}

function foreign(seen: Seen, call: ApiCall): readonly Detection[] {
  const about = workloadIn(seen, call);
  const value = asked(call)?.value ?? sourceIdentitiesOf(seen.attribution.hops)[0]?.sourceIdentity;
  const [first, ...others] = evidenceOf(seen, call);
  if (about === undefined || value === undefined || first === undefined) return [];
  if (acceptsSourceIdentity(about, value) || isOurs(seen, value)) return [];
  const did =
    seen.workload === undefined
      ? `The role of ${about.name} was taken under the source identity of somebody else`
      : `${about.name} works under the source identity of somebody else`;
  return [
    {
      title: titled(did, `take a role of ${about.name} under the source identity of somebody else`, call.outcome),
      severity: graded("medium", call.outcome),
      confidence: "medium",
      ...resourceOf(call),
      evidence: [first, ...others],
    },
  ];
}

/** Whoever acts, when it is declared; else the workload whose role is taken, for whoever takes it then runs as that. */
const workloadIn = ({ workload, registry }: Seen, { request }: ApiCall): Workload | undefined =>
  workload ?? registry.byRole(text(request["roleArn"]));

/** The role's own account records a caller from elsewhere without a name; a workload of ours may stand behind it. */
const isOurs = ({ attribution, registry }: Seen, value: string): boolean =>
  attribution.kind === "external" &&
  registry.workloads.some((one) => one.status === "active" && acceptsSourceIdentity(one, value));

function evidenceOf({ attribution }: Seen, call: ApiCall): readonly Evidence[] {
  const wish = asked(call);
  const own = "session" in call.principal ? call.principal.session.sourceIdentity : undefined;
  return [
    ...(wish === undefined ? [] : [field(call, wish.path, wish.value)]),
    ...(own === undefined ? [] : [field(call, "userIdentity.sessionContext.sourceIdentity", own)]),
    ...sourceIdentitiesOf(attribution.hops).map(
      ({ principal, eventID }): Evidence => ({ kind: "hop", principal, eventID: eventID ?? call.id }),
    ),
  ];
}

const field = ({ id }: ApiCall, path: string, value: string): Evidence => ({
  kind: "field",
  eventID: id,
  path,
  value: excerpt(value),
});

const resourceOf = ({ request, principal }: ApiCall): { readonly resource?: string } => {
  const taken = text(request["roleArn"]) || (principal.kind === "assumed-role" ? principal.role : "");
  return taken ? { resource: taken } : {};
};
