import { excerpt } from "../../event/excerpt.ts";
import { text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { isLongTerm } from "../../iam/identifiers.ts";
import { tokenVendingApis } from "../agents/ai-calls.ts";
import { attempted, graded } from "../attempt.ts";
import type { Seen } from "../detector.ts";
import { actingAs } from "../escalation/acting.ts";
import type { Evidence } from "../finding.ts";
import type { Mark } from "../windows/window-store.ts";
import { defineWindowDetector, type Span, type WindowDetection } from "../windows/windowed.ts";

/** An agent has a handful of tools; whoever asks for tokens of so many other systems in a quarter of an hour empties the vault. */
const manyProviders = 6;
/** So many identities of agents, asked for by one signer, are not one agent's. */
const manyIdentities = 4;

const [firstApi = "bedrock-agentcore:GetResourceApiKey", ...otherApis] = tokenVendingApis;

/** Finds tokens of other systems that are fetched from AgentCore's vault in bulk, or by a person. */
export const sprawlTokenVending = defineWindowDetector({
  id: "sprawl-token-vending",
  version: "1",
  title: "Tokens that AgentCore keeps for agents were fetched in bulk, or by a person",
  family: "secret-sprawl",
  maturity: "incubating",
  needsDeclarations: false,
  attack: ["T1528", "T1555.006"],
  controls: {
    owaspNhi: ["NHI2:2025", "NHI9:2025", "NHI10:2025"],
    owaspAsi: ["ASI03", "ASI02"],
    nistCsf: ["PR.AA-05", "DE.AE-02"],
    nistAiRmf: ["MEASURE 2.7", "MANAGE 4.1"],
    maestro: ["L3 Agent Frameworks", "L6 Security and Compliance"],
  },
  watches: [calls(firstApi, ...otherApis)],
  falsePositives: [
    "A developer runs an agent on their own machine, in their own session",
    "One runtime role serves many agents: give each its own",
  ],
  triage: [
    "Ask the owner of the signer which of these systems it works with",
    "Revoke the tokens at the systems themselves: deleting the identity at AWS does not end what was handed out",
    "Contain the signer where nobody knows, and look what the tokens were used for",
  ],
  references: [
    "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/identity-authentication.html",
    "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/scope-credential-provider-access.html",
    "https://github.com/aws-samples/aws-incident-response-playbooks",
  ],
  size: 15 * 60_000,
  wants: () => [],
  marks(seen) {
    const { event } = seen;
    if (event.kind !== "api-call" || event.principal.invokedBy !== undefined) return [];
    const subject = actingAs(event.principal);
    if (subject === undefined) return [];
    const { request } = event;
    const provider = text(request["resourceCredentialProviderName"]).slice(0, longest);
    const identity = text(request["workloadName"]).slice(0, longest);
    const [kind, name] = provider === "" ? ["identity", identity] : ["provider", provider];
    return [{ subject, member: JSON.stringify([kind, name, bySomebody(seen)]) }];
  },
  begins: () => true,
  judge: judged,
});

/** Names of providers and identities are shorter (AgentCore API reference). */
const longest = 256;

/** People have no use for agents' tokens. Static keys are told of by a detector of their own. */
const bySomebody = ({ event, attribution, workload }: Seen): boolean =>
  attribution.kind === "person" &&
  workload === undefined &&
  event.kind === "api-call" &&
  !(event.principal.accessKeyId !== undefined && isLongTerm(event.principal.accessKeyId));

interface Vended {
  readonly mark: Mark;
  readonly kind: "provider" | "identity";
  readonly name: string;
  readonly person: boolean;
}

function vendedIn(mark: Mark): readonly Vended[] {
  if (!mark.member.startsWith('["')) return [];
  const [kind, name, person]: readonly unknown[] = JSON.parse(mark.member);
  return (kind === "provider" || kind === "identity") && typeof name === "string" && typeof person === "boolean"
    ? [{ mark, kind, name, person }]
    : [];
}

function judged({ marks, more }: Span): WindowDetection | undefined {
  const all = marks.toSorted((a, b) => a.at - b.at || (a.eventID < b.eventID ? -1 : 1)).flatMap(vendedIn);
  const [first, ...rest] = all;
  if (first === undefined) return undefined;
  const providers = namesOf(all, "provider");
  const identities = namesOf(all, "identity");
  const bulk = providers.length >= manyProviders || identities.length >= manyIdentities;
  const person = all.some((one) => one.person);
  if (!bulk && !person) return undefined;
  const done = all.some(({ mark }) => !attempted(mark.by?.outcome ?? "unknown"));
  const who = first.mark.by?.workload ?? (person ? "A person" : "Somebody whom no manifest names");
  const many =
    providers.length >= manyProviders
      ? `tokens of ${more ? "more than " : ""}${providers.length} other systems`
      : identities.length >= manyIdentities
        ? `tokens of ${more ? "more than " : ""}${identities.length} agents`
        : "tokens that are kept for agents";
  return {
    title: `${who} ${done ? "fetched" : "tried to fetch"} ${many}`,
    severity: graded(bulk ? (person ? "high" : "medium") : "low", done ? "done" : "denied"),
    confidence: bulk ? "high" : "medium",
    evidence: [
      { kind: "count", what: "other systems", count: providers.length, limit: manyProviders - 1 },
      { kind: "count", what: "identities of agents", count: identities.length, limit: manyIdentities - 1 },
      ...all
        .filter(({ name }) => name !== "")
        .slice(0, 5)
        .map(
          ({ mark, kind, name }): Evidence => ({
            kind: "field",
            eventID: mark.eventID,
            path: `requestParameters.${kind === "provider" ? "resourceCredentialProviderName" : "workloadName"}`,
            value: excerpt(name),
          }),
        ),
    ],
    marks: [first.mark, ...rest.map(({ mark }) => mark)],
  };
}

const namesOf = (all: readonly Vended[], kind: Vended["kind"]): readonly string[] => [
  ...new Set(all.flatMap((one) => (one.kind === kind && one.name !== "" ? [one.name] : []))),
];
