import { excerpt } from "../../event/excerpt.ts";
import { text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { isLongTerm } from "../../iam/identifiers.ts";
import { placeOf } from "../call-place.ts";
import type { Evidence } from "../finding.ts";
import type { Mark } from "../windows/window-store.ts";
import { defineWindowDetector, type SeenMark, type Span, type WindowDetection } from "../windows/windowed.ts";

/** So many users' keys tried from one address within minutes are a list that somebody works through. */
const many = 5;

/** Programs that look for leaked keys and then try them, by a word of their user agents, and where that was read. */
const scanners: readonly { readonly word: string; readonly label: string; readonly source: `https://${string}` }[] = [
  {
    word: "trufflehog",
    label: "TruffleHog",
    source: "https://docs.datadoghq.com/security/default_rules/def-000-f2a/",
  },
];

/** Finds keys that are tried out: by a scanner that found one, or one after the other from one address. */
export const sprawlKeyProbe = defineWindowDetector({
  id: "sprawl-key-probe",
  version: "1",
  title: "A static key was tried out",
  family: "secret-sprawl",
  maturity: "incubating",
  needsDeclarations: false,
  attack: ["T1087.004", "T1078.004", "T1552.001"],
  controls: {
    owaspNhi: ["NHI2:2025", "NHI7:2025"],
    owaspAsi: ["ASI03"],
    nistCsf: ["DE.CM-03", "DE.AE-02"],
    nistAiRmf: ["MEASURE 2.7"],
    maestro: ["L6 Security and Compliance"],
  },
  watches: [calls("sts:GetCallerIdentity")],
  falsePositives: [
    "Your own scan of repositories verifies what it finds: the key has leaked all the same, if only to you",
    "A pipeline works with a key for each of many accounts, one after the other",
  ],
  triage: [
    "Ask whether the scan is yours; where it is, it says in which file the key stands",
    "Deactivate the key and give what uses it a role; look what was called with it from that address",
    "Look for the other keys that came from the same address",
  ],
  references: [
    "https://docs.datadoghq.com/security/default_rules/def-000-f2a/",
    "https://www.rapid7.com/blog/post/tr-crimson-collective-a-new-threat-group-observed-operating-in-the-cloud/",
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html",
  ],
  size: 15 * 60_000,
  wants: () => [],
  marks({ event }) {
    if (event.kind !== "api-call" || event.principal.invokedBy !== undefined) return [];
    const { accessKeyId, arn } = event.principal;
    if (accessKeyId === undefined || arn === undefined || !isLongTerm(accessKeyId)) return [];
    const said = text(event.record["userAgent"]).slice(0, 1_024).toLowerCase();
    const scanner = scanners.find(({ word }) => said.includes(word));
    const marks: readonly SeenMark[] =
      placeOf(event).kind === "network"
        ? [{ subject: `address ${text(event.record["sourceIPAddress"])}`, member: JSON.stringify(["tried", arn]) }]
        : [];
    return scanner === undefined
      ? marks
      : [...marks, { subject: arn, member: JSON.stringify(["scanner", scanner.label]) }];
  },
  begins: () => true,
  judge: judged,
});

function judged({ subject, marks, more }: Span): WindowDetection | undefined {
  const sorted = marks.toSorted((a, b) => a.at - b.at || (a.eventID < b.eventID ? -1 : 1));
  const [first, ...rest] = sorted;
  if (first === undefined) return undefined;
  const [kind, label] = partsOf(first.member);
  if (kind === "scanner")
    return {
      title: `A static key was tried out by something that calls itself ${label}: it has been found somewhere`,
      severity: "medium",
      // The caller wrote the user agent: a hint and no more.
      confidence: "low",
      resource: subject,
      evidence: [{ kind: "field", eventID: first.eventID, path: "userAgent", value: excerpt(label) }],
      marks: [first, ...rest],
    };
  const users = [...new Set(sorted.map(({ member }) => partsOf(member)[1]))];
  if (users.length < many) return undefined;
  return {
    title: `Static keys of ${more ? "more than " : ""}${users.length} users were tried out from one address`,
    severity: "low",
    confidence: "medium",
    evidence: [
      { kind: "count", what: "users whose keys asked who they are", count: users.length, limit: many - 1 },
      ...sorted.slice(0, 5).map((mark): Evidence => hopOf(mark)),
    ],
    marks: [first, ...rest],
  };
}

const hopOf = ({ member, eventID }: Mark): Evidence => ({ kind: "hop", principal: partsOf(member)[1], eventID });

function partsOf(member: string): readonly [kind: string, value: string] {
  if (!member.startsWith('["')) return ["", ""];
  const [kind, value]: readonly unknown[] = JSON.parse(member);
  return [text(kind), text(value)];
}
