import process from "node:process";
import { Command } from "commander";
import { instant, printInstant } from "../core/event/instant.ts";
import { attributionLine } from "../core/record/line.ts";
import { drawn, fitted, holderName, penFor } from "./chain-picture.ts";
import { meantBy } from "./identity-match.ts";
import { type SourceOptions, withIdentities } from "./identity-source.ts";
import { type Terminal, visible } from "./terminal.ts";
import { usageError } from "./usage.ts";
import { callersOf, mostSightings, type Proof, proofsOf, type Sighting, sightingsOf } from "./who-find.ts";
import { whoText } from "./who-view.ts";

/** `cordon who`: everybody that an access key id, an ARN or an event id stands for, with the chain to the root and its proof. */
export function who(
  typed: string,
  paths: readonly string[],
  options: SourceOptions,
  terminal: Terminal,
): Promise<number> {
  if (typed === "") throw usageError("name an access key id, an ARN or an event id");
  return withIdentities(paths, options, terminal, async (source) => {
    const byEvent = callersOf(source, typed);
    const { all, newest } =
      byEvent.length > 0 ? { all: byEvent.length, newest: byEvent } : sightingsOf(source, meantBy(typed));
    const [first] = newest;
    if (first === undefined) return sayNobody(typed, source.read, terminal);
    const shown = options.json ? newest : [first];
    const ids = new Set(
      shown.flatMap(({ eventID, attribution }) => [eventID, ...attribution.hops.map((hop) => hop.eventID ?? "")]),
    );
    const proofs = await proofsOf(source, ids);
    if (all > newest.length)
      terminal.err(`${all.toLocaleString("en-US")} match; these are the ${mostSightings} that acted last`);
    if (options.json) {
      for (const one of newest) await terminal.out(lineOf(one, proofs));
      return;
    }
    const pen = penFor(process.env);
    const { columns } = terminal;
    if (newest.length > 1) {
      await terminal.out(`${all.toLocaleString("en-US")} sessions match ${drawn(typed, pen)}, newest first:`);
      for (const one of newest) await terminal.out(fitted(drawn(row(one), pen), columns, pen));
      await terminal.out("");
      await terminal.out("The newest (name the key of another one to see its chain):");
    }
    for (const line of whoText(first, { pen, columns, proofs })) await terminal.out(line);
  });
}

function sayNobody(typed: string, read: string, terminal: Terminal): void {
  terminal.err(
    `nothing matches ${visible(typed)}: ${read} were read. Give a whole access key id, ARN or event id; the record may be older or of another account or Region, so read more (cordon pull --since 48h)`,
  );
}

const row = ({ principal, attribution, calls, last }: Sighting): string => {
  const name = attribution.kind === "contested" ? "contested" : (attribution.id ?? attribution.kind);
  const key = principal?.accessKeyId ?? "(no key)";
  const holder = holderName(attribution.hops[0]?.principal ?? "");
  return `  ${printInstant(instant(last * 1_000))}  ${key.padEnd(20)}  ${String(calls).padStart(7)} records  ${name}  ${holder}`;
};

/** The attribution line of the record a session is shown by; of a record that a store did not keep, its API is not known. */
function lineOf({ principal, attribution, eventID, first }: Sighting, proofs: ReadonlyMap<string, Proof>): string {
  const event = proofs.get(eventID)?.event;
  const line = attributionLine({
    eventID,
    at: event?.at ?? instant(first * 1_000),
    account: event?.account ?? principal?.account ?? "",
    region: event?.region ?? "",
    api: event?.kind === "api-call" ? event.api : ":",
    ...(principal === undefined ? {} : { principal }),
    attribution,
  });
  return event?.kind === "api-call" ? line : JSON.stringify({ ...JSON.parse(line), api: undefined });
}

export function whoCommand(terminal: Terminal, exitWith: (code: number) => void): Command {
  return new Command("who")
    .description(
      "Who is behind a credential or a call: the chain to the root, each step with the record that proves it.",
    )
    .argument(
      "<ID>",
      "an access key id, an ARN (role, session, user) or an event id; a workload's name lists its sessions",
    )
    .argument("[PATH...]", "files or folders with records, or - for standard input")
    .option("--store <FILE>", "the SQLite file that replay wrote with --store, instead of files")
    .option("--workloads <DIR>", "manifests (default: ./workloads if it exists)")
    .option("--json", "print attribution lines as NDJSON")
    .addHelpText(
      "after",
      `
Exit codes: 0 done, also when nothing matches (then nothing is on standard output) · 2 wrong usage · 3 some input was parked
            · 4 the store failed

Examples:
  cordon who ASIAIOSFODNN7EXAMPLE ./pulled
  cordon who arn:aws:iam::111122223333:role/support-bot --store cordon.sqlite`,
    )
    .action(async (typed: string, paths: string[], options: SourceOptions) =>
      exitWith(await who(typed, paths, options, terminal)),
    );
}
