import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { auditHandler } from "../../functions/audit.ts";
import { entriesOf, messageOf, portsOf } from "../core/flow/live.ts";
import { logFile } from "../fixtures/incident.ts";
import { secretsPlanted } from "../fixtures/planted-configuration.ts";
import { user } from "../fixtures/records.ts";
import { cordon, folderWith, ofType, replayed } from "./replay-stage.ts";

const { records, secrets } = secretsPlanted(200);
const made = folderWith({ "log/a.json": logFile(records) });
const log = join(made, "log");
const store = mkdtempSync(join(tmpdir(), "planted-"));
afterAll(() => rmSync(store, { recursive: true, force: true }));

/** How many of the planted secrets a text lets out. */
const leaked = (text: string): readonly string[] => secrets.filter((one) => text.includes(one));

describe("200 secrets written into configurations", () => {
  it("are found, nearly all", async () => {
    const { lines } = await replayed(log);
    const found = ofType(lines, "finding").filter((one) => one["detector"] === "sprawl-configured-secret");
    expect(found.length).toBeGreaterThanOrEqual(190);
  });

  it("come out of no line of a replay, nor of what it says beside them", async () => {
    for (const words of [["--json", "--attributions"], ["--json"], []]) {
      const { out, err } = await cordon("replay", ...words, "--workers", "1", log);
      expect(out.length).toBeGreaterThan(0);
      expect(leaked([...out, ...err].join("\n"))).toEqual([]);
    }
  });

  it("stand in no store, and in no view of it", async () => {
    const file = join(store, "store.sqlite");
    await cordon("replay", "--store", file, log);
    for (const name of readdirSync(store)) expect(leaked(readFileSync(join(store, name), "latin1")), name).toEqual([]);
    const { out } = await cordon("case", "list", "--json", "--store", file);
    const [first] = out.flatMap((line) => String((JSON.parse(line) as { id?: string }).id ?? ""));
    const views = [
      ["case", "list", "--store", file],
      ["case", "show", first ?? "", "--store", file],
      ["ledger", "show", "--store", file],
    ];
    for (const view of views) {
      const said = await cordon(...view);
      expect(leaked([...said.out, ...said.err].join("\n")), view.join(" ")).toEqual([]);
    }
  });

  it("come out of no answer about who did it, when, and with what", async () => {
    const arn = String(user()["arn"]);
    const questions = [
      ["who", arn, log],
      ["who", arn, "--json", log],
      ["timeline", arn, log],
      ["timeline", arn, "--json", log],
      ["inventory", log],
      ["inventory", "--format", "csv", log],
      ["inventory", "--secrets", "--format", "csv", log],
      ["inventory", "--json", log],
    ];
    for (const question of questions) {
      const { out, err } = await cordon(...question);
      expect(out.length, question.join(" ")).toBeGreaterThan(0);
      expect(leaked([...out, ...err].join("\n")), question.join(" ")).toEqual([]);
    }
  });

  it("reach neither the ledger nor the log of the audit function", async () => {
    const ports = portsOf({ fingerprintKey: "a key of a test" });
    const said: string[] = [];
    const handler = auditHandler(ports, (line) => void said.push(JSON.stringify(line)));
    const batch = records.map((one) => messageOf(one)).map(({ id, body }) => ({ messageId: id, body }));
    await handler({ Records: batch } as never, {} as never);
    const entries = await entriesOf(ports.ledger);
    expect(JSON.stringify(entries)).toContain("sprawl-configured-secret");
    expect(leaked(JSON.stringify(entries))).toEqual([]);
    expect(leaked(said.join("\n"))).toEqual([]);
  });
});
