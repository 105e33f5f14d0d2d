import { dayOf, instant, printInstant } from "../core/event/instant.ts";
import { fields, type JsonObject, list, text } from "../core/event/json.ts";
import { drawn, fitted, holderName, type Pen } from "./chain-picture.ts";
import type { IdentitySource } from "./identity-source.ts";
import { remembering } from "./remembering.ts";
import type { Row } from "./timeline-rows.ts";

/** What a timeline is made of: a record, or a finding with its decision lines. */
export type Moment =
  | { readonly kind: "row"; readonly at: number; readonly id: string; readonly row: Row }
  | {
      readonly kind: "finding";
      readonly at: number;
      readonly raw: string;
      readonly line: JsonObject;
      readonly decisions: readonly string[];
    };

/** Equal calls one after the other, told as one. */
interface Run {
  readonly row: Row;
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly resources: "same" | "several";
}

/** A line a record for a person; equal calls are folded, findings and decisions marked, the day and the signer said when they change. */
export function* timelineText(
  moments: Iterable<Moment>,
  { state }: IdentitySource,
  { pen, columns }: { readonly pen: Pen; readonly columns: number },
): Generator<string> {
  let run: Run | undefined;
  let [day, signer] = ["", ""];
  const signerOf = remembering((number) => {
    const { arn, id, accessKeyId } = state.principals.read(number);
    return `${holderName(arn ?? id ?? "a caller without a name")}${accessKeyId === undefined ? "" : `  ${accessKeyId}`}`;
  });
  const shown = (line: string): string => fitted(drawn(line, pen), columns, pen);
  const dated = function* (at: number): Generator<string> {
    if (dayOf(instant(at)) === day) return;
    day = dayOf(instant(at));
    yield day;
  };
  const close = function* (): Generator<string> {
    if (run === undefined) return;
    yield* dated(run.from);
    const by = signerOf(run.row.principal);
    if (by !== signer) yield shown(`  signed by ${by}`);
    signer = by;
    yield shown(runText(run));
    run = undefined;
  };
  for (const moment of moments) {
    if (moment.kind === "row") {
      if (run !== undefined && isSame(run, moment)) run = longer(run, moment);
      else {
        yield* close();
        run = { row: moment.row, from: moment.at, to: moment.at, count: 1, resources: "same" };
      }
      continue;
    }
    yield* close();
    yield* dated(moment.at);
    yield shown(findingText(moment.at, moment.line));
    for (const decision of moment.decisions) yield shown(decisionText(fields(JSON.parse(decision))));
  }
  yield* close();
}

type RowMoment = Extract<Moment, { kind: "row" }>;

const isSame = ({ row, from }: Run, { row: other, at }: RowMoment): boolean =>
  row.principal === other.principal &&
  row.api === other.api &&
  row.account === other.account &&
  row.region === other.region &&
  row.outcome === other.outcome &&
  dayOf(instant(from)) === dayOf(instant(at));

const longer = (run: Run, { row, at }: RowMoment): Run => ({
  ...run,
  to: at,
  count: run.count + 1,
  resources: row.resource === run.row.resource ? run.resources : "several",
});

function runText({ row, from, to, count, resources }: Run): string {
  const { account, region, api, outcome, resource } = row;
  const more = [
    count === 1 ? "" : `x ${count.toLocaleString("en-US")}${to === from ? "" : ` to ${clock(to)}`}`,
    outcome === "done" ? "" : outcome,
    resource === "" ? "" : `${resource}${resources === "several" ? " and others" : ""}`,
  ].filter(Boolean);
  return `  ${clock(from)}  ${account} ${region.padEnd(9)}  ${api}${more.length === 0 ? "" : `  ${more.join("  ")}`}`;
}

const findingText = (at: number, line: JsonObject): string => {
  const [outcome, resource] = [text(line["outcome"]), text(line["resource"])];
  return `! ${clock(at)}  FINDING ${text(line["severity"])}: ${text(line["title"])}${outcome === "done" ? "" : ` (${outcome})`}${resource === "" ? "" : `: ${resource}`}`;
};

function decisionText(line: JsonObject): string {
  const actions = list(line["actions"]).flatMap((one) => {
    const { kind, target, grade } = fields(one);
    return [`${text(kind)} ${text(target)}`, ...(grade === undefined ? [] : [text(grade)])];
  });
  const would = [text(line["would"]), ...actions].join(", ");
  return `            DECIDED ${text(line["kind"])} (mode ${text(line["mode"])}); in contain mode: ${would}`;
}

const clock = (at: number): string => printInstant(instant(at)).slice(11, 19);
