import type { Decision } from "../../decide/decision.ts";
import { atLeast, type Finding, type Severity, severities } from "../../detect/finding.ts";
import type { Settlement } from "../settle.ts";

/** Findings of one detector about one identity that a candidate brings, takes away, or answers differently. */
export interface FindingEffect {
  readonly kind: "appears" | "disappears" | "changes";
  readonly detector: string;
  /** Of the gravest one. */
  readonly severity: Severity;
  readonly title: string;
  /** The workload's name, or the id of whoever no manifest declares. */
  readonly who: string;
  readonly declared: boolean;
  readonly findings: number;
  /** What contain mode would choose, now and with the candidate; absent is no finding. */
  readonly would: { readonly before?: Decision["would"]; readonly after?: Decision["would"] };
  /** The gravest, then the earliest. */
  readonly example: Finding;
}

/** What a line came to, counted: `pages` are findings of `high` and above that are not dismissed. */
export interface LineCounts {
  readonly findings: number;
  readonly pages: number;
  readonly tickets: number;
  readonly approvals: number;
  readonly containments: number;
}

export interface FindingReport {
  /** Gravest first, what is new before what is gone. */
  readonly effects: readonly FindingEffect[];
  readonly before: LineCounts;
  readonly after: LineCounts;
}

type Settled = Pick<Settlement, "findings" | "decisions">;

/** Compares what the same records come to without and with a candidate. */
export function simulatedFindings(before: Settled, after: Settled): FindingReport {
  const [old, now] = [indexed(before), indexed(after)];
  const groups = new Map<string, Pair[]>();
  for (const id of new Set([...old.keys(), ...now.keys()])) {
    const pair = pairOf(old.get(id), now.get(id));
    if (pair === undefined) continue;
    const { detector } = pair.finding;
    const key = JSON.stringify([pair.kind, detector, whoOf(pair.finding), pair.would]);
    groups.set(key, [...(groups.get(key) ?? []), pair]);
  }
  const effects = [...groups.values()].flatMap((pairs) => effectOf(pairs) ?? []).sort(gravestFirst);
  return { effects, before: countsOf(before), after: countsOf(after) };
}

interface Answered {
  readonly finding: Finding;
  readonly would: Decision["would"];
}

const indexed = ({ findings, decisions }: Settled): ReadonlyMap<string, Answered> => {
  const would = new Map(decisions.map((one) => [one.findingId, one.would]));
  return new Map(findings.map((finding) => [finding.id, { finding, would: would.get(finding.id) ?? "dismiss" }]));
};

interface Pair {
  readonly kind: FindingEffect["kind"];
  readonly finding: Finding;
  readonly would: FindingEffect["would"];
}

function pairOf(old: Answered | undefined, now: Answered | undefined): Pair | undefined {
  if (now === undefined) return old && { kind: "disappears", finding: old.finding, would: { before: old.would } };
  if (old === undefined) return { kind: "appears", finding: now.finding, would: { after: now.would } };
  if (old.would === now.would && old.finding.severity === now.finding.severity) return undefined;
  return { kind: "changes", finding: now.finding, would: { before: old.would, after: now.would } };
}

const whoOf = ({ attribution, workload, principal }: Finding): string =>
  workload ?? (attribution.kind === "contested" ? "contested" : attribution.id) ?? principal ?? "nobody known";

function effectOf(pairs: readonly Pair[]): FindingEffect | undefined {
  const [example] = pairs.map(({ finding }) => finding).sort(worstFirst);
  const [first] = pairs;
  if (example === undefined || first === undefined) return undefined;
  return {
    kind: first.kind,
    detector: example.detector,
    severity: example.severity,
    title: example.title,
    who: whoOf(example),
    declared: example.workload !== undefined,
    findings: pairs.length,
    would: first.would,
    example,
  };
}

function countsOf({ findings, decisions }: Settled): LineCounts {
  const count = (would: Decision["would"]): number => decisions.filter((one) => one.would === would).length;
  const grave = new Set(findings.filter(({ severity }) => atLeast(severity, "high")).map(({ id }) => id));
  return {
    findings: findings.length,
    pages: decisions.filter((one) => one.would !== "dismiss" && grave.has(one.findingId)).length,
    tickets: count("ticket"),
    approvals: count("approve"),
    containments: count("contain"),
  };
}

const rank = (severity: Severity): number => severities.length - severities.indexOf(severity);

const worstFirst = (a: Finding, b: Finding): number =>
  rank(a.severity) - rank(b.severity) || a.at - b.at || (a.id < b.id ? -1 : 1);

const kinds: readonly FindingEffect["kind"][] = ["appears", "changes", "disappears"];

const gravestFirst = (a: FindingEffect, b: FindingEffect): number =>
  kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || worstFirst(a.example, b.example);
