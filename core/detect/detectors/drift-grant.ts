import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { calls } from "../../event/watch.ts";
import type { IamTables } from "../../iam/tables.ts";
import { attempted, graded } from "../attempt.ts";
import { announcedVerdict, atAnnouncement, type Gained } from "../deployments/announced-change.ts";
import { deploymentJudge, deploys } from "../deployments/deploy.ts";
import { type Detector, defineDetector, type Seen } from "../detector.ts";
import { factKey } from "../facts/fact.ts";
import { factEvidence } from "../facts/fact-evidence.ts";
import type { Detection, Evidence, Severity } from "../finding.ts";
import { isActor, isProvisioning, outsideJudge } from "../grants/grant-actor.ts";
import { type GrantChange, grantChanges, grantQuestions } from "../grants/grant-change.ts";
import { declaredGrants, declaring } from "../grants/grant-envelope.ts";
import { type GrantGain, gainMeasure } from "../grants/grant-gain.ts";
import { fieldOf, gainEvidence, partySaid } from "../grants/grant-said.ts";
import { type GrantSituation, grantSeverity } from "../grants/grant-severity.ts";
import { grantTitle } from "../grants/grant-title.ts";
import { type GrantWrite, grantCalls, grantWriteOf } from "../grants/grant-write.ts";
import { isQuarantineInline, quarantinePolicy } from "../guard-rails/quarantine-mark.ts";
import { touchedBy } from "../touched.ts";

/** Finds the write after which somebody may do more than before, or which was too large for anybody to see what it does. */
export function driftGrant(tables: IamTables): Detector {
  const measure = gainMeasure(tables);
  const judgeDeployment = deploymentJudge(tables);
  const actsOutside = outsideJudge(tables);

  function detectionOf(change: GrantChange, write: GrantWrite, given: Given): Detection | undefined {
    const { seen, call } = given;
    const { party, before } = change;
    const arn = before?.arn ?? party?.arn;
    const touched = declaring(arn, seen.registry);
    const declared = touched && declaredGrants(touched, call.at);
    const gain = measure(change, { declared, controls: given.controls });
    const gains = gain.everything || gain.rows.length > 0;
    const unread = change.unread.length > 0;
    if (!gains && gain.closed === undefined && !unread) return undefined;
    if (given.prepared && !gain.everything) return undefined;
    const { attribution, workload } = seen;
    const situation: GrantSituation = {
      gain,
      outside: declared !== undefined || given.outside,
      self: isActor(party, call, seen.facts),
      lifted: write.kind === "delete" || write.kind === "detach" || write.kind === "leave",
      prepared: given.prepared,
      provisioning: isProvisioning(call),
      program: attribution.kind === "workload" && !(workload !== undefined && deploys(workload)),
      deployment: judgeDeployment(seen),
    };
    const own = gains || !unread ? grantSeverity(situation) : unreadSeverity(situation);
    const announced = announcedVerdict(seen, gainedBy(gain, arn ?? "", call));
    const resource = arn ?? ("policy" in write && write.policy?.startsWith("arn:") ? write.policy : undefined);
    const who = partySaid(party, touched?.name);
    const [first, ...others]: readonly Evidence[] = [fieldsOf(write, call)].flat();
    if (first === undefined) return undefined;
    return {
      title: grantTitle({
        ...situation,
        who,
        unread,
        joins: write.kind === "join",
        declared: declared !== undefined,
        announced,
        outcome: call.outcome,
      }),
      severity: graded(atAnnouncement(own, announced), call.outcome),
      confidence: gain.everything ? "high" : unread && !gains ? "low" : change.doubts.length > 0 ? "medium" : "high",
      ...(resource === undefined ? {} : { resource }),
      evidence: [
        first,
        ...others,
        ...gainEvidence(gain, [...change.doubts, ...change.unread.map((name) => `what ${excerpt(name)} allows`)]),
        ...change.sources.map((one): Evidence => ({ kind: "fact", ...one })),
        ...given.known,
        ...(given.more > 0
          ? [{ kind: "count", what: "further holders of the policy", count: given.more } as const]
          : []),
      ],
    };
  }

  return defineDetector({
    ...described,
    wants: (event) => (event.kind === "api-call" ? grantQuestions(event, grantWriteOf(event)) : []),
    detect(seen) {
      const { event } = seen;
      if (event.kind !== "api-call") return [];
      if (event.requestOmitted) return [tooLarge(event)];
      const write = grantWriteOf(event);
      const found = write === undefined || liftsQuarantine(write) ? undefined : grantChanges(event, write, seen.facts);
      if (write === undefined || found === undefined) return [];
      const { prepared, more } = found;
      const given: Given = {
        seen,
        call: event,
        prepared,
        more,
        known: knownOf(seen, event, write),
        controls: controlsOf(seen, event),
        outside: actsOutside(seen),
      };
      return found.changes.flatMap((change) => detectionOf(change, write, given) ?? []);
    },
  });
}

