import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { loadWorkloads } from "../adapters/local/workloads.ts";
import { severities } from "../core/detect/finding.ts";
import { caseStory } from "./case-lines.ts";
import { type LineResult, runLine } from "./embedded-line.ts";
import { responsePolicy } from "./response-policy.ts";
import { exit, type Terminal } from "./terminal.ts";
import { usageError } from "./usage.ts";
import { watchersFor } from "./watchers.ts";

const example = (name: string): string => fileURLToPath(new URL(`../examples/${name}`, import.meta.url));

/** `cordon sample`: the main job on the bundled incident, embedded, without an account; ends with what to do next. */
export async function sample(terminal: Terminal): Promise<number> {
  const loaded = await loadWorkloads(example("workloads"), "examples/workloads");
  if (!loaded.ok) throw usageError("the example manifests do not load: this copy of Cordon is damaged");
  const { registry } = loaded;
  const result = await runLine(
    {
      inputs: [{ shown: "examples/sample", path: example("sample") }],
      registry,
      watchers: watchersFor([]),
      policy: responsePolicy("contain", registry),
      horizon: {},
      workers: 1,
      rows: "not-wanted",
    },
    { total: () => undefined, progress: () => undefined, parked: () => undefined, passedOver: () => undefined },
  );
  for (const line of story(result, terminal.columns)) await terminal.out(line);
  return exit.done;
}

function* story({ summary, settlement, spread, files }: LineResult, columns: number): Generator<string> {
  const telling = settlement.findings.filter((one) => one.severity !== "info");
  const incident = new Set(telling.flatMap((one) => one.eventIDs));
  const share = ((100 * summary.attributed) / settlement.tally.records).toFixed(1);
  yield "One hour of a small AI platform, bundled and synthetic: 6 declared workloads, one of them prompt-injected.";
  yield "";
  yield `READ      ${summary.records.toLocaleString("en-US")} records from ${files} files, ${spread.regions.size} Regions, in ${summary.seconds} s; ${summary.duplicates} duplicates, ${summary.parked} parked`;
  yield `WHO       ${share} % of them attributed to a workload, a service or a person, with proof`;
  yield `QUIET     ${(settlement.tally.records - incident.size).toLocaleString("en-US")} ordinary records: 0 findings above info`;
  yield "";
  const worstFirst = settlement.cases
    .filter((one) => one.severity !== "info")
    .toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
  for (const one of worstFirst) {
    yield* caseStory(one, settlement, columns);
    yield "";
  }
  yield "Nothing was changed anywhere: replay never acts. Next:";
  yield "  npm run -s cordon -- pull --since 24h --lookup      your own records, read-only; says what it will do first";
  yield "  npm run -s cordon -- replay ./pulled                the same screen for your account";
  yield "  npm run -s cordon -- case list examples/sample --workloads examples/workloads";
}

export function sampleCommand(terminal: Terminal, exitWith: (code: number) => void): Command {
  return new Command("sample")
    .description("Replays the bundled sample incident with the example manifests (npm start).")
    .action(async () => exitWith(await sample(terminal)));
}
