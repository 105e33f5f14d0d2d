import { fields, text } from "../event/json.ts";
import type { JournalLine } from "./journal.ts";

/** A run of the journal, and whom it is about by its immutable id. */
export interface RunOf {
  readonly run: string;
  readonly principal: string;
}

/** The journal's runs by what they are about. Answers are of the moment and sorted by run. */
export interface RunIndex {
  ofCase(caseId: string): Promise<readonly RunOf[]>;
  ofPrincipal(principal: string): Promise<readonly RunOf[]>;
  /** The intents with this token, each with its run and time; none when no step of ours has it. */
  intents(token: string): Promise<readonly JournalLine[]>;
}

/** The case that a run was received for. */
export function caseOf(lines: readonly JournalLine[]): string | undefined {
  const first = lines[0]?.entry;
  return first?.kind === "received" ? text(fields(first.request)["caseId"]) : undefined;
}
