import { excerpt } from "../../event/excerpt.ts";
import { fields } from "../../event/json.ts";
import { calls, trailCalls } from "../../event/watch.ts";
import { asAccessKeyId, isLongTerm } from "../../iam/identifiers.ts";
import { modelAdminApis, modelUseApis, tokenVendingApis } from "../agents/ai-calls.ts";
import { attempted } from "../attempt.ts";
import type { Evidence } from "../finding.ts";
import { defineWindowDetector, type Span, type WindowDetection } from "../windows/windowed.ts";

const [firstUse = "bedrock:InvokeModel", ...otherUses] = [...modelUseApis, ...tokenVendingApis];

const day = 86_400_000;
/** What AWS itself and the CIS benchmark ask for ("Rotate access keys when needed"). */
const oldest = 90;

/**
 * Finds the static key that works with models and is older than 90 days. Keys do not tell their age: it is known from the
 * call that made one, or is at least the time since its first use, where the records at hand go back so far.
 */
export const sprawlKeyNotRotated = defineWindowDetector({
  id: "sprawl-key-not-rotated",
  version: "1",
  title: "A static key that works with models was not rotated for 90 days",
  family: "secret-sprawl",
  maturity: "incubating",
  needsDeclarations: false,
  attack: ["T1078.004"],
  controls: {
    owaspNhi: ["NHI7:2025"],
    owaspAsi: ["ASI03"],
    nistCsf: ["PR.AA-01", "ID.AM-08"],
    nistAiRmf: ["MANAGE 4.1", "GOVERN 1.4"],
    maestro: ["L6 Security and Compliance"],
  },
  watches: [calls("iam:CreateAccessKey", ...modelAdminApis), trailCalls(firstUse, ...otherUses)],
  falsePositives: ["The system that holds the key cannot take another without a change that is planned"],
  triage: [
    "Ask the owner whether what holds the key could take a role, Roles Anywhere or OIDC instead",
    "If not, make a second key, move to it, and deactivate the first before you delete it",
  ],
  references: [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html",
    "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html",
  ],
  // A live line forgets after 36 hours and cannot know this: it is told where the records of months are replayed.
  size: 2 * oldest * day,
  wants: () => [],
  marks({ event }) {
    if (event.kind !== "api-call" || attempted(event.outcome)) return [];
    if (event.api === "iam:CreateAccessKey") {
      const made = asAccessKeyId(fields(event.response["accessKey"])["accessKeyId"]);
      return made === undefined ? [] : [{ subject: made, member: born }];
    }
    const { accessKeyId, invokedBy, bearer } = event.principal;
    if (accessKeyId === undefined || !isLongTerm(accessKeyId) || invokedBy !== undefined || bearer) return [];
    // One mark for a week: what comes later in it changes nothing by more than days.
    return [{ subject: accessKeyId, member: `used ${Math.floor(event.at / (7 * day))}` }];
  },
  begins: () => true,
  judge: judged,
});

const born = "born";

function judged({ subject, marks }: Span): WindowDetection | undefined {
  const [first, ...rest] = marks.toSorted((a, b) => a.at - b.at || (a.eventID < b.eventID ? -1 : 1));
  const late = rest.find(({ at, member }) => member !== born && at - (first?.at ?? at) >= oldest * day);
  if (first === undefined || late === undefined) return undefined;
  const days = Math.floor((late.at - first.at) / day);
  const at: Evidence = {
    kind: "field",
    eventID: late.eventID,
    path: "userIdentity.accessKeyId",
    value: excerpt(subject),
  };
  return {
    title: `A static key that works with models is ${first.member === born ? "" : "at least "}${days} days old`,
    severity: "low",
    confidence: "high",
    audience: "owner",
    evidence: [at, { kind: "count", what: "days", count: days, limit: oldest }],
    marks: [first, late],
  };
}
