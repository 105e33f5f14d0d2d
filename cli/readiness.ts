import { readFileSync } from "node:fs";
import { Command } from "commander";
import { lineStore } from "../adapters/local/line-store.ts";
import { sqliteLedger } from "../adapters/local/sqlite-ledger.ts";
import { ownerOf } from "../core/decide/guards.ts";
import {
  type Elsewhere,
  elsewhere,
  percent,
  type ReadinessGate,
  type Readings,
  readinessGates,
  redGates,
} from "../core/decide/readiness.ts";
import { parseInstant } from "../core/event/instant.ts";
import { fields } from "../core/event/json.ts";
import { type OfTarget, readingsOf } from "../core/flow/readings.ts";
import { readEntry } from "../core/record/chain.ts";
import type { LedgerEntry } from "../core/record/ledger.ts";
import { registryFrom } from "./registry.ts";
import { answering, withStore } from "./store.ts";
import { exit, pathFrom, type Terminal, visible } from "./terminal.ts";
import { usageError } from "./usage.ts";

interface ReadinessOptions {
  readonly store?: string;
  readonly workloads?: string;
  readonly measured?: string;
  readonly json?: boolean;
}

/** `cordon readiness`: resolves to 0 when every gate is green, 1 when one is red, 4 when the store failed. */
export async function readiness(
  workload: string | undefined,
  { store, workloads, measured, json }: ReadinessOptions,
  terminal: Terminal,
): Promise<number> {
  if (store === undefined) throw usageError("name the store: cordon readiness [WORKLOAD] --store FILE");
  const registry = workload === undefined ? undefined : await registryFrom(workloads, terminal);
  const manifest = workload === undefined ? undefined : registry?.named(workload);
  if (workload !== undefined && manifest === undefined)
    throw usageError(`no manifest declares ${visible(workload)}: say --workloads DIR`);
  const isWanted: OfTarget = workload === undefined ? () => true : (arn) => ownerOf(arn, registry)?.name === workload;
  return answering(terminal, () =>
    withStore(store, async (open) => {
      const entries: LedgerEntry[] = [];
      for await (const { text } of sqliteLedger(open).stored()) entries.push(readEntry(text));
      const times = lineStore(open)
        .list("finding")
        .flatMap((line) => parseInstant(JSON.parse(line).at) ?? []);
      const gates = readinessGates(
        readingsOf(entries, { isWanted, findingsAt: times, measured: measuredIn(measured) }),
      );
      const red = redGates(gates);
      if (json) for (const one of gates) await terminal.out(JSON.stringify({ type: "gate", workload, ...one }));
      else
        for (const line of [...gates.flatMap(gateText), ...verdict(red, manifest?.response.contain)])
          await terminal.out(line);
      return red.length === 0 ? exit.done : exit.findings;
    }),
  );
}

/** Lines of `{"what","value","sample"}`: what drills and comparisons have shown. */
function measuredIn(given: string | undefined): Readings["measured"] {
  const found = new Map<Elsewhere, { readonly value: number; readonly sample: number }>();
  if (given === undefined) return found;
  for (const [number, line] of readText(given).split("\n").entries()) {
    if (line.trim() === "") continue;
    const { what, value, sample } = fields(parsed(line));
    if (typeof what !== "string" || !isElsewhere(what) || typeof value !== "number" || typeof sample !== "number")
      throw usageError(
        `${visible(given)}:${number + 1}: write {"what","value","sample"}; what is one of ${Object.keys(elsewhere).join(", ")}`,
      );
    found.set(what, { value, sample });
  }
  return found;
}

const isElsewhere = (what: string): what is Elsewhere => Object.hasOwn(elsewhere, what);

function readText(given: string): string {
  try {
    return readFileSync(pathFrom(given), "utf8");
  } catch {
    throw usageError(`--measured ${visible(given)}: it cannot be read`);
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function gateText({ gate, name, state, measures }: ReadinessGate): readonly string[] {
  return [
    `${state === "green" ? "GREEN" : "RED  "} ${gate} ${name}`,
    ...measures.map(({ what, value, sample, bound, wants, isMet }) => {
      const sure = bound === undefined ? "" : `, 95 % bound ${percent(bound)}`;
      return `      ${isMet ? "ok  " : "MISS"} ${what}: ${value} (sample ${sample}${sure}); wanted ${wants}`;
    }),
  ];
}

function verdict(red: readonly string[], contain: string | undefined): readonly string[] {
  if (red.length === 0) return ["", "every gate is green: contain: automatic holds"];
  const what = contain === "automatic" ? "contain: automatic counts as approval" : "no containment is automatic";
  return ["", `${what} while a gate is red: ${red.join(", ")}`];
}

/** `cordon readiness [WORKLOAD]`. */
export const readinessCommand = (terminal: Terminal, exitWith: (code: number) => void): Command =>
  new Command("readiness")
    .description("The five gates before a containment may be automatic: value, sample and 95 % bound of each.")
    .argument("[WORKLOAD]", "only what concerns this declared workload")
    .option("--store <FILE>", "the SQLite file that replay wrote with --store")
    .option("--workloads <DIR>", "manifests (default: ./workloads if it exists)")
    .option("--measured <FILE>", "what drills have shown, as NDJSON (docs/operations.md)")
    .option("--json", "print a line of JSON for each gate")
    .addHelpText("after", "\nExit codes: 0 every gate is green · 1 one is red · 2 wrong usage · 4 the store failed")
    .action(async (workload: string | undefined, options: ReadinessOptions) =>
      exitWith(await readiness(workload, options, terminal)),
    );
