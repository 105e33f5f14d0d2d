import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  daysInAll,
  type EstateTruth,
  firstDay,
  generateEstate,
  learntDays,
  logsOf,
  truthOf,
} from "../../bench/corpus-estates.ts";
import { cordon, type Line, ofType, replayed } from "./replay-stage.ts";

const day = 86_400_000;
const at = (days: number): string => new Date(firstDay + days * day).toISOString().slice(0, 10);
const workloads = 40;

/** A small company's month: drafts from its first days, made active, are held against its last week. */
const scratch = mkdtempSync(join(tmpdir(), "cordon-month-"));
const [estate, drafts] = [join(scratch, "estate"), join(scratch, "drafts")];
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let findings: readonly Line[] = [];
let truths: readonly EstateTruth[] = [];
beforeAll(async () => {
  await generateEstate({ seed: 7, directory: estate, accounts: 8, workloads, callsADay: 12 });
  truths = readFileSync(truthOf(estate), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as EstateTruth);
  const made = await cordon("envelope", "suggest", "--all", "--until", at(learntDays), "-o", drafts, logsOf(estate));
  expect(made.code).toBe(0);
  for (const name of readdirSync(drafts)) {
    const file = join(drafts, name);
    writeFileSync(file, readFileSync(file, "utf8").replace("status: draft", "status: active"));
  }
  const window = ["--since", at(learntDays), "--until", at(daysInAll + 1)];
  const judged = await replayed(logsOf(estate), "--workloads", drafts, ...window);
  expect(judged.code).toBe(0);
  findings = ofType(judged.lines, "finding");
}, 120_000);

const by = (truth: EstateTruth, among = findings): readonly Line[] => {
  const name = truth.role.slice(truth.role.lastIndexOf("/") + 1);
  return among.filter(({ principal }) => String(principal).split("/").includes(name));
};
const grave = new Set(["medium", "high", "critical"]);

describe("drafts of a company's month, made active for its last week", () => {
  it("are one for each workload", () => expect(readdirSync(drafts)).toHaveLength(workloads));

  it("page for at most one in ten of the workloads that went on as before", () => {
    const benign = truths.filter(({ drift, released }) => drift === undefined && !released);
    const loud = benign.filter((truth) => by(truth).some(({ severity }) => grave.has(String(severity))));
    expect(benign.length).toBeGreaterThan(20);
    expect(loud.length).toBeLessThanOrEqual(benign.length / 10);
  });

  it("find every workload that drifted", () => {
    const drifted = truths.filter(({ drift }) => drift !== undefined);
    expect(drifted).toHaveLength(workloads / 5);
    for (const truth of drifted) {
      const named = new Set(by(truth).flatMap(({ eventIDs }) => eventIDs as readonly string[]));
      expect([truth.drift?.kind, truth.drift?.eventIDs.some((id) => named.has(id))]).toEqual([truth.drift?.kind, true]);
    }
  });
});
