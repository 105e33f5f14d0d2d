import type { CallReport } from "../core/flow/simulate/simulated-calls.ts";
import { counted } from "./simulate-items.ts";
import type { SimulatedRecords } from "./simulate-records.ts";
import type { Result } from "./simulate-run.ts";

/** What a candidate came to, in a sentence or two. */
export function summaryOf(result: Result): readonly string[] {
  switch (result.kind) {
    case "calls":
      return [`${result.name}: ${callsSaid(result.report)}`];
    case "manifests": {
      const { before, after } = result.findings;
      const change = (name: keyof typeof before, noun: string): string => `${noun} ${before[name]} → ${after[name]}`;
      const counts = [
        change("findings", "findings"),
        change("pages", "pages"),
        change("tickets", "tickets"),
        change("approvals", "approvals"),
        change("containments", "containments"),
      ];
      return [`${result.name}: ${counts.join(", ")}`, `envelopes: ${callsSaid(result.report)}`];
    }
    case "plan": {
      const count = (kind: "unknown" | "known"): number =>
        result.effects.filter((one) => (one.kind === "unknown") === (kind === "unknown")).length;
      const known = count("known");
      const said = known === 0 ? "grants nothing beyond what is declared" : `${counted(known, "thing")} to review`;
      return [`${result.name}: ${said}, ${count("unknown")} not known yet`];
    }
  }
}

function callsSaid({ effects, judged, refused }: CallReport): string {
  const of = (kind: "denied" | "depends" | "outside"): number =>
    effects.filter((one) => one.kind === kind).reduce((sum, one) => sum + one.calls, 0);
  const [denied, depends, outside] = [of("denied"), of("depends"), of("outside")];
  const parts = [
    ...(denied > 0 ? [`${denied.toLocaleString("en-US")} would be denied`] : []),
    ...(depends > 0 ? [`${depends.toLocaleString("en-US")} may be denied`] : []),
    ...(outside > 0 ? [`${outside.toLocaleString("en-US")} outside`] : []),
  ];
  const said = parts.length === 0 ? "none would change" : parts.join(", ");
  return `${counted(judged, "call")} judged, ${said}${refused === 0 ? "" : `; ${counted(refused, "call")} had been refused anyway`}`;
}

const isIdle = ({ judged, refused, notJudged }: CallReport): boolean => judged + refused + notJudged.size === 0;

/** What records, and candidates judged by them, cannot show; each once. */
export function blindSpots(results: readonly Result[], records: SimulatedRecords | undefined): readonly string[] {
  const said: string[] = [];
  for (const result of results) {
    if (result.kind === "plan") {
      said.push("a plan shows what it manages: policies that are attached elsewhere count only with --account-state");
      continue;
    }
    for (const [because, calls] of result.report.notJudged)
      said.push(`${counted(calls, "call")} not judged: ${because}`);
    if (result.kind === "calls") said.push(...result.notes);
    if (isIdle(result.report)) said.push(`${result.name}: no call in these records is of anybody whom it is for`);
  }
  if (records !== undefined) {
    const { spread } = records;
    if (spread === undefined) said.push("a store keeps what declared workloads did, not what others did");
    else {
      if (spread.reads === 0) said.push("read-only calls: none are in these records");
      if (spread.dataEvents === 0)
        said.push("data events (S3 objects, Lambda and agent invocations): none are in these records");
    }
    if (results.some(({ kind }) => kind === "calls"))
      said.push(
        "calls of AWS services and of service-linked roles are not judged; conditions on keys that no record has are taken as doubt",
      );
  }
  return [...new Set(said)];
}
