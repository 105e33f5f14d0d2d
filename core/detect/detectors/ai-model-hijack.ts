import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { calls, trailCalls } from "../../event/watch.ts";
import type { IamTables } from "../../iam/tables.ts";
import {
  askingApis,
  lookingApis,
  type ModelUse,
  modelUse,
  modelUseMark,
  modelUseOf,
  openingApis,
} from "../agents/model-use.ts";
import { graded } from "../attempt.ts";
import { actingAs } from "../escalation/acting.ts";
import { standingJudge } from "../escalation/standing.ts";
import { consoleSigned, lastingKeySigned } from "../exposure/people.ts";
import type { Evidence, Severity } from "../finding.ts";
import type { Mark } from "../windows/window-store.ts";
import { defineWindowDetector, type Span, type WindowDetection, type WindowDetector } from "../windows/windowed.ts";

const hour = 3_600_000;
/** So many models that do not answer, or Regions in which none does, are tried out rather than used. */
const manyPairs = 5;
const manyRegions = 3;

/**
 * Finds one identity that opens models for itself and uses them, asks whether calls are logged before it calls, or tries
 * out which models answer: the ways in which stolen credentials are turned into somebody else's bill.
 */
export function aiModelHijack(iam: IamTables): WindowDetector {
  const standingOf = standingJudge(iam);
  return defineWindowDetector({
    id: "ai-model-hijack",
    version: "1",
    title: "Models were used as those do who stole the credentials for them",
    family: "ai-abuse",
    maturity: "incubating",
    needsDeclarations: false,
    attack: ["T1496", "T1580", "T1078.004"],
    controls: {
      owaspNhi: ["NHI2:2025", "NHI5:2025"],
      owaspAsi: ["ASI02", "ASI03"],
      nistCsf: ["PR.AA-05", "DE.AE-03", "DE.CM-09"],
      nistAiRmf: ["MEASURE 2.7", "MANAGE 4.1"],
      maestro: ["L1 Foundation Models", "L6 Security and Compliance"],
    },
    watches: [calls(...lookingApis, ...openingApis), trailCalls(...askingApis)],
    falsePositives: [
      "A platform team opens a model by a script and tries at once whether it answers",
      "A developer tries out which models of a new account answer",
      "A scanner of settings runs under the same role as an application",
    ],
    triage: [
      "Ask the owner of the identity whether it should use models at all, and these",
      "Look from where the calls came, in every Region, and what they cost so far",
      "If nobody planned it, contain the identity, close what was opened, and ask AWS Support about the bill",
    ],
    references: [
      "https://www.sysdig.com/blog/llmjacking-stolen-cloud-credentials-used-in-new-ai-attack",
      "https://permiso.io/blog/exploiting-hosted-models",
      "https://stratus-red-team.cloud/attack-techniques/AWS/aws.impact.bedrock-invoke-model/",
    ],
    size: 6 * hour,
    wants: () => [],
    marks(seen) {
      const { event, attribution, workload } = seen;
      if (event.kind !== "api-call" || attribution.kind === "service") return [];
      const acting = actingAs(event.principal);
      const use = acting === undefined ? undefined : modelUse(event);
      if (acting === undefined || use === undefined) return [];
      // What a declared workload asks is judged by its envelope; here it counts only together with what it opened.
      if (workload !== undefined && use.kind === "looked") return [];
      if (use.kind === "opened" && standingOf(seen, []).kind === "inside") return [];
      return [{ subject: JSON.stringify([acting, signedBy(event)]), member: modelUseMark(use) }];
    },
    begins: () => true,
    judge: judged,
  });
}

/** A key that does not expire is what is stolen and sold; a console is where people try models. */
type Signed = "key" | "console" | "session";

const signedBy = (call: ApiCall): Signed =>
  consoleSigned(call) ? "console" : lastingKeySigned(call) ? "key" : "session";

