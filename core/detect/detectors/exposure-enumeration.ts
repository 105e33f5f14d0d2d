import { excerpt } from "../../event/excerpt.ts";
import { calls } from "../../event/watch.ts";
import { isLongTerm } from "../../iam/identifiers.ts";
import { reconCalls } from "../agents/recon-calls.ts";
import { attempted } from "../attempt.ts";
import { actingAs } from "../escalation/acting.ts";
import type { Evidence, Severity } from "../finding.ts";
import type { Mark } from "../windows/window-store.ts";
import { defineWindowDetector, type SeenMark, type Span, type WindowDetection } from "../windows/windowed.ts";

/** So many different questions about so many services within the time are nobody's daily work. */
export const enumerationLimits = { calls: 12, services: 6, minutes: 10, refused: 4 } as const;

const [first = "iam:ListUsers", ...others] = [...new Set(reconCalls)].sort();

/** Finds one identity that asks an account for all it holds: what a stolen key does first. */
export const exposureEnumeration = defineWindowDetector({
  id: "exposure-enumeration",
  version: "1",
  title: "One identity asked for everything an account holds, or how much it may send",
  family: "exposure",
  maturity: "incubating",
  needsDeclarations: false,
  attack: ["T1580", "T1526", "T1087.004"],
  controls: {
    owaspNhi: ["NHI2:2025", "NHI5:2025"],
    owaspAsi: ["ASI03", "ASI10"],
    nistCsf: ["DE.AE-02", "DE.AE-03", "DE.CM-03"],
    nistAiRmf: ["MEASURE 2.7"],
    maestro: ["L4 Deployment and Infrastructure", "L6 Security and Compliance"],
  },
  watches: [calls(first, ...others)],
  falsePositives: [
    "A scanner of security posture or an inventory tool: declare it, as a third party where it is one",
    "An administrator looks around in an account that is new to them",
  ],
  triage: [
    "Ask the owner of the key or role whether they ran a scanner at that time",
    "Look from which network and with which client the calls came, and whether the key was ever published",
    "If nobody owns it, deactivate the key, and look at what it wrote after it had looked around",
  ],
  references: [
    "https://unit42.paloaltonetworks.com/large-scale-cloud-extortion-operation/",
    "https://sysdig.com/blog/llmjacking-stolen-cloud-credentials-used-in-new-ai-attack/",
    "https://stratus-red-team.cloud/attack-techniques/AWS/aws.discovery.ec2-enumerate-from-instance/",
  ],
  size: enumerationLimits.minutes * 60_000,
  wants: () => [],
  marks({ event, attribution, workload }) {
    const acting = event.kind === "api-call" ? actingAs(event.principal) : undefined;
    if (event.kind !== "api-call" || acting === undefined || attribution.kind === "service") return [];
    if (event.principal.invokedBy !== undefined) return [];
    // Whoever is declared to deploy, or as somebody else's scanner, looks around by trade.
    if (workload?.class === "deployment" || workload?.class === "pipeline") return [];
    if (attribution.kind === "external" && attribution.declared) return [];
    const { accessKeyId } = event.principal;
    const byKey = accessKeyId !== undefined && isLongTerm(accessKeyId);
    // Refused and answered calls are different things learnt.
    const member = JSON.stringify([event.api, attempted(event.outcome) ? 1 : 0]);
    return [{ subject: JSON.stringify([acting, event.account ?? "", byKey ? 1 : 0]), member } satisfies SeenMark];
  },
  begins: () => true,
  judge: (span) => judge(span),
});

const read = ({ member }: Pick<Mark, "member">): readonly [api: string, refused: number] => JSON.parse(member);

const judge = (span: Span): WindowDetection | undefined => ofEverything(span) ?? ofSending(span);

function ofEverything({ subject, marks, more }: Span): WindowDetection | undefined {
  const apis = new Set(marks.map((one) => read(one)[0]));
  const services = new Set([...apis].map((api) => api.slice(0, api.indexOf(":"))));
  if (apis.size < enumerationLimits.calls || services.size < enumerationLimits.services) return undefined;
  const [, account, byKey] = JSON.parse(subject) as readonly [string, string, number];
  const refused = marks.filter((one) => read(one)[1] === 1).length;
  const [begun] = marks;
  const who = begun.by?.workload ?? (byKey === 1 ? "A static key" : "Somebody whom no manifest names");
  const severity: Severity =
    begun.by?.workload !== undefined ? "high" : byKey === 1 && refused >= enumerationLimits.refused ? "medium" : "low";
  return {
    title: `${who} asked for everything the account holds: ${apis.size}${more ? " and more" : ""} kinds of questions about ${services.size} services`,
    severity,
    confidence: "medium",
    ...(account === "" ? {} : { resource: account }),
    evidence: [
      { kind: "count", what: "kinds of questions", count: apis.size, limit: enumerationLimits.calls - 1 },
      { kind: "count", what: "services asked", count: services.size, limit: enumerationLimits.services - 1 },
      ...(refused === 0 ? [] : [{ kind: "count", what: "kinds of questions refused", count: refused } as const]),
      ...shown(marks),
    ],
    marks,
  };
}

/** So many different questions about mail and text messages: stolen keys are sold by how much they may send. */
const sendingLimit = 3;

const isSending = (api: string): boolean => api.startsWith("ses:") || api.startsWith("sns:GetSMS");

/** A person looks at such a page in the console, and a declared sender asks for its own quota. */
function ofSending({ subject, marks }: Span): WindowDetection | undefined {
  const [first, ...others] = marks.filter((one) => isSending(read(one)[0]));
  if (first === undefined) return undefined;
  const asked = [first, ...others] as const;
  const apis = new Set(asked.map((one) => read(one)[0]));
  if (apis.size < sendingLimit) return undefined;
  const [, account] = JSON.parse(subject) as readonly [string, string];
  const known = first.by?.workload !== undefined || first.by?.attribution.kind === "person";
  return {
    title: `${first.by?.workload ?? "Somebody whom no manifest names"} asked how much mail and how many messages the account may send`,
    severity: known ? "low" : "medium",
    confidence: "medium",
    ...(account === "" ? {} : { resource: account }),
    evidence: [
      { kind: "count", what: "kinds of questions about sending", count: apis.size, limit: sendingLimit - 1 },
      ...shown(asked),
    ],
    marks: asked,
  };
}

const shown = (marks: readonly Mark[]): readonly Evidence[] =>
  marks.slice(0, mostShown).map(({ eventID, member }) => ({
    kind: "field",
    eventID,
    path: "eventName",
    value: excerpt(read({ member })[0]),
  }));

const mostShown = 5;
