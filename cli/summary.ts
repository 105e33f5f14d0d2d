import { type Finding, type Severity, severities } from "../core/detect/finding.ts";
import { instant, printInstant } from "../core/event/instant.ts";
import type { IdentityTally, Tally } from "../core/flow/tally.ts";
import type { Registry } from "../core/identity/workload.ts";
import { caseBrief } from "./case-lines.ts";
import type { LineResult } from "./embedded-line.ts";
import { visible } from "./terminal.ts";

/** What the summary must know beside the result. */
export interface SummaryContext {
  readonly registry: Registry;
  readonly paths: readonly string[];
  readonly columns: number;
  readonly store?: string;
  readonly workloads?: string;
}

const mostCases = 10;
const mostIdentities = 10;
const mostSilences = 3;
const mostDebts = 3;

/** One screen: what was read, who acted, the riskiest identities, the cases, and what these files cannot show. */
export function* replaySummary(result: LineResult, context: SummaryContext): Generator<string> {
  yield* block("READ", readLines(result));
  yield* block("WHO", whoLines(result, context));
  yield* block("RISKIEST", riskLines(result));
  yield* block("CASES", caseBlock(result, context));
  yield* block("BLIND", blindLines(result));
}

const indent = 10;

function* block(title: string, lines: Iterable<string>): Generator<string> {
  let first = true;
  for (const line of lines) {
    yield `${(first ? title : "").padEnd(indent)}${line}`;
    first = false;
  }
}

function* readLines({ summary, spread, files }: LineResult): Generator<string> {
  const { records, duplicates, conflicts, ignored, parked, seconds } = summary;
  const span =
    spread.latest >= spread.earliest
      ? `, ${minute(spread.earliest)} to ${minute(spread.latest)} UTC (${lasting(spread.latest - spread.earliest)})`
      : "";
  yield `${count(records, "record")} from ${count(files, "file")}: ${count(spread.accounts.size, "account")}, ${count(spread.regions.size, "Region")}${span}, in ${seconds} s`;
  yield `${count(duplicates, "duplicate")}, ${count(conflicts, "conflict")}, ${number(ignored)} ignored, ${number(parked)} parked`;
  if (parked > 0) yield "next: run again with --json and look at the lines of type parked";
}

function* whoLines(
  { settlement: { tally }, summary }: LineResult,
  { registry, paths }: SummaryContext,
): Generator<string> {
  if (tally.records === 0) return yield "nobody: there are no records in this window";
  const { asserted, linked, indexed, inferred } = tally.byClass;
  yield `${share(tally.attributed, tally)} attributed: asserted ${share(asserted, tally)}, linked ${share(linked, tally)}, indexed ${share(indexed, tally)}, inferred ${share(inferred, tally)}`;
  const silences = [...tally.silences].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  for (const [because, calls] of silences.slice(0, mostSilences))
    yield `${share(calls, tally)} not: ${visible(because)} (${count(calls, "call")})`;
  for (const { calls, advice } of tally.debts.slice(0, mostDebts))
    yield `${share(calls, tally)} to gain: ${visible(advice)} (${count(calls, "call")})`;
  if (registry.workloads.length === 0)
    yield `${count(summary.undeclared, "workload")} seen, none declared: write manifests into ./workloads to judge them (docs/manifests.md)`;
  else if (summary.undeclared > 0)
    yield `${count(summary.undeclared, "workload")} acted that no manifest declares; ${count(registry.workloads.length, "manifest")} read`;
  yield `next: cordon replay --json --attributions ${visible(paths.join(" "))} says who ran each record, and what proves it`;
}

function* riskLines({ settlement: { tally, findings } }: LineResult): Generator<string> {
  const byIdentity = Map.groupBy(
    findings.filter((one) => one.severity !== "info"),
    ({ attribution }) => (attribution.kind === "contested" ? "contested" : (attribution.id ?? "no caller")),
  );
  const ranked = [...tally.identities]
    .filter(([, identity]) => identity.kind !== "service")
    .map(([id, identity]) => ({ id, identity, found: byIdentity.get(id) ?? [] }))
    .toSorted(
      (a, b) =>
        rank(b.found) - rank(a.found) ||
        b.found.length - a.found.length ||
        b.identity.calls - a.identity.calls ||
        (a.id < b.id ? -1 : 1),
    );
  for (const { id, identity, found } of ranked.slice(0, mostIdentities))
    yield `${(worst(found) ?? "-").padEnd(9)}${number(identity.calls).padStart(9)} calls  ${visible(id)} (${standing(identity)})`;
  if (ranked.length > mostIdentities) yield `and ${number(ranked.length - mostIdentities)} more`;
  if (ranked.length === 0) yield "nobody but AWS services acted";
}

const standing = ({ kind, declared }: IdentityTally): string =>
  kind === "workload" ? (declared ? "declared" : "undeclared workload") : kind;

function* caseBlock(
  { settlement }: LineResult,
  { store, workloads, paths, columns }: SummaryContext,
): Generator<string> {
  const telling = settlement.cases
    .filter((one) => one.severity !== "info")
    .toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity) || a.opened - b.opened);
  if (telling.length === 0) return yield "none";
  for (const one of telling.slice(0, mostCases)) yield* caseBrief(one, settlement, columns - indent);
  if (telling.length > mostCases) yield `and ${number(telling.length - mostCases)} more`;
  const declared = workloads === undefined ? "" : ` --workloads ${workloads}`;
  const from = store === undefined ? `${paths.join(" ")}${declared}` : `--store ${store}`;
  yield `next: cordon case show ${telling[0]?.id.slice(0, 8)} ${visible(from)}`;
}

/** Silence means something only where it could have been broken. */
function* blindLines({ spread, summary }: LineResult): Generator<string> {
  if (summary.records === 0) return yield "everything: no record was read";
  if (spread.reads === 0)
    yield "read-only calls: none are in these files, so secret reads and role chains may be missing";
  if (spread.dataEvents === 0) yield "data events: none are in these files (S3 objects, Lambda and agent invocations)";
  if (spread.envelopes === 0)
    yield "events that services send themselves (Auto Scaling, SageMaker, GuardDuty): only EventBridge has them";
  yield "Kubernetes audit, prompts and model answers are never in CloudTrail";
}

const rank = (findings: readonly Finding[]): number => {
  const severity = worst(findings);
  return severity === undefined ? -1 : severities.indexOf(severity);
};

const worst = (findings: readonly Finding[]): Severity | undefined =>
  severities.findLast((severity) => findings.some((one) => one.severity === severity));

const share = (part: number, { records }: Tally): string => `${((100 * part) / Math.max(1, records)).toFixed(1)} %`;
const number = (value: number): string => value.toLocaleString("en-US");
const count = (value: number, noun: string): string => `${number(value)} ${noun}${value === 1 ? "" : "s"}`;
const minute = (at: number): string => printInstant(instant(at)).slice(0, 16).replace("T", " ");

function lasting(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 72 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
