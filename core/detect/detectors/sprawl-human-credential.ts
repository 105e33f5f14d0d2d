import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { isLongTerm } from "../../iam/identifiers.ts";
import { addressOf, inNetwork, networkOf } from "../../iam/network.ts";
import type { Registry } from "../../identity/workload.ts";
import { tellingApis } from "../agents/telling-calls.ts";
import { claimedClient } from "../call-place.ts";
import type { Evidence, Severity } from "../finding.ts";
import type { Mark } from "../windows/window-store.ts";
import { defineWindowDetector, type Span, type WindowDetection } from "../windows/windowed.ts";

/** Finds a person's credential in the hands of a program: where a declared workload runs, or in an agent's client. */
export const sprawlHumanCredential = defineWindowDetector({
  id: "sprawl-human-credential",
  version: "1",
  title: "A person's credential is used by a workload or an agent",
  family: "secret-sprawl",
  maturity: "incubating",
  needsDeclarations: false,
  attack: ["T1078.004", "T1552.001"],
  controls: {
    owaspNhi: ["NHI10:2025", "NHI9:2025"],
    owaspAsi: ["ASI03"],
    nistCsf: ["PR.AA-01", "PR.AA-02"],
    nistAiRmf: ["MAP 1.1", "MEASURE 2.7"],
    maestro: ["L6 Security and Compliance", "L7 Agent Ecosystem"],
  },
  watches: [calls(...tellingApis), calls("secretsmanager:BatchGetSecretValue", "signin:ConsoleLogin")],
  falsePositives: [
    "A person works on a machine that stands in the workload's network",
    "A person runs an agent under their own, short session, as your rules may allow",
  ],
  triage: [
    "Ask the person whether they gave the credential to the workload or the agent, and why it has none of its own",
    "Give the workload a role; deactivate the person's key where it was pasted somewhere",
    "Look what was done with it that the person would not do by hand",
  ],
  references: [
    "https://owasp.org/www-project-non-human-identities-top-10/2025/10-human-use-of-nhi/",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    "https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html",
  ],
  size: 12 * 3_600_000,
  wants: () => [],
  marks(seen) {
    const { event, attribution } = seen;
    if (event.kind !== "api-call" || event.principal.invokedBy !== undefined) return [];
    const { accessKeyId, arn, kind } = event.principal;
    if (arn === undefined) return [];
    const lasting = kind === "iam-user" && accessKeyId !== undefined && isLongTerm(accessKeyId);
    const person = attribution.kind === "person" && event.principal.unproven === undefined;
    if (!lasting && !person) return [];
    const use = useOf(event, seen.registry);
    // Nothing on a key's call says whose it is: only that somebody signs in to the console as the same user.
    if (use === undefined) return kind === "iam-user" && person ? [{ subject: arn, member: markOf(signedIn) }] : [];
    return [{ subject: arn, member: markOf({ ...use, lasting }) }];
  },
  begins: () => true,
  judge: judged,
});

/** How a program shows. What AWS wrote comes first; what the client says of itself is a hint. */
interface Use {
  readonly how: "endpoint" | "network" | "execution" | "agent" | "person";
  /** The workload whose place it is, or our own label of the client. */
  readonly by: string;
  readonly lasting: boolean;
}

const signedIn: Use = { how: "person", by: "", lasting: false };

const markOf = ({ how, by, lasting }: Use): string => JSON.stringify([how, by, lasting]);

const hows: readonly Use["how"][] = ["endpoint", "network", "execution", "agent", "person"];

function readMark(member: string): Use | undefined {
  if (!member.startsWith('["')) return undefined;
  const [said, by, lasting]: readonly unknown[] = JSON.parse(member);
  const how = hows.find((one) => one === said);
  return how !== undefined && typeof by === "string" && typeof lasting === "boolean" ? { how, by, lasting } : undefined;
}

function useOf(call: ApiCall, registry: Registry): Omit<Use, "lasting"> | undefined {
  const endpoint = text(call.record["vpcEndpointId"]);
  const address = addressOf(text(call.record["sourceIPAddress"]));
  for (const { name, status, envelope } of registry.workloads) {
    if (status !== "active" || envelope.origin === undefined) continue;
    const { vpcEndpoints = [], cidrs = [] } = envelope.origin;
    if (endpoint !== "" && vpcEndpoints.includes(endpoint)) return { how: "endpoint", by: name };
    const networks = cidrs.flatMap((one) => networkOf(one) ?? []);
    if (address !== undefined && networks.some((one) => inNetwork(one, address))) return { how: "network", by: name };
  }
  const client = claimedClient(call);
  if (client.inWorkload) return { how: "execution", by: client.family };
  return client.agent ? { how: "agent", by: client.family } : undefined;
}

function judged({ subject, marks }: Span): WindowDetection | undefined {
  const all = marks
    .toSorted((a, b) => a.at - b.at || (a.eventID < b.eventID ? -1 : 1))
    .flatMap((mark): readonly Seeing[] => {
      const use = readMark(mark.member);
      return use === undefined ? [] : [{ mark, use }];
    });
  const signIn = all.find(({ use }) => use.how === "person");
  const uses = all.filter(({ use }) => use.how !== "person" && (!use.lasting || signIn !== undefined));
  const [first, ...rest] = uses;
  if (first === undefined) return undefined;
  const worst = uses.toSorted((a, b) => hows.indexOf(a.use.how) - hows.indexOf(b.use.how))[0] ?? first;
  const lasting = uses.some(({ use }) => use.lasting);
  return {
    title: `${lasting ? "A person's static key" : "A person's session"} is used ${said(worst.use)}`,
    severity: severityOf(worst.use, lasting),
    confidence: worst.use.how === "endpoint" || worst.use.how === "network" ? "medium" : "low",
    resource: subject,
    evidence: [
      { kind: "count", what: "ways in which a program shows", count: uses.length },
      ...uses.slice(0, 5).map(
        ({ mark, use }): Evidence => ({
          kind: "field",
          eventID: mark.eventID,
          path: fieldOf[use.how],
          value: excerpt(use.by),
        }),
      ),
      ...(signIn === undefined || !lasting
        ? []
        : [{ kind: "hop", principal: subject, eventID: signIn.mark.eventID } as const]),
    ],
    marks: [first.mark, ...rest.map(({ mark }) => mark)],
  };
}

interface Seeing {
  readonly mark: Mark;
  readonly use: Use;
}

const fieldOf: Readonly<Record<Use["how"], string>> = {
  endpoint: "vpcEndpointId",
  network: "sourceIPAddress",
  execution: "userAgent",
  agent: "userAgent",
  person: "userIdentity.arn",
};

function said({ how, by }: Use): string {
  switch (how) {
    case "endpoint":
    case "network":
      return `where ${by} runs`;
    case "execution":
      return "by something that says it runs in a function or container";
    case "agent":
    case "person":
      return `by something that calls itself ${by}`;
  }
}

/** Many people let an agent work in a session of their own; a key that lasts, or a workload's place, is another thing. */
function severityOf({ how }: Use, lasting: boolean): Severity {
  if (lasting || how === "endpoint" || how === "network") return "medium";
  return how === "execution" ? "low" : "info";
}
