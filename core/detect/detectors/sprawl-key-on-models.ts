import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { calls, trailCalls } from "../../event/watch.ts";
import { isLongTerm } from "../../iam/identifiers.ts";
import { isStaticToken } from "../../identity/iam-user.ts";
import { modelAdminApis, modelUseApis, tokenVendingApis } from "../agents/ai-calls.ts";
import { attempted, graded } from "../attempt.ts";
import type { Severity } from "../finding.ts";
import type { Mark } from "../windows/window-store.ts";
import { defineWindowDetector, type Span, type WindowDetection } from "../windows/windowed.ts";

const [firstAdmin = "bedrock:CreateAgent", ...otherAdmin] = modelAdminApis;
const [firstUse = "bedrock:InvokeModel", ...otherUses] = [...modelUseApis, ...tokenVendingApis];
const uses: ReadonlySet<string> = new Set([...modelUseApis, ...tokenVendingApis]);

/** Finds models and agents that are called with a credential that lasts, or that anybody can use who has read it once. */
export const sprawlKeyOnModels = defineWindowDetector({
  id: "sprawl-key-on-models",
  version: "1",
  title: "Models or agents are called with a static key or a bearer token",
  family: "secret-sprawl",
  maturity: "incubating",
  needsDeclarations: false,
  attack: ["T1078.004", "T1550.001", "T1496.004"],
  controls: {
    owaspNhi: ["NHI7:2025", "NHI2:2025", "NHI4:2025"],
    owaspAsi: ["ASI03"],
    nistCsf: ["PR.AA-01", "PR.AA-03", "DE.CM-03"],
    nistAiRmf: ["MEASURE 2.7", "MANAGE 4.1"],
    maestro: ["L1 Foundation Models", "L6 Security and Compliance"],
  },
  watches: [calls(firstAdmin, ...otherAdmin), trailCalls(firstUse, ...otherUses)],
  falsePositives: [
    "Somebody tries out a model with a key, as Bedrock's console offers",
    "A program outside AWS that has no other way to sign in yet: Roles Anywhere or OIDC would give it one",
  ],
  triage: [
    "Ask the owner of the user what holds the key, and look from where it is used",
    "If nobody knows, deactivate the key (for a Bedrock API key: its service-specific credential) and look at the cost of the models",
    "Give what calls the model a role; deny `bedrock:CallWithBearerToken` where no API key is wanted",
  ],
  references: [
    "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-permissions.html",
    "https://www.beyondtrust.com/blog/entry/aws-bedrock-security-guide-api-keys-detection-response",
    "https://sysdig.com/blog/llmjacking-stolen-cloud-credentials-used-in-new-ai-attack/",
  ],
  // Two of them and the one before are within the 36 hours that live windows are kept.
  size: 12 * 3_600_000,
  wants: () => [],
  marks({ event }) {
    if (event.kind !== "api-call" || event.principal.invokedBy !== undefined || event.principal.unproven) return [];
    const held = credentialOf(event);
    if (held === undefined) return [];
    const member = JSON.stringify([held.form, event.api, attempted(event.outcome)]);
    return [{ subject: held.id, member }];
  },
  begins: () => true,
  judge: judged,
});

type Form = "root-key" | "static-key" | "long-term-token" | "short-term-token";
const forms: readonly Form[] = ["root-key", "static-key", "long-term-token", "short-term-token"];

/** The credential, and by what the calls made with it belong together: never a session's name. */
function credentialOf({ principal }: ApiCall): { readonly form: Form; readonly id: string } | undefined {
  const { accessKeyId, arn = "", kind } = principal;
  // AWS writes that the call bears a token; a call that is signed never says so.
  if (principal.bearer === true) {
    const form = kind === "iam-user" && isStaticToken(principal) ? "long-term-token" : "short-term-token";
    return { form, id: `${form} ${principal.kind === "assumed-role" ? principal.role : arn}` };
  }
  if (accessKeyId === undefined || !isLongTerm(accessKeyId)) return undefined;
  return { form: kind === "root" ? "root-key" : "static-key", id: `${accessKeyId} ${arn}` };
}

interface Use {
  readonly mark: Mark;
  readonly form: Form;
  readonly api: string;
  readonly tried: boolean;
}

function useIn(mark: Mark): readonly Use[] {
  if (!mark.member.startsWith('["')) return [];
  const [said, api, tried]: readonly unknown[] = JSON.parse(mark.member);
  const form = forms.find((one) => one === said);
  return form !== undefined && typeof api === "string" && typeof tried === "boolean"
    ? [{ mark, form, api, tried }]
    : [];
}

function judged({ subject, marks }: Span): WindowDetection | undefined {
  const all = marks.toSorted((a, b) => a.at - b.at || (a.eventID < b.eventID ? -1 : 1)).flatMap(useIn);
  // What did come to pass, and uses models, names the finding; whatever it began with.
  const telling = all.filter(({ api }) => uses.has(api));
  const done = telling.filter(({ tried }) => !tried);
  const [first, ...rest] = done.length > 0 ? done : telling.length > 0 ? telling : all;
  if (first === undefined) return undefined;
  const apis = [...new Set(all.map(({ api }) => api))].sort();
  const outcome = all.every(({ tried }) => tried) ? "denied" : "done";
  const workload = first.mark.by?.workload;
  const who = workload === undefined ? "somebody whom no manifest names" : workload;
  return {
    title: `${telling.length > 0 ? "Models or agents were" : "What runs models was"} ${
      outcome === "done" ? "" : "in vain "
    }called with ${named[first.form]} by ${who}`,
    severity: graded(severityOf(first.form, telling.length > 0, workload !== undefined), outcome),
    confidence: "high",
    ...(first.mark.by?.principal === undefined ? {} : { resource: first.mark.by.principal }),
    ...(workload === undefined ? {} : { audience: "owner" as const }),
    evidence: [
      {
        kind: "field",
        eventID: first.mark.eventID,
        path: first.form.endsWith("token") ? "additionalEventData.callWithBearerToken" : "userIdentity.accessKeyId",
        value: excerpt(first.form.endsWith("token") ? "true" : subject.slice(0, subject.indexOf(" "))),
      },
      { kind: "count", what: `different calls: ${apis.slice(0, 5).join(", ")}`, count: apis.length },
    ],
    marks: [first.mark, ...rest.map(({ mark }) => mark)],
  };
}

const named: Readonly<Record<Form, string>> = {
  "root-key": "a static key of the root user",
  "static-key": "a static key",
  "long-term-token": "a long-term Bedrock API key",
  "short-term-token": "a short-term Bedrock API key",
};

/** A token of a few hours is worth a line; a manifest that names a key's user has somebody who answers for it. */
function severityOf(form: Form, used: boolean, declared: boolean): Severity {
  switch (form) {
    case "root-key":
      return "high";
    case "short-term-token":
      return "info";
    case "static-key":
    case "long-term-token":
      return used && !declared ? "medium" : "low";
  }
}
