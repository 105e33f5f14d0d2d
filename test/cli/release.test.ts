import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStore } from "../../adapters/local/sqlite.ts";
import { sqliteJournal } from "../../adapters/local/sqlite-journal.ts";
import { sqliteLater } from "../../adapters/local/sqlite-later.ts";
import { sqliteLedger } from "../../adapters/local/sqlite-ledger.ts";
import { exportLedger } from "../../cli/ledger-export.ts";
import { readinessCommand } from "../../cli/readiness.ts";
import { releaseCommand } from "../../cli/release.ts";
import { instant } from "../../core/event/instant.ts";
import { contain } from "../../core/flow/respond/contain.ts";
import { recordRun } from "../../core/flow/respond/record-run.ts";
import { containment, releaseStage } from "../core/flow/releasing.ts";
import { type Heard, hearing, run, storesMade } from "./store-made.ts";

const { folder } = storesMade();

/** A store in which one case was contained. */
async function contained(): Promise<string> {
  const file = join(folder(), "store.sqlite");
  const store = openStore(file);
  const journal = sqliteJournal(store);
  const stage = releaseStage();
  await contain(containment, { ...stage.containPorts, journal });
  await recordRun("decision-1", { journal, ledger: sqliteLedger(store) }, stage.clock.now());
  store.close();
  return file;
}

async function cordon(make: typeof releaseCommand, ...words: readonly string[]): Promise<Heard> {
  const terminal = hearing();
  await run(
    make(terminal, (code) => {
      terminal.code = code;
    }),
    ...words,
  );
  return terminal;
}

describe("cordon release", () => {
  it("shows what it would take back and whom it cuts, and asks for it once", async () => {
    const file = await contained();
    const words = ["case-1", "--benign", "--reason", "a planned move", "--store", file];
    const { code, said } = await cordon(releaseCommand, ...words);
    expect(code).toBe(0);
    expect(said.join("\n")).toMatch(/takes back .*AWSDenyAll[\s\S]*cuts nobody/);
    await cordon(releaseCommand, ...words);
    const store = openStore(file);
    const due = await sqliteLater(store).due(instant(Number.MAX_SAFE_INTEGER));
    expect(due.filter(({ message }) => message["kind"] === "release")).toHaveLength(1);
    expect(
      sqliteLedger(store)
        .ofCase("case-1")
        .filter(({ step }) => step.key.startsWith("asked:")),
    ).toHaveLength(1);
    store.close();
  });

  it("says how many sessions the other kind cuts", async () => {
    const { said } = await cordon(
      releaseCommand,
      ...["case-1", "--compromised", "--reason", "keys leaked", "--store", await contained()],
    );
    expect(said.join("\n")).toContain("cuts every session from before (4 seen in 24 hours)");
  });

  it.each([
    ["without a kind", ["--reason", "x"]],
    ["with both", ["--benign", "--compromised", "--reason", "x"]],
    ["without a reason", ["--benign"]],
  ])("refuses %s", async (_, words) => {
    await expect(cordon(releaseCommand, "case-1", ...words, "--store", "x.sqlite")).rejects.toThrow(/say/);
  });

  it("says that there is nothing of a case that it does not know", async () => {
    const words = ["case-9", "--benign", "--reason", "x", "--store", await contained()];
    expect(await cordon(releaseCommand, ...words)).toMatchObject({ code: 3 });
  });
});

describe("cordon readiness", () => {
  it("prints five gates with value, sample and bound, and that nothing is automatic while one is red", async () => {
    const { code, said } = await cordon(readinessCommand, "--store", await contained());
    expect(code).toBe(1);
    expect(said.filter((line) => /^(GREEN|RED {2}) [1-5] /.test(line))).toHaveLength(5);
    expect(said.join("\n")).toContain("reviewed decisions that were wrong: 0 of 0 (sample 0, 95 % bound 100 %)");
    expect(said.at(-1)).toMatch(/^no containment is automatic while a gate is red: wrong containments/);
  });

  it("takes what was measured in drills, and refuses what it does not know", async () => {
    const file = join(folder(), "measured.ndjson");
    writeFileSync(file, '{"what":"kill-switch-seconds","value":3,"sample":20}\n');
    const store = await contained();
    const { said } = await cordon(readinessCommand, "--store", store, "--measured", file);
    expect(said.join("\n")).toContain("ok   seconds from the kill switch to the last call: 3 (sample 20)");
    writeFileSync(file, '{"what":"luck","value":3,"sample":20}\n');
    await expect(cordon(readinessCommand, "--store", store, "--measured", file)).rejects.toThrow(/:1: write/);
  });

  it("names the owner's word that counts for less", async () => {
    const workloads = folder();
    writeFileSync(
      join(workloads, "bot.yaml"),
      [
        "apiVersion: cordon/v1",
        "kind: Workload",
        "metadata: { name: support-bot, owner: team-support }",
        "spec:",
        "  class: agent",
        "  identifiedBy: [ { roleArn: 'arn:aws:iam::111122223333:role/support-bot' } ]",
        "  envelope: { statements: [ { Effect: Allow, Action: 's3:GetObject', Resource: '*' } ] }",
        "  response: { contain: automatic }",
      ].join("\n"),
    );
    const words = ["support-bot", "--store", await contained(), "--workloads", workloads];
    const { said } = await cordon(readinessCommand, ...words);
    expect(said.at(-1)).toMatch(/^contain: automatic counts as approval while a gate is red/);
  });
});

it("exports the ledger as it is stored", async () => {
  const terminal = hearing();
  expect(await exportLedger({ store: await contained() }, terminal)).toBe(0);
  const [line = ""] = terminal.said;
  expect(JSON.parse(line)).toMatchObject({ chain: "containments", step: { kind: "acted", caseId: "case-1" } });
  expect(readFileSync(join(import.meta.dirname, "../../cli/break-glass.ts"), "utf8")).toContain('"acted"');
});
