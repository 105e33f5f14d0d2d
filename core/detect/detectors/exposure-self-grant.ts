import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { list, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { nameOf } from "../../iam/compare/trust-body.ts";
import { attempted } from "../attempt.ts";
import { deploys } from "../deployments/deploy.ts";
import type { Seen } from "../detector.ts";
import { actingAs } from "../escalation/acting.ts";
import type { Evidence } from "../finding.ts";
import { keyGrantOf } from "../grants/key-grant.ts";
import { newEntries } from "../grants/resource-entries.ts";
import { resourceBefore, resourceQuestions, writtenBy } from "../grants/resource-write.ts";
import { isOneself } from "../oneself.ts";
import type { Mark } from "../windows/window-store.ts";
import { defineWindowDetector, type Span, type WindowDetection } from "../windows/windowed.ts";

/** A day: whoever lets itself in reads soon, and windows of programs that read all day stay few. */
const day = 86_400_000;

/** Finds whoever manages secrets or keys, lets itself in, and then reads: rights that nobody gave it to read with. */
export const exposureSelfGrant = defineWindowDetector({
  id: "exposure-self-grant",
  version: "1",
  title: "An identity let itself into secrets or keys that it only manages, and read",
  family: "exposure",
  maturity: "incubating",
  needsDeclarations: false,
  attack: ["T1098", "T1555.006"],
  controls: {
    owaspNhi: ["NHI5:2025"],
    owaspAsi: ["ASI03"],
    nistCsf: ["PR.AA-05", "PR.DS-01", "DE.CM-09"],
    nistAiRmf: ["MANAGE 2.4"],
    maestro: ["L2 Data Operations", "L6 Security and Compliance"],
  },
  watches: [
    calls(
      "kms:CreateGrant",
      "kms:PutKeyPolicy",
      "secretsmanager:BatchGetSecretValue",
      "secretsmanager:GetSecretValue",
      "secretsmanager:PutResourcePolicy",
      "ssm:GetParameter",
      "ssm:GetParameters",
    ),
  ],
  falsePositives: ["A deployment sets up a secret with its policy, and reads it to check"],
  triage: [
    "Ask the owner of the secret whether whoever manages it may also read it",
    "Take the statement or the grant off, and rotate what was read",
    "Look for the same identity letting itself into other secrets and keys",
  ],
  references: [
    "https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html",
    "https://docs.aws.amazon.com/kms/latest/developerguide/grants.html",
    "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html",
  ],
  size: day,
  wants: (event) => (event.kind === "api-call" ? resourceQuestions(event, writtenBy(event)) : []),
  marks(seen) {
    const { event, attribution } = seen;
    const acting = event.kind === "api-call" ? actingAs(event.principal) : undefined;
    if (event.kind !== "api-call" || acting === undefined || attribution.kind === "service") return [];
    if (attempted(event.outcome)) return [];
    const subject = JSON.stringify([acting, event.account ?? ""]);
    return [...openedBy(event, seen), ...readBy(event)].map((did) => ({ subject, member: JSON.stringify(did) }));
  },
  begins: (mark) => read(mark)[0] !== "read",
  judge,
});

/** What was done: a policy or a grant that lets oneself in, or a read; of what; and whether a deployment did it. */
type Did = readonly [what: "policy" | "grant" | "read", resource: string, deploys: 0 | 1];

const read = ({ member }: Pick<Mark, "member">): Did => JSON.parse(member);

function openedBy(call: ApiCall, seen: Seen): readonly Did[] {
  const trade = seen.workload !== undefined && deploys(seen.workload) ? 1 : 0;
  const grant = keyGrantOf(call);
  if (grant !== undefined) return grant.opens && isOneself(grant.grantee, call) ? [["grant", grant.key, trade]] : [];
  const written = writtenBy(call);
  if (written === undefined || (call.api !== "kms:PutKeyPolicy" && call.api !== "secretsmanager:PutResourcePolicy"))
    return [];
  const { old, known } = resourceBefore(seen, call, written);
  // A key's policy names whoever writes it, so that it is not locked out: only what is known to be new counts.
  if (call.api === "kms:PutKeyPolicy" && !known) return [];
  const self = newEntries(old, written.document).some(({ principal }) => isOneself(nameOf(principal), call));
  return self ? [["policy", written.resource, trade]] : [];
}

function readBy({ api, request }: ApiCall): readonly Did[] {
  const names = ((): readonly string[] => {
    switch (api) {
      case "secretsmanager:GetSecretValue":
        return [text(request["secretId"])];
      case "secretsmanager:BatchGetSecretValue":
        return list(request["secretIdList"]).map(text);
      case "ssm:GetParameter":
        return request["withDecryption"] === true ? [text(request["name"])] : [];
      case "ssm:GetParameters":
        return request["withDecryption"] === true ? list(request["names"]).map((one) => text(one)) : [];
      default:
        return [];
    }
  })();
  return names.filter((one) => one !== "").map((one): Did => ["read", one.slice(0, longest), 0]);
}

const longest = 300;

/** A secret's ARN ends in its name, a hyphen and six characters ("GetSecretValue", SecretId). */
const isSame = (secret: string, asked: string): boolean => secret === asked || bare(secret) === bare(asked);

function bare(secret: string): string {
  const name = secret.slice(secret.lastIndexOf(":") + 1);
  return secret.startsWith("arn:") && name.at(-7) === "-" ? name.slice(0, -7) : name;
}

function judge({ marks: [begun, ...others] }: Span): WindowDetection | undefined {
  const [what, resource, trade] = read(begun);
  const ofSecret = resource.includes(":secretsmanager:");
  const reads = others.filter((one) => {
    const [did, asked] = read(one);
    return did === "read" && (!ofSecret || isSame(resource, asked));
  });
  if (reads.length === 0) return undefined;
  const who = begun.by?.workload ?? "Somebody whom no manifest names";
  const into = ofSecret ? "a secret" : "a key";
  return {
    title: `${who} let itself into ${into} by a ${what}, and then read ${reads.length === 1 ? "a secret" : `${reads.length} secrets`}`,
    severity: trade === 1 ? "medium" : "high",
    confidence: ofSecret ? "high" : "medium",
    resource: String(excerpt(resource)),
    evidence: [
      { kind: "count", what: "secrets read after it", count: reads.length },
      ...reads.slice(0, mostShown).map(
        (one): Evidence => ({
          kind: "field",
          eventID: one.eventID,
          path: "requestParameters",
          value: excerpt(read(one)[1]),
        }),
      ),
    ],
    marks: [begun, ...reads],
  };
}

const mostShown = 5;
