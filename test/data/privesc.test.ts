import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { escalates } from "../../core/iam/reach/escalates.ts";
import { reachStatements } from "../../core/iam/reach/reach-statement.ts";
import { paths, table } from "../core/iam/tables.ts";

const file = join(import.meta.dirname, "../../../shared/data/open/privesc.open.jsonl.gz");
const present = existsSync(file);
if (!present) console.warn("skipped: ../shared/data/open is not here, so escalation is not measured");

interface Row {
  readonly label: boolean | null;
  readonly document: unknown;
}

describe.skipIf(!present)("escalation, measured", () => {
  const rows = (): readonly Row[] =>
    gunzipSync(readFileSync(file))
      .toString()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Row);
  const opens = ({ document }: Row): boolean => {
    const read = reachStatements(document);
    return read.ok && escalates(read.statements, { paths, table }).length > 0;
  };

  it("finds at least 98 of 100 policies that open a path", () => {
    const positives = rows().filter(({ label }) => label === true);
    expect(positives.filter(opens).length / positives.length).toBeGreaterThanOrEqual(0.98);
  });

  it("is wrong about at most 1 of 26 that open none", () => {
    const negatives = rows().filter(({ label }) => label === false);
    expect(negatives.length).toBe(26);
    expect(negatives.filter(opens).length).toBeLessThanOrEqual(1);
  });
});