interface Used<Use extends ModelUse = ModelUse> {
  readonly mark: Mark;
  readonly use: Use;
}

function judged(span: Span): WindowDetection | undefined {
  const uses = span.marks
    .toSorted((a, b) => a.at - b.at || (a.eventID < b.eventID ? -1 : 1))
    .flatMap((mark): readonly Used[] => {
      const use = modelUseOf(mark.member);
      return use === undefined ? [] : [{ mark, use }];
    });
  const signed = span.subject.endsWith('"key"]') ? "key" : span.subject.endsWith('"console"]') ? "console" : "session";
  const declared = uses.some(({ mark }) => mark.by?.workload !== undefined);
  const asked = uses.flatMap(({ mark, use }) => (use.kind === "asked" ? [{ mark, use }] : []));
  const opened = uses.filter(({ mark, use }) => use.kind === "opened" && mark.by?.outcome === "done");
  if (opened.length > 0 && asked.length > 0)
    return told({ uses: [...opened, ...asked], signed, says: "opened models for itself and used them", grave: "high" });
  if (declared) return undefined;
  const logging = uses.filter(({ use }) => use.kind === "looked" && use.logging);
  if (logging.length > 0 && asked.length > 0 && signed !== "console")
    return told({
      uses: [...logging, ...asked],
      signed,
      says: "looked whether calls to models are logged, and called some",
      // A pipeline reads such settings on each run; whoever is refused besides is trying.
      grave: signed === "key" ? "high" : asked.some(({ use }) => use.refused) ? "medium" : "low",
    });
  const refused = asked.filter(({ use }) => use.refused);
  const regions = new Set(refused.map(({ use }) => use.region)).size;
  if (refused.length < manyPairs && regions < manyRegions) return undefined;
  const where = regions < manyRegions ? "" : ` in ${regions} Regions`;
  return told({
    uses: refused,
    signed,
    says: `tried out which models answer${where}`,
    grave: signed === "console" ? "low" : "medium",
    counted: {
      what: `models that did not answer, by Region${span.more ? ", at least" : ""}`,
      count: refused.length,
      limit: manyPairs - 1,
    },
  });
}

interface Told {
  readonly uses: readonly Used[];
  readonly signed: Signed;
  readonly says: string;
  readonly grave: Severity;
  readonly counted?: { readonly what: string; readonly count: number; readonly limit: number };
}

function told({ uses, signed, says, grave, counted }: Told): WindowDetection | undefined {
  const ordered = uses.map(({ mark }) => mark).toSorted((a, b) => a.at - b.at || (a.eventID < b.eventID ? -1 : 1));
  const [first, ...rest] = ordered;
  if (first === undefined) return undefined;
  const { by } = ordered.find(({ by: one }) => one?.workload !== undefined) ?? first;
  const who = by?.workload ?? "Somebody whom no manifest names";
  // Opening and asking in the console is how people try a model out.
  const severity = signed === "console" ? "low" : grave;
  const done = uses.some(({ mark }) => mark.by?.outcome === "done");
  return {
    title: `${who} ${says}${signed === "key" ? ", with credentials that do not expire" : ""}`,
    severity: counted === undefined && !done ? graded(severity, "denied") : severity,
    confidence: "high",
    evidence: [
      { kind: "count", what: "different calls to or about models", count: uses.length },
      ...(counted === undefined ? [] : [{ kind: "count", ...counted } as const]),
      ...uses.slice(0, mostShown).map(({ mark, use }): Evidence => shown(mark, use)),
    ],
    marks: [first, ...rest],
  };
}

const mostShown = 6;

const shown = ({ eventID }: Mark, use: ModelUse): Evidence =>
  use.kind === "looked" || use.model === ""
    ? { kind: "field", eventID, path: "eventName", value: excerpt(use.kind === "asked" ? "(no model)" : use.api) }
    : { kind: "field", eventID, path: "requestParameters.modelId", value: excerpt(use.model) };
