import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decode } from "../../core/event/decode.ts";

/** Third-party records, for measuring only; a fresh clone has none. */
const folder = join(import.meta.dirname, "../../../shared/data/open");
const present = existsSync(join(folder, "eventbridge_samples.jsonl.gz"));
if (!present) console.log(`skipped: the measurement data is not here (${join("..", "shared", "data", "open")})`);

type Row = Readonly<Record<string, unknown>>;
const rows = (file: string): readonly Row[] =>
  gunzipSync(readFileSync(join(folder, file)))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);

/** How many became what, and for what reasons the others did not. */
function outcomes(items: readonly unknown[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    const decoded = decode(item);
    const text = decoded.kind === "event" ? decoded.event.kind : `${decoded.kind}: ${decoded.because}`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
    expect(JSON.parse(JSON.stringify(decoded))).toMatchObject({ kind: decoded.kind });
  }
  return new Map([...counts].sort((a, b) => b[1] - a[1]));
}

const total = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((sum, one) => sum + one, 0);
const parked = (counts: ReadonlyMap<string, number>): number =>
  [...counts].reduce((sum, [text, count]) => sum + (text.startsWith("parked") ? count : 0), 0);
const print = (what: string, counts: ReadonlyMap<string, number>): void =>
  console.log(`${what}: ${total(counts)} ${JSON.stringify(Object.fromEntries(counts))}`);

describe.skipIf(!present)("records and events that others recorded", () => {
  it("decodes, ignores or parks every sample event with a reason", () => {
    const counts = outcomes(rows("eventbridge_samples.jsonl.gz").map((row) => row["event"] ?? row["envelope"] ?? row));
    print("sample events", counts);
    expect(total(counts)).toBe(444);
  });

  it("decodes every ordinary record", () => {
    const counts = outcomes(rows("benign.open.jsonl.gz").map((row) => row["event"] ?? row["record"] ?? row));
    print("ordinary records", counts);
    expect(parked(counts)).toBe(0);
    expect(total(counts)).toBeGreaterThan(1_000);
  });

  it("decodes every record of every attack", () => {
    const counts = outcomes(rows("attacks.open.jsonl.gz").flatMap((row) => row["events"] as readonly unknown[]));
    print("records of attacks", counts);
    expect(parked(counts)).toBe(0);
    expect(total(counts)).toBeGreaterThan(100);
  });
});
