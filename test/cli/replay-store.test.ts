import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStore } from "../../adapters/local/sqlite.ts";
import { sqliteLedger } from "../../adapters/local/sqlite-ledger.ts";
import { acts, incident, logFile, manifest, poorer, roleName } from "../fixtures/incident.ts";
import { eventId, record } from "../fixtures/records.ts";
import { attributions, cordon, folderWith, type Line, ofType, promised, ran, replayed } from "./replay-stage.ts";

const first = [
  ...incident({ hops: 2, acts, ordinary: 6 }),
  record({
    eventID: eventId(400),
    eventSource: "iam.amazonaws.com",
    eventName: "CreatePolicy",
    readOnly: false,
    requestParameters: {
      policyName: "own",
      policyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    },
    responseElements: { policy: { arn: "arn:aws:iam::111122223333:policy/own" } },
  }),
];
const other = incident({ hops: 1, acts: ["trail"], ordinary: 2, from: 5_000 });
const made = folderWith({
  "first/a.json": logFile(first),
  "other/b.json": logFile(other),
  "late/parent.json": logFile(first.slice(0, 1)),
  "late/rest.json": logFile(first.slice(1)),
  "workloads/w.yaml": manifest("two", roleName(2)),
});
const declared = ["--workloads", join(made, "workloads")];
const at = (name: string): string => join(made, name);
const fresh = (): string => join(folderWith({}), "store.sqlite");
const ids = (lines: readonly Line[], type: string): readonly unknown[] => ofType(lines, type).map((line) => line["id"]);
const uncounted = (out: readonly string[]): readonly string[] =>
  promised(out).map((line) => line.replace(/"duplicates":\d+/, ""));

async function entriesIn(file: string): Promise<number> {
  const store = openStore(file);
  try {
    return (await sqliteLedger(store).heads()).reduce((sum, head) => sum + head.entries, 0);
  } finally {
    store.close();
  }
}

describe("cordon replay --store", () => {
  it("prints the same lines again, attributions too, with all records counted as duplicates", async () => {
    const words = ["--attributions", "--store", fresh(), ...declared, at("first")];
    const [once, again] = [await replayed(...words), await replayed(...words)];
    expect(uncounted(again.out)).toEqual(uncounted(once.out));
    expect(attributions(again.out)).toEqual(attributions(once.out));
    expect(attributions(once.out)).toHaveLength(first.length);
    expect(once.lines.at(-1)).toMatchObject({ records: first.length, duplicates: 0 });
    expect(again.lines.at(-1)).toMatchObject({ records: first.length, duplicates: first.length });
  });

  it("prints what a replay without a store prints, and records nothing twice", async () => {
    const file = fresh();
    const stored = await replayed("--store", file, ...declared, at("first"));
    expect(promised(stored.out)).toEqual(promised((await replayed(...declared, at("first"))).out));
    const entries = await entriesIn(file);
    const { lines } = stored;
    expect(entries).toBe(ids(lines, "finding").length + ids(lines, "decision").length + ids(lines, "case").length);
    await replayed("--store", file, ...declared, at("first"));
    expect(await entriesIn(file)).toBe(entries);
  });

  it("keeps the earlier findings and cases when other files follow, as if all had been read at once", async () => {
    const file = fresh();
    const before = await replayed("--store", file, ...declared, at("first"));
    const after = await replayed("--store", file, ...declared, at("other"));
    const whole = await replayed(...declared, at("first"), at("other"));
    expect(ids(after.lines, "finding")).toEqual(expect.arrayContaining([...ids(before.lines, "finding")]));
    for (const type of ["finding", "decision", "case"]) expect(ids(after.lines, type)).toEqual(ids(whole.lines, type));
    expect(after.lines.at(-1)).toMatchObject({ records: other.length, duplicates: 0 });
    expect(await cordon("case", "list", "--json", "--store", file)).toMatchObject({
      out: expect.arrayContaining(after.out.filter((line) => line.startsWith('{"type":"case"'))),
    });
  });

  it("completes a chain whose issuing call comes with a later run", async () => {
    const file = fresh();
    await replayed("--store", file, ...declared, at("late/rest.json"));
    const after = await replayed("--store", file, ...declared, at("late/parent.json"));
    const whole = await replayed(...declared, at("first"));
    for (const type of ["finding", "decision", "case"])
      expect(ofType(after.lines, type)).toEqual(ofType(whole.lines, type));
  });

  it("answers for every detector after a run that asked for one", async () => {
    const file = fresh();
    const narrow = await replayed("--store", file, "--only", "sprawl-access-key", ...declared, at("first"));
    expect(ids(narrow.lines, "finding")).toHaveLength(1);
    const wide = await replayed("--store", file, ...declared, at("first"));
    expect(ids(wide.lines, "finding")).toEqual(ids((await replayed(...declared, at("first"))).lines, "finding"));
    expect(ids(wide.lines, "finding")).toHaveLength(5);
  });

  it("takes a fuller copy that a later run brings, and keeps a fuller one that it has", async () => {
    const thin = at("thin.json");
    writeFileSync(thin, logFile(first.map(poorer)));
    const expected = promised((await replayed(...declared, at("first"))).out).slice(0, -1);
    for (const order of [
      [thin, at("first")],
      [at("first"), thin],
    ]) {
      const file = fresh();
      const outcomes = [];
      for (const input of order) outcomes.push(await replayed("--store", file, ...declared, input));
      expect(promised(outcomes.at(-1)?.out ?? []).slice(0, -1)).toEqual(expected);
    }
  });

  it("survives a second process: the state is in the file", async () => {
    const file = fresh();
    const words = ["replay", "--json", "--workers", "1", "--store", file, ...declared, at("first")];
    const [once, again] = [await ran(words), await ran(words)];
    expect([once.code, again.code]).toEqual([0, 0]);
    expect(uncounted(again.out)).toEqual(uncounted(once.out));
  });
});

describe("a store that fails ends with 4", () => {
  it("when another process holds it", async () => {
    const file = fresh();
    const held = openStore(file);
    try {
      const { code, out, err } = await ran(["replay", "--json", "--store", file, at("first")]);
      expect([code, out]).toEqual([4, []]);
      expect(err.join("\n")).toContain(file);
    } finally {
      held.close();
    }
  });

  it.each([
    ["that is no store", () => at("first/a.json")],
    ["that is a folder", () => made],
    ["in a folder that is not there", () => at("nowhere/store.sqlite")],
  ])("for a file %s, and wins over input that is missing", async (_, file) => {
    const { code, out, err } = await replayed("--store", file(), at("missing"));
    expect([code, out]).toEqual([4, []]);
    expect(err.join("\n")).toMatch(/store|open|folder/);
  });

  it.skipIf(process.getuid?.() === 0)(
    "for one that may not be written (root may write anything, so it skips this)",
    async () => {
      const file = fresh();
      await replayed("--store", file, at("first"));
      chmodSync(file, 0o400);
      expect((await replayed("--store", file, at("first"))).code).toBe(4);
    },
  );
});
