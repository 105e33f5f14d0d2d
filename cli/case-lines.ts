import type { Decision } from "../core/decide/decision.ts";
import type { Case } from "../core/detect/case.ts";
import type { Finding } from "../core/detect/finding.ts";
import { printInstant } from "../core/event/instant.ts";
import { fields } from "../core/event/json.ts";
import type { Settlement } from "../core/flow/settle.ts";
import type { Attribution } from "../core/identity/attribution.ts";
import { caseLine } from "../core/record/line.ts";
import { capacityOf, capacityRows } from "./capacity-picture.ts";
import { certainty, chainLine, chainTree, shortArn } from "./chain-picture.ts";
import { visible } from "./terminal.ts";

/** One case as an on-call person reads it first: who, through which chain, everything found, and what would have been done. */
export function* caseStory(one: Case, settlement: Settlement, columns: number): Generator<string> {
  const found = findingsOf(one, settlement);
  if (found.length === 0) return;
  yield cut(heading(one, found), columns);
  yield* pictureOf(found);
  const [cost] = capacityRows(capacityOf(fields(JSON.parse(caseLine(one)))));
  if (cost !== undefined) yield cut(`  ${cost.join("   ")}`, columns);
  for (const finding of found) {
    yield cut(`  ${clock(finding)} ${findingText(finding)}`, columns);
    const decision = decisionOn(finding, settlement);
    if (decision !== undefined) yield cut(`           would have: ${wouldHave(decision)}`, columns);
  }
}

/** The same in three lines, for a list of cases: its worst finding stands for the others. */
export function* caseBrief(one: Case, settlement: Settlement, columns: number): Generator<string> {
  const found = findingsOf(one, settlement);
  const worst = found.find((finding) => finding.severity === one.severity);
  if (worst === undefined) return;
  yield cut(heading(one, found), columns);
  yield cut(`  ${chainLine(worst.attribution)}  (${sureness(worst.attribution)})`, columns);
  const decision = decisionOn(worst, settlement);
  const would = decision === undefined ? "" : ` | would have: ${wouldHave(decision)}`;
  yield cut(`  ${findingText(worst)}${would}`, columns);
}

const findingsOf = ({ findingIds }: Case, { findings }: Settlement): readonly Finding[] => {
  const own = new Set<string>(findingIds);
  return findings.filter((finding) => own.has(finding.id) && finding.severity !== "info");
};

const heading = ({ severity, id, root }: Case, found: readonly Finding[]): string => {
  const [first, last] = [found[0], found.at(-1)];
  const span = first === undefined || last === undefined ? "" : ` · ${clock(first)} to ${clock(last)} UTC`;
  const count = found.length === 1 ? "" : ` · ${found.length} findings`;
  return `${severity.toUpperCase()} ${id.slice(0, 8)}${span}${count} · ${visible(root.kind)} ${visible(root.id)}`;
};

const findingText = ({ severity, title, outcome, resource }: Finding): string =>
  `${severity.padEnd(8)} ${title}${outcome === "done" ? "" : ` (${outcome})`}${resource === undefined ? "" : `: ${visible(shortArn(resource))}`}`;

const decisionOn = ({ id }: Finding, { decisions }: Settlement): Decision | undefined =>
  decisions.find((decision) => decision.findingId === id);

const cut = (line: string, columns: number): string =>
  line.length > columns ? `${line.slice(0, columns - 1)}…` : line;

const sureness = ({ confidence, kind }: Attribution): string =>
  kind === "contested" || kind === "unattributed" ? kind : `${confidence} confidence`;

/** The longest chain among a case's findings. */
function* pictureOf(found: readonly Finding[]): Generator<string> {
  const [longest] = found.toSorted((a, b) => b.attribution.hops.length - a.attribution.hops.length);
  if (longest === undefined) return;
  let title = "  CHAIN  ";
  for (const line of [...chainTree(longest.attribution), certainty(longest.attribution)]) {
    yield `${title}${line}`;
    title = " ".repeat(title.length);
  }
}

function wouldHave({ would, actions }: Decision): string {
  const what = actions
    .map(({ kind, target, grade }) => `${kind} ${visible(shortArn(target))}${grade === undefined ? "" : `, ${grade}`}`)
    .join(", ");
  switch (would) {
    case "dismiss":
      return "nothing";
    case "ticket":
      return "a ticket";
    case "approve":
      return `${what} (asks first)`;
    case "contain":
      return `${what} (automatic)`;
  }
}

const clock = ({ at }: Finding): string => printInstant(at).slice(11, 19);
