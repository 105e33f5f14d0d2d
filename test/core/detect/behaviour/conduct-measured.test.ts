import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { watchersFor } from "../../../../cli/watchers.ts";
import { conductDetectorsWith } from "../../../../core/detect/behaviour/conduct-catalog.ts";
import { atLeast } from "../../../../core/detect/finding.ts";
import { registryWith } from "../../../fixtures/read.ts";
import { tables } from "../../../fixtures/tables.ts";
import { workload } from "../../../fixtures/workloads.ts";
import { settled } from "../../flow/settling.ts";

/** Third-party data for measuring only; it is never part of the project. */
const folder = join(import.meta.dirname, "../../../../../shared/data/open");
const present = existsSync(folder);
if (!present) console.warn("skipped: ../shared/data/open is not here, so nothing can be measured against it");

const watchers = watchersFor(conductDetectorsWith(tables).map((one) => one.id));

/** One workload that has nothing to do with the data is declared, so that everybody in it is undeclared. */
const registry = registryWith([workload("bystander")]);

describe.skipIf(!present)("on public records, detectors of conduct", () => {
  it.each(["prod_real", "lab_iac"])("bother nobody in %s", async (tier) => {
    const records = gunzipSync(readFileSync(join(folder, "benign.open.jsonl.gz")))
      .toString("utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line): Record<string, unknown> => JSON.parse(line))
      .flatMap((row) => (row["tier"] === tier ? [row["event"]] : []));
    expect(records.length).toBeGreaterThan(500);
    const { settlement } = await settled([[records]], { registry, watchers });
    const loud = settlement.findings.filter((one) => atLeast(one.severity, "medium"));
    expect(loud.map(({ detector, severity, title }) => `${detector} ${severity}: ${title}`)).toEqual([]);
  });
});
