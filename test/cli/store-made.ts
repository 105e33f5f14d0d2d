import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Command } from "commander";
import { afterEach } from "vitest";
import { lineStore } from "../../adapters/local/line-store.ts";
import { openStore } from "../../adapters/local/sqlite.ts";
import { sqliteLedger } from "../../adapters/local/sqlite-ledger.ts";
import type { Terminal } from "../../cli/terminal.ts";
import { instant, parseInstant } from "../../core/event/instant.ts";

/** A terminal that remembers what was said, and the exit code. */
export interface Heard extends Terminal {
  readonly said: string[];
  readonly warned: string[];
  code: number | undefined;
}

export function hearing(): Heard {
  const said: string[] = [];
  const warned: string[] = [];
  return {
    said,
    warned,
    code: undefined,
    out: (line) => void said.push(...line.split("\n")),
    err: (line) => void warned.push(line),
    interactive: false,
    columns: 120,
  };
}

/** Runs a command as the root would. */
export async function run(command: Command, ...words: readonly string[]): Promise<void> {
  await command.exitOverride().parseAsync([...words], { from: "user" });
}

export const caseA = "a1".repeat(16);
export const caseB = "a2".repeat(16);

const at = "2026-11-20T10:00:00Z";
const found = parseInstant(at) ?? instant(0);
const hostile = "title \u001b[31mred\u202e";

export const lines = {
  finding: JSON.stringify({
    type: "finding",
    id: "f1",
    detector: "drift-trust-widened",
    version: "1",
    family: "privilege-drift",
    severity: "high",
    confidence: "high",
    outcome: "done",
    title: hostile,
    at,
    account: "111122223333",
    region: "us-east-1",
    principal: "arn:aws:iam::111122223333:role/a",
    eventIDs: ["e1"],
    count: 1,
    evidence: [{ kind: "field", eventID: "e1", path: "requestParameters.policyDocument", value: "\u001b]0;x\u0007" }],
    caseId: caseA,
  }),
  decision: JSON.stringify({
    type: "decision",
    id: "d1",
    findingId: "f1",
    caseId: caseA,
    mode: "observe",
    kind: "observe",
    would: "contain",
    actions: [{ kind: "contain-role", target: "arn:aws:iam::111122223333:role/a", tier: 1 }],
    because: [{ rule: "playbook", detector: "drift-trust-widened" }],
  }),
  caseA: JSON.stringify({
    type: "case",
    id: caseA,
    root: { kind: "workload", id: "support-bot" },
    severity: "high",
    findingIds: ["f1"],
    opened: at,
    updated: at,
  }),
  caseB: JSON.stringify({
    type: "case",
    id: caseB,
    root: { kind: "person", id: hostile },
    severity: "critical",
    findingIds: [],
    opened: at,
    updated: at,
  }),
} as const;

/** Makes a store as a replay leaves it: two cases, a finding, a decision and a ledger of three entries. */
export function storesMade(): { readonly made: () => string; readonly folder: () => string } {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  const folder = (): string => {
    const made = mkdtempSync(join(tmpdir(), "cordon-cli-"));
    folders.push(made);
    return made;
  };
  return {
    folder,
    made() {
      const file = join(folder(), "store.sqlite");
      const store = openStore(file);
      sqliteLedger(store).appendNow(
        "replay",
        [
          { kind: "found", key: "f1", caseId: caseA, body: JSON.parse(lines.finding) },
          { kind: "decided", key: "d1", caseId: caseA, body: JSON.parse(lines.decision) },
          { kind: "case-opened", key: "c2", caseId: caseB, body: JSON.parse(lines.caseB) },
        ],
        found,
      );
      const settled = lineStore(store);
      settled.replace("finding", [{ id: "f1", at: found, caseId: caseA, line: lines.finding }]);
      settled.replace("decision", [{ id: "d1", at: found, caseId: caseA, line: lines.decision }]);
      settled.replace("case", [
        { id: caseB, at: found, line: lines.caseB },
        { id: caseA, at: found, line: lines.caseA },
      ]);
      store.close();
      return file;
    },
  };
}

/** Does to a store's file what somebody with a database client can. */
export function tamper(file: string, sql: string): void {
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
}
