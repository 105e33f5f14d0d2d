import { createReadStream } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { run } from "../cli/main.ts";
import { fields, type JsonObject, list, text } from "../core/event/json.ts";
import type { DriftKind } from "./corpus-drift.ts";
import { type EstateTruth, firstDay, learntDays, logsOf, truthOf } from "./corpus-estates.ts";

/** What became of one kind of drift. */
export interface DriftScore {
  readonly planted: number;
  /** Some finding names one of its records. */
  readonly found: number;
  /** One of medium or above does. */
  readonly loud: number;
  /** Detectors that named them, gravest word first. */
  readonly by: readonly string[];
}

/** What a month of an estate came to. */
export interface EstateCheck {
  readonly workloads: number;
  readonly drafts: number;
  readonly byKind: ReadonlyMap<DriftKind, DriftScore>;
  /** Workloads that do not drift and had no release. */
  readonly ordinary: Noise;
  /** Workloads that a release gave a call in the judged week, which no manifest was told of. */
  readonly released: Noise;
}

/** Findings of medium or above that name no planted record, of so many workloads. */
export interface Noise {
  readonly workloads: number;
  readonly findings: readonly { readonly detector: string; readonly severity: string; readonly title: string }[];
}

/**
 * Draws drafts from the first days with `envelope suggest --all`, takes their `status: draft` out, and replays the last
 * week against them: the commands that a person would use.
 */
export async function checkEstate(directory: string): Promise<EstateCheck> {
  const scratch = await mkdtemp(join(tmpdir(), "cordon-estate-"));
  try {
    const border = new Date(firstDay + learntDays * 86_400_000).toISOString();
    const drafts = join(scratch, "workloads");
    const first = new Date(firstDay).toISOString();
    const logs = logsOf(directory);
    await spoken(["envelope", "suggest", "--all", "--since", first, "--until", border, "-o", drafts, logs]);
    const files = (await readdir(drafts)).filter((file) => file.endsWith(".yaml"));
    for (const file of files) await activate(join(drafts, file));
    const lines = await spoken(["replay", "--json", "--workloads", drafts, "--since", border, logs]);
    return scored(await truthsOf(directory), findingsIn(lines), files.length);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function activate(file: string): Promise<void> {
  const draft = await readFile(file, "utf8");
  await writeFile(file, draft.replace(/^ *status: draft\n/m, ""));
}

async function spoken(parameters: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = [];
  const errors: string[] = [];
  const terminal = {
    out: (line: string): void => void lines.push(line),
    err: (line: string): void => void errors.push(line),
    interactive: false,
    columns: 120,
  };
  const code = await run(parameters, terminal);
  if (code !== 0) throw new Error(`cordon ${parameters[0]} ended with ${code}: ${errors.slice(-3).join(" | ")}`);
  return lines;
}

async function truthsOf(directory: string): Promise<readonly EstateTruth[]> {
  const truths: EstateTruth[] = [];
  for await (const line of createInterface({ input: createReadStream(truthOf(directory)) }))
    truths.push(JSON.parse(line) as EstateTruth);
  return truths;
}

const findingsIn = (lines: readonly string[]): readonly JsonObject[] =>
  lines.map((line) => fields(JSON.parse(line))).filter((line) => line["type"] === "finding");

const loud: ReadonlySet<string> = new Set(["medium", "high", "critical"]);

function scored(truths: readonly EstateTruth[], findings: readonly JsonObject[], drafts: number): EstateCheck {
  const byEvent = new Map<string, JsonObject[]>();
  for (const finding of findings)
    for (const id of list(finding["eventIDs"]).map(text)) byEvent.set(id, [...(byEvent.get(id) ?? []), finding]);
  const byKind = new Map<DriftKind, DriftScore>();
  const planted = new Set<string>();
  for (const { drift } of truths) {
    if (drift === undefined) continue;
    for (const id of drift.eventIDs) planted.add(id);
    const hits = drift.eventIDs.flatMap((id) => byEvent.get(id) ?? []);
    const known = byKind.get(drift.kind) ?? { planted: 0, found: 0, loud: 0, by: [] };
    const by = hits.map((hit) => `${text(hit["detector"])} ${text(hit["severity"])}`);
    byKind.set(drift.kind, {
      planted: known.planted + 1,
      found: known.found + (hits.length > 0 ? 1 : 0),
      loud: known.loud + (hits.some((hit) => loud.has(text(hit["severity"]))) ? 1 : 0),
      by: [...new Set([...known.by, ...by])].sort(),
    });
  }
  const releases = new Set(truths.filter((one) => one.released).map(({ role }) => nameOf(role)));
  const noise = findings.filter(
    (one) => loud.has(text(one["severity"])) && !list(one["eventIDs"]).some((id) => planted.has(text(id))),
  );
  const noiseOf = (which: "ordinary" | "released"): Noise => ({
    workloads: truths.filter((one) => one.drift === undefined && one.released === (which === "released")).length,
    findings: noise
      .filter((one) => releases.has(text(one["principal"]).split("/")[1] ?? "") === (which === "released"))
      .map((one) => ({
        detector: text(one["detector"]),
        severity: text(one["severity"]),
        title: text(one["title"]),
      })),
  });
  return {
    workloads: truths.length,
    drafts,
    byKind,
    ordinary: noiseOf("ordinary"),
    released: noiseOf("released"),
  };
}

const nameOf = (role: string): string => role.slice(role.lastIndexOf("/") + 1);
