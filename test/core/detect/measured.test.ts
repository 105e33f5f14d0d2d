import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { detectorsWith } from "../../../core/detect/catalog.ts";
import { atLeast, type Finding } from "../../../core/detect/finding.ts";
import { runDetector, wakeIndex } from "../../../core/detect/run.ts";
import { decode } from "../../../core/event/decode.ts";
import { seenOf } from "../../fixtures/read.ts";
import { tables } from "../../fixtures/tables.ts";
import { workload } from "../../fixtures/workloads.ts";

/** Third-party data for measuring only; it is never part of the project. */
const folder = join(import.meta.dirname, "../../../../shared/data/open");
const present = existsSync(folder);
if (!present) console.warn("skipped: ../shared/data/open is not here, so nothing can be measured against it");

const rowsOf = (name: string): readonly Record<string, unknown>[] =>
  gunzipSync(readFileSync(join(folder, name)))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

const detectors = detectorsWith(tables);
const index = wakeIndex(detectors);

/** One workload that has nothing to do with the data is declared, so that every detector is awake. */
const declared = [workload("bystander")];

function findingsOf(record: unknown): readonly Finding[] {
  if (decode(record).kind !== "event") return [];
  const seen = seenOf({ record, workloads: ["bystander"] }, declared);
  return index.awake(seen.event, seen.registry).flatMap((one) => runDetector(one, seen));
}

const loud = (record: unknown): readonly string[] =>
  findingsOf(record)
    .filter((one) => atLeast(one.severity, "medium"))
    .map((one) => `${one.detector} ${one.severity}: ${one.title}`);

describe.skipIf(!present)("on public records", () => {
  it("bothers nobody in production, and hardly anybody in authorised changes", () => {
    const hits = new Map<string, string[]>([
      ["prod_real", []],
      ["lab_iac", []],
    ]);
    for (const { tier, event } of rowsOf("benign.open.jsonl.gz")) hits.get(String(tier))?.push(...loud(event));
    expect(hits.get("prod_real")).toEqual([]);
    expect(hits.get("lab_iac")?.length).toBeLessThanOrEqual(4);
  });

  it("finds every admin grant, opened bucket, static key and stopped trail among the attacks", () => {
    const expected = [
      "cloudtrail-stop",
      "iam-create-admin-user",
      "iam-create-backdoor-role",
      "s3-backdoor-bucket-policy",
    ];
    const found = new Set<string>();
    const missed: string[] = [];
    for (const { id, events } of rowsOf("attacks.open.jsonl.gz")) {
      const hits = (Array.isArray(events) ? events : []).flatMap(loud);
      const technique = expected.find((one) => String(id).includes(one));
      if (technique === undefined) continue;
      if (hits.length === 0) missed.push(String(id));
      else found.add(technique);
    }
    expect(missed).toEqual([]);
    expect([...found].sort()).toEqual(expected);
  });

  it("is quiet on machines without accelerators", () => {
    const rows = rowsOf("ai_gpu_cloudtrail.open.jsonl.gz").filter((one) => one["kind"] === "compute_non_gpu");
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.flatMap(({ event }) => findingsOf(event))).toEqual([]);
  });
});
