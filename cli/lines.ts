import { caseIdOf } from "../core/detect/case.ts";
import {
  type Attributed,
  attributionLine,
  caseLine,
  decisionLine,
  findingLine,
  summaryLine,
} from "../core/record/line.ts";
import type { LineResult } from "./embedded-line.ts";
import type { Terminal } from "./terminal.ts";

/** Finding, decision and case lines, each kind sorted by (at, id), then the summary. */
export function* linesOf({ settlement, summary }: LineResult): Generator<string> {
  for (const one of settlement.findings) yield findingLine(one, caseIdOf(one));
  for (const one of settlement.decisions) yield decisionLine(one);
  for (const one of settlement.cases) yield caseLine(one);
  yield summaryLine(summary);
}

/** Prints who ran each record, one line each. */
export async function printAttributions(records: Iterable<Attributed>, terminal: Terminal): Promise<void> {
  for (const one of records) await terminal.out(attributionLine(one));
}
