import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { evaluateLines } from "../../cli/policy-evaluate.ts";

const file = join(import.meta.dirname, "../../../shared/data/open/iam_eval_tests.open.jsonl.gz");
const present = existsSync(file);
if (!present) console.warn("skipped: ../shared/data/open is not here, so policy evaluation is not measured");

interface Row {
  readonly test: Readonly<Record<string, unknown>>;
  readonly expected: { readonly response: string };
}

/** Layers and options that the measurement leaves out. */
const leftOut = /^(?:resource.*Polic|serviceControl|endpoint|simulation)/;

describe.skipIf(!present)("policy evaluation, measured", () => {
  it("decides at least 97 of 100 cases of others as they do", async () => {
    const rows = gunzipSync(readFileSync(file))
      .toString()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Row)
      .filter(({ test }) => !Object.keys(test).some((name) => leftOut.test(name)));
    expect(rows.length).toBe(126);
    const out: string[] = [];
    const terminal = { out: (line: string) => void out.push(line), err: () => {}, interactive: false, columns: 80 };
    const input = rows.map(({ test }, id) => `${JSON.stringify({ ...test, id })}\n`);
    expect(await evaluateLines(Readable.from(input), terminal)).toBe(0);
    const decisions = out.map((line) => (JSON.parse(line) as { decision: string }).decision);
    const right = rows.filter(({ expected }, at) => expected.response === decisions[at]);
    expect(right.length / rows.length).toBeGreaterThanOrEqual(0.97);
  });
});
