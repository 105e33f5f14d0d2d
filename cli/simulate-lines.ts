import { printInstant } from "../core/event/instant.ts";
import type { JsonObject } from "../core/event/json.ts";
import type { PlannedEffect } from "../core/flow/simulate/planned-effect.ts";
import type { CallEffect } from "../core/flow/simulate/simulated-calls.ts";
import type { FindingEffect } from "../core/flow/simulate/simulated-findings.ts";
import type { Result } from "./simulate-run.ts";

/** NDJSON: a `simulated` line for each effect of a candidate, then its `simulation` line with the counts. */
export function* simulationLines(result: Result): Generator<string> {
  const candidate = result.name;
  const line = (body: JsonObject): string => JSON.stringify({ type: "simulated", candidate, ...body });
  switch (result.kind) {
    case "calls":
      for (const one of result.report.effects) yield line(callLine(one));
      yield JSON.stringify({ type: "simulation", candidate, ...callCounts(result.report) });
      return;
    case "manifests": {
      for (const one of result.findings.effects) yield line(findingLine(one));
      for (const one of result.report.effects) yield line(callLine(one));
      const { before, after } = result.findings;
      yield JSON.stringify({ type: "simulation", candidate, before, after, ...callCounts(result.report) });
      return;
    }
    case "plan":
      for (const one of result.effects) yield line(planLine(one));
      yield JSON.stringify({
        type: "simulation",
        candidate,
        effects: result.effects.length,
        unknown: result.effects.filter(({ kind }) => kind === "unknown").length,
      });
  }
}

const callLine = (one: CallEffect): JsonObject => ({
  kind: one.kind,
  severity: one.severity,
  who: one.who,
  declared: one.declared,
  api: one.api,
  action: one.action,
  because: one.because,
  calls: one.calls,
  days: one.days,
  first: printInstant(one.first),
  last: printInstant(one.last),
  resources: one.resources,
  example: {
    ...(one.example.eventID === undefined ? {} : { eventID: one.example.eventID }),
    at: printInstant(one.example.at),
    api: one.example.api,
    ...(one.example.resource === undefined ? {} : { resource: one.example.resource }),
  },
});

const findingLine = (one: FindingEffect): JsonObject => ({
  kind: `finding-${one.kind}`,
  severity: one.severity,
  who: one.who,
  declared: one.declared,
  detector: one.detector,
  title: one.title,
  findings: one.findings,
  would: { ...one.would },
  example: {
    findingId: one.example.id,
    eventID: one.example.eventIDs[0],
    at: printInstant(one.example.at),
    ...(one.example.resource === undefined ? {} : { resource: one.example.resource }),
  },
});

const planLine = (one: PlannedEffect): JsonObject => ({
  kind: one.kind,
  severity: one.severity,
  who: one.subject,
  declared: one.declared,
  title: one.title,
  details: one.details,
  address: one.address,
});

function callCounts({
  judged,
  unchanged,
  refused,
  notJudged,
}: Extract<Result, { kind: "calls" }>["report"]): JsonObject {
  return { judged, unchanged, refused, notJudged: Object.fromEntries(notJudged) };
}