interface Given {
  readonly seen: Seen;
  readonly call: ApiCall;
  readonly prepared: boolean;
  readonly more: number;
  /** Where answers are from, and how old they are. */
  readonly known: readonly Evidence[];
  readonly controls: NonNullable<Parameters<ReturnType<typeof gainMeasure>>[1]["controls"]> | undefined;
  /** A declared workload gave it and is declared to give nothing of the kind. */
  readonly outside: boolean;
}

const described = {
  id: "drift-grant",
  version: "1",
  title: "An identity may do more than before, or more than its envelope says",
  family: "privilege-drift",
  maturity: "stable",
  needsDeclarations: false,
  attack: ["T1098", "T1098.003"],
  controls: {
    owaspNhi: ["NHI5:2025"],
    owaspAsi: ["ASI03"],
    nistCsf: ["PR.AA-05", "DE.CM-03"],
    nistAiRmf: ["MEASURE 2.7", "MANAGE 2.4"],
    maestro: ["L4 Deployment and Infrastructure", "L6 Security and Compliance"],
  },
  watches: [calls(...grantCalls)],
  falsePositives: [
    "A platform team sets up a new account or a break-glass role",
    "Infrastructure as code that manages an administrator role on purpose",
    "A workload was given what it needs before its manifest was changed",
  ],
  triage: [
    "Ask the owner of the acting identity whether this change was planned, and where it was reviewed",
    "Where the workload needs it, add it to its envelope, or as a grant that ends; the same change is then quiet",
    "Look at what the touched principal did after the change: new keys, roles assumed, secrets read",
    "If nobody planned it, contain the touched principal, then take the policy off",
  ],
  references: [
    "https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/",
    "https://stratus-red-team.cloud/attack-techniques/AWS/aws.persistence.iam-create-admin-user/",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
  ],
} as const;

function controlsOf({ facts }: Seen, { account, principal, at, id }: ApiCall): Given["controls"] {
  const asked = account ?? principal.account;
  if (asked === undefined) return undefined;
  const answer = facts.get(factKey({ kind: "controls", account: asked, before: { at, id } }));
  return answer?.kind === "controls" ? answer.service : undefined;
}

/** What the record itself shows of the write. */
function fieldsOf(write: GrantWrite, { id }: ApiCall): readonly Evidence[] {
  const party = "party" in write ? [fieldOf(id, write.party.path, write.party.name)] : [];
  switch (write.kind) {
    case "put":
    case "version":
      return [fieldOf(id, write.path, write.text), ...party];
    case "delete":
    case "attach":
    case "detach":
    case "default-version":
      return [fieldOf(id, write.path, write.policy), ...party];
    case "join":
    case "leave":
      return [fieldOf(id, write.group.path, write.group.name), ...party];
  }
}

/** A Deny that is somebody's quarantine: guardrail-quarantine speaks of it, by its name alone. */
const liftsQuarantine = (write: GrantWrite): boolean =>
  (write.kind === "detach" && quarantinePolicy(write.policy) !== undefined) ||
  (write.kind === "delete" && isQuarantineInline(write.policy));

/** What was answered of what was asked, but for the account's limits: they speak where they close something. */
const knownOf = ({ facts }: Seen, call: ApiCall, write: GrantWrite): readonly Evidence[] =>
  grantQuestions(call, write)
    .filter((fact) => fact.kind !== "controls" && facts.get(factKey(fact))?.kind === fact.kind)
    .map((fact) => factEvidence(fact, facts, call.at));

/** What is compared with announcements: every grant, or the call itself where nobody can read what it grants. */
function gainedBy({ everything, rows }: GrantGain, principal: string, { api }: ApiCall): readonly Gained[] {
  if (everything) return [{ kind: "grant", principal, action: "*", resource: "*" }];
  return rows.length === 0
    ? [{ kind: "call", api, resource: principal }]
    : rows.map(({ action, resource }) => ({ kind: "grant", principal, action, resource }));
}

/** What nobody can read may be anything; who gives it to itself, or to a workload that declares all it needs, is looked at. */
const unreadSeverity = ({ self, outside, deployment }: GrantSituation): Severity =>
  deployment.kind === "inside" ? "info" : self ? "medium" : outside ? "low" : "info";

function tooLarge(call: ApiCall): Detection {
  const { id, name, outcome } = call;
  const resource = touchedBy(call)?.arn;
  return {
    title: attempted(outcome)
      ? "Somebody tried an IAM change too large to be recorded"
      : "An IAM change was too large to be recorded: nobody can see what it grants",
    severity: graded("high", outcome),
    confidence: "medium",
    ...(resource === undefined ? {} : { resource }),
    evidence: [fieldOf(id, "requestParameters.omitted", "true"), fieldOf(id, "eventName", name)],
  };
}
