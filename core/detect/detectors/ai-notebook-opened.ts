import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import type { IamTables } from "../../iam/tables.ts";
import { graded } from "../attempt.ts";
import { type Detector, defineDetector } from "../detector.ts";
import { standingJudge } from "../escalation/standing.ts";
import { consoleSigned, lastingKeySigned, peopleSigned } from "../exposure/people.ts";
import { type Fact, type FactAnswer, type Facts, factKey } from "../facts/fact.ts";
import { factEvidence } from "../facts/fact-evidence.ts";
import type { Severity } from "../finding.ts";
import { levelSaid, mightier, type PrivilegeLevel, privilegeLevel } from "../grants/privilege-level.ts";
import { isOneself, signerArn } from "../oneself.ts";

/** Finds who makes a link into a notebook or a Studio whose role is mightier than they are: whoever follows it is that role. */
export function aiNotebookOpened(tables: IamTables): Detector {
  const standingOf = standingJudge(tables);
  return defineDetector({
    id: "ai-notebook-opened",
    version: "1",
    title: "A notebook was opened whose role is mightier than who opened it",
    family: "ai-abuse",
    maturity: "incubating",
    needsDeclarations: false,
    attack: ["T1548.005", "T1078.004"],
    controls: {
      owaspNhi: ["NHI5:2025", "NHI10:2025"],
      owaspAsi: ["ASI03"],
      nistCsf: ["PR.AA-05", "DE.CM-03"],
      nistAiRmf: ["MEASURE 2.7", "MANAGE 2.4"],
      maestro: ["L4 Deployment and Infrastructure", "L6 Security and Compliance"],
    },
    watches: [calls("sagemaker:CreatePresignedNotebookInstanceUrl", "sagemaker:CreatePresignedDomainUrl")],
    falsePositives: [
      "Data scientists open their notebooks by a tool of their own that no manifest declares",
      "A notebook's role has far more rights than its work needs: then that is the fault",
    ],
    triage: [
      "Ask the owner of the notebook whether who made the link works in it",
      "Look at what the notebook's role did since, in sessions named SageMaker",
      "If nobody planned it, stop the notebook, revoke the sessions of its role, and give the role less",
    ],
    references: [
      "https://pathfinding.cloud/paths/sagemaker-004",
      "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreatePresignedNotebookInstanceUrl.html",
      "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreatePresignedDomainUrl.html",
    ],
    wants: (event) => (event.kind === "api-call" ? [...thingFacts(event), ...ownFacts(event)] : []),
    detect(seen) {
      const { event, facts, attribution } = seen;
      if (event.kind !== "api-call" || attribution.kind === "service") return [];
      const found = thingFacts(event).find((fact) => facts.get(factKey(fact))?.kind === "works-as");
      const answer = found && facts.get(factKey(found));
      if (found === undefined || answer?.kind !== "works-as" || answer.identity === undefined) return [];
      const level = privilegeLevel(answer.identity, tables);
      if (isOneself(answer.role, event) || !isMore(level, ownLevel(event, facts, tables))) return [];
      const standing = standingOf(seen, []);
      const gravity = gravityOf(level, standing.kind === "outside" ? "outside" : signedBy(event));
      if (standing.kind === "inside" || gravity === undefined) return [];
      const [thing] = thingFacts(event).map((fact) => (fact.kind === "works-as" ? fact.thing : ""));
      const who = seen.workload?.name ?? "Somebody whom no manifest names";
      return [
        {
          title: `${who} made a link into ${nounOf(event)} whose role ${levelSaid(level)}`,
          severity: graded(gravity, event.outcome),
          confidence: level.doubts.length === 0 ? "high" : "medium",
          ...(thing === undefined ? {} : { resource: String(excerpt(thing)) }),
          evidence: [
            factEvidence(found, facts, event.at),
            { kind: "grant", action: "iam:PassRole", resource: String(excerpt(answer.role)) },
            ...level.doubts.map((doubt) => ({ kind: "count", what: `not known: ${doubt}`, count: 1 }) as const),
          ],
        },
      ];
    },
  });
}

const nounOf = ({ api }: ApiCall): string => (api.endsWith("DomainUrl") ? "a Studio" : "a notebook");

/** A profile without a role of its own has its domain's. */
function thingFacts(call: ApiCall): readonly Fact[] {
  const account = call.account ?? call.principal.account;
  const arn = (rest: string): Fact => ({
    kind: "works-as",
    thing: `arn:${call.partition}:sagemaker:${call.region}:${account}:${rest}`,
    before: { at: call.at, id: call.id },
  });
  const named = (parameter: string): string => {
    const name = text(call.request[parameter]);
    return /^[a-zA-Z0-9-]{1,63}$/.test(name) ? name.toLowerCase() : "";
  };
  if (account === undefined) return [];
  const [notebook, domain, profile] = [named("notebookInstanceName"), named("domainId"), named("userProfileName")];
  if (notebook !== "") return [arn(`notebook-instance/${notebook}`)];
  if (domain === "") return [];
  return [...(profile === "" ? [] : [arn(`user-profile/${domain}/${profile}`)]), arn(`domain/${domain}`)];
}

function ownFacts(call: ApiCall): readonly Fact[] {
  const arn = signerArn(call);
  return arn === undefined ? [] : [{ kind: "identity", arn, before: { at: call.at, id: call.id } }];
}

function ownLevel(call: ApiCall, facts: Facts, tables: IamTables): PrivilegeLevel | undefined {
  const [own] = ownFacts(call);
  const answer: FactAnswer | undefined = own && facts.get(factKey(own));
  return answer?.kind === "identity" ? privilegeLevel(answer.identity, tables) : undefined;
}

/** Where the signer's own rights are not known, the role may be more; whoever can do no more than make such links is none the mightier. */
const isMore = (level: PrivilegeLevel, own: PrivilegeLevel | undefined): boolean =>
  !onlyLinks(level) && (own === undefined || own.kind === "unknown" || onlyLinks(own) || mightier(level, own));

const onlyLinks = (level: PrivilegeLevel): boolean =>
  level.kind === "escalates" && level.paths.every(({ id }) => id.startsWith("sagemaker:CreatePresigned"));

type Signed = "outside" | "key" | "person" | "role";

function signedBy(call: ApiCall): Signed {
  if (lastingKeySigned(call)) return "key";
  return consoleSigned(call) || peopleSigned(call) ? "person" : "role";
}

type Grave = Readonly<Record<Signed, Severity>>;

/** Most notebooks can give themselves more rights, as AWS's own policy for them lets them: only a lasting key makes that grave. */
const byLevel: Readonly<Record<PrivilegeLevel["kind"], Grave | undefined>> = {
  administrator: { outside: "high", key: "high", role: "medium", person: "low" },
  escalates: { outside: "high", key: "high", role: "low", person: "info" },
  credential: { outside: "medium", key: "medium", role: "low", person: "info" },
  data: undefined,
  unknown: undefined,
  little: undefined,
};

const gravityOf = ({ kind }: PrivilegeLevel, signed: Signed): Severity | undefined => byLevel[kind]?.[signed];
