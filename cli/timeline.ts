import process from "node:process";
import { Command } from "commander";
import { instant, parseInstant } from "../core/event/instant.ts";
import { fields, type JsonObject, list, text } from "../core/event/json.ts";
import { within } from "../core/flow/horizon.ts";
import type { ApiName } from "../core/iam/identifiers.ts";
import { attributionLine } from "../core/record/line.ts";
import { penFor } from "./chain-picture.ts";
import { meantBy } from "./identity-match.ts";
import { type IdentitySource, type SourceOptions, withIdentities } from "./identity-source.ts";
import { type InitialStateOptions, initialState, withInitialState } from "./initial-state.ts";
import { remembering } from "./remembering.ts";
import { time } from "./replay.ts";
import { exit, type Terminal, visible } from "./terminal.ts";
import type { Timed } from "./time-order.ts";
import { actorsOf, type Row, recordsOf, rowsOf } from "./timeline-rows.ts";
import { type Moment, timelineText } from "./timeline-view.ts";
import { usageError } from "./usage.ts";

/** `cordon timeline`: everything that an identity did, through whatever role, account or key, and what was decided about it. */
export function timeline(
  typed: string,
  paths: readonly string[],
  options: SourceOptions,
  terminal: Terminal,
): Promise<number> {
  if (typed === "") throw usageError("name a workload or a principal");
  return withIdentities(paths, options, terminal, async (source) => {
    const meant = meantBy(typed);
    const actors = actorsOf(source, meant);
    const findings = findingsOf(source);
    const named = eventsOf(findings);
    const told = new Set<string>(findings.filter((one) => isAbout(one.line, typed)).map((one) => text(one.line["id"])));
    const rows = await rowsOf(source, actors, (eventID) => {
      for (const finding of named.get(eventID) ?? []) told.add(finding);
    });
    const moments = merged(rows.sorted(), findings, told);
    const known = recordsOf(source, actors);
    if (known === 0 && told.size === 0) {
      terminal.err(
        `nothing matches ${visible(typed)}: ${source.read} were read. Give a workload's name, an id as attribution lines have it, an ARN or an access key id; or read more (cordon pull --since 48h)`,
      );
      return;
    }
    if (known > rows.count)
      terminal.err(
        `${rows.count.toLocaleString("en-US")} of ${known.toLocaleString("en-US")} records are shown: a store keeps those that a finding or a chain may rest on; name the files to see all`,
      );
    const lines = options.json
      ? jsonLines(moments, source)
      : timelineText(moments, source, { pen: penFor(process.env), columns: terminal.columns });
    for (const line of lines) await terminal.out(line);
  });
}

interface Told {
  readonly at: number;
  readonly raw: string;
  readonly line: JsonObject;
  readonly decisions: readonly string[];
}

function findingsOf({ findings, decisions, horizon }: IdentitySource): readonly Told[] {
  const byFinding = Map.groupBy(decisions, (raw) => text(fields(JSON.parse(raw))["findingId"]));
  return findings
    .map((raw): Told => {
      const line = fields(JSON.parse(raw));
      return { at: parseInstant(line["at"]) ?? 0, raw, line, decisions: byFinding.get(text(line["id"])) ?? [] };
    })
    .filter(({ at }) => within(horizon, Math.floor(at / 1_000)));
}

/** Which findings each event belongs to. */
function eventsOf(findings: readonly Told[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { line } of findings)
    for (const event of list(line["eventIDs"]).map(text))
      found.set(event, [...(found.get(event) ?? []), text(line["id"])]);
  return found;
}

/** A finding names the identity itself; most are known by their events. */
const isAbout = (line: JsonObject, typed: string): boolean =>
  [line["workload"], line["principal"], fields(line["root"])["id"]].map(text).includes(typed);

/** Rows and findings in one order: at the same time the rows first, then each finding with its decisions. */
function* merged(rows: Iterable<Timed>, findings: readonly Told[], told: ReadonlySet<string>): Generator<Moment> {
  let next = 0;
  const until = function* (at: number): Generator<Moment> {
    for (let one = findings[next]; one !== undefined && one.at < at; one = findings[++next])
      if (told.has(text(one.line["id"]))) yield { kind: "finding", ...one };
  };
  for (const { at, id, text: stored } of rows) {
    yield* until(at);
    yield { kind: "row", at, id, row: JSON.parse(stored) as Row };
  }
  yield* until(Number.POSITIVE_INFINITY);
}

function* jsonLines(moments: Iterable<Moment>, { state, attributionOf }: IdentitySource): Generator<string> {
  // Sessions take turns, and reading one anew costs more than all else.
  const actor = remembering((number) => ({
    principal: state.principals.read(number),
    attribution: attributionOf(number),
  }));
  for (const moment of moments) {
    if (moment.kind === "finding") {
      yield moment.raw;
      yield* moment.decisions;
      continue;
    }
    const { at, id, row } = moment;
    yield attributionLine({
      eventID: id,
      at: instant(at),
      account: row.account,
      region: row.region,
      api: row.api as ApiName,
      ...actor(row.principal),
    });
  }
}

export function timelineCommand(terminal: Terminal, exitWith: (code: number) => void): Command {
  return withInitialState(new Command("timeline"))
    .description("Everything an identity did, across roles, accounts and keys, and what was decided, in time order.")
    .argument("<WHO>", "a workload's name, an attribution id, an ARN (role, session, user) or an access key id")
    .argument("[PATH...]", "files or folders with records, or - for standard input")
    .option("--store <FILE>", "the SQLite file that replay wrote with --store: only the records it kept")
    .option("--workloads <DIR>", "manifests (default: ./workloads if it exists)")
    .option("--since <T>", "records from this time on (inclusive); earlier ones still feed the chains", time)
    .option("--until <T>", "records before this time", time)
    .option("--json", "print attribution, finding and decision lines as NDJSON")
    .addHelpText(
      "after",
      `
Exit codes: 0 done, also when nothing matches (then nothing is on standard output) · 2 wrong usage · 3 some input was parked
            · 4 the store failed

Examples:
  cordon timeline support-bot ./pulled --since 2026-11-20T02:30:00Z
  cordon timeline arn:aws:iam::111122223333:user/ci-legacy ./pulled --json`,
    )
    .action(async (typed: string, paths: string[], options: SourceOptions & InitialStateOptions) => {
      const { initial, code } = await initialState(options, terminal);
      const done = await timeline(typed, paths, { ...options, iam: { initial } }, terminal);
      exitWith(done === exit.done ? code : done);
    });
}
