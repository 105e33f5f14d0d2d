import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { acts, incident, logFile, manifest, ndjson, roleName } from "../fixtures/incident.ts";
import { cordon, ended, folderWith, ofType, promised, ran, replayed, started } from "./replay-stage.ts";

const records = incident({ hops: 1, acts, ordinary: 3 });
const made = folderWith({
  "logs/a.json": logFile(records),
  "workloads/mine.yaml": manifest("mine", roleName(1)),
  "broken/mine.yaml": "apiVersion: cordon/v1\nkind: Workload\nmetadata: { name: mine, ownr: me }\n",
});
const log = join(made, "logs/a.json");
const none = ["--workloads", folderWith({ "none.yaml": "" })];
const jsonOf = (words: readonly string[]) => ["replay", "--json", "--workers", "1", ...words];

describe("cordon replay as a process", () => {
  it("reads standard input in any form, and names it -", async () => {
    const expected = promised((await replayed(...none, log)).out);
    const inputs = [ndjson(records), logFile(records), JSON.stringify(records)];
    const outcomes = await Promise.all(inputs.map((input) => ran(jsonOf([...none, "-"]), {}, input)));
    for (const { code, out, err } of outcomes) expect([code, err, promised(out)]).toEqual([0, [], expected]);
    const { code, out } = await ran(jsonOf([...none, "-"]), {}, `${ndjson(records)}broken\n`);
    expect([code, JSON.parse(out[0] ?? "")["source"]]).toEqual([3, `-:${records.length + 1}`]);
  });

  it("reads gzip from standard input beside files, and counts what is in both once", async () => {
    const child = started(jsonOf([...none, "-", log]));
    child.stdin.end(gzipSync(logFile(records)));
    const { code, out } = await ended(child);
    expect(code).toBe(0);
    expect(JSON.parse(out.at(-1) ?? "")).toMatchObject({ records: 2 * records.length, duplicates: records.length });
  });

  it("resolves paths against INIT_CWD, also the default ./workloads, and else against its own folder", async () => {
    const outcomes = await Promise.all([
      ran(jsonOf(["logs"]), { env: { INIT_CWD: made } }),
      ran(jsonOf(["logs"]), { cwd: made }),
      ran(jsonOf(["logs"])),
    ]);
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 3]);
    for (const { out } of outcomes.slice(0, 2)) {
      const found = out.map((line) => JSON.parse(line)).filter((line) => line.type === "finding");
      expect(found.map((line) => line.workload)).toEqual(Array(4).fill("mine"));
    }
  });

  it("ends with 4 and a sentence when standard input cannot be kept aside", async () => {
    const { code, out, err } = await ran(jsonOf(["-"]), { env: { TMPDIR: join(made, "nowhere") } }, ndjson(records));
    expect([code, out, err.length]).toEqual([4, [], 1]);
    expect(err[0]).toContain("set TMPDIR");
  });

  it("ends with 4 and a sentence when what must be remembered cannot be written, on several threads too", async () => {
    const folder = folderWith({ "a.json": logFile(records), "b.json": logFile(records) });
    for (const workers of ["1", "2"]) {
      const words = ["replay", "--json", "--attributions", "--workers", workers, folder];
      const { code, out, err } = await ran(words, { env: { TMPDIR: join(made, "nowhere") } });
      expect([code, out, err.length]).toEqual([4, [], 1]);
      expect(err[0]).toContain("set TMPDIR");
    }
  });

  it("ends quietly with 0 when nobody reads on", async () => {
    const many = logFile(incident({ hops: 1, acts: [], ordinary: 4_000 }));
    const child = started(jsonOf(["--attributions", join(folderWith({ "a.json": many }), "a.json")]));
    child.stdout.once("data", () => child.stdout.destroy());
    const [errors, code] = await new Promise<[string, number | null]>((resolve) => {
      let said = "";
      child.stderr.on("data", (piece) => {
        said += piece;
      });
      child.on("exit", (ending) => resolve([said, ending]));
    });
    expect([code, errors]).toEqual([0, ""]);
  });

  it("goes on when nobody reads what it says to the person", async () => {
    const names = Array.from({ length: 30 }, (_, place) => join(made, `missing ${place}`));
    const child = started(["replay", "--workers", "1", ...names, log]);
    child.stderr.destroy();
    const { code, out } = await ended(child);
    expect(code).toBe(3);
    expect(out[0]).toContain(`READ      ${records.length} records`);
  });

  it("ends with 130 on SIGINT, and leaves no copy of its input behind", async () => {
    const temporary = join(made, "tmp");
    mkdirSync(temporary, { recursive: true });
    const child = started(jsonOf(["-"]), { env: { TMPDIR: temporary } });
    child.stdin.on("error", () => undefined);
    child.stdin.write(ndjson(records));
    const waiting = ended(child);
    await expect.poll(() => readdirSync(temporary).length, { timeout: 20_000 }).toBeGreaterThan(0);
    child.kill("SIGINT");
    expect((await waiting).code).toBe(130);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe("wrong usage and configuration end with 2, before anything ran", () => {
  const store = join(made, "never-made.sqlite");

  it.each([
    ["an empty PATH", [log, ""], "a path is empty"],
    ["an empty folder of manifests", [log, "--workloads", ""], "a path is empty"],
    ["no PATH", [], "name at least one file or folder"],
    ["an unknown flag", [log, "--verbose"], "--verbose"],
    ["an unknown mode", [log, "--mode", "act"], "observe, ticket, contain"],
    ["an unknown severity", [log, "--fail-on", "severe"], "info, low, medium, high, critical"],
    ["no number of workers", [log, "--workers", "many"], "whole number"],
    ["no workers", [log, "--workers", "0"], "whole number"],
    ["half a worker", [log, "--workers", "1.5"], "whole number"],
    ["a time that is none", [log, "--since", "yesterday"], "2026-01-31T23:59:59Z"],
    ["a day that is none", [log, "--until", "2026-02-30"], "2026-01-31"],
    ["a detector that is none", [log, "--only", "tampering-trial"], "did you mean tampering-trail?"],
    ["a folder of manifests that is not there", [log, "--workloads", join(made, "nowhere")], "no such folder"],
    ["a folder of manifests that is a file", [log, "--workloads", log], "folder of manifests"],
  ])("%s", async (_, words, said) => {
    const { code, out, err } = await cordon("replay", "--store", store, ...words);
    expect([code, out]).toEqual([2, []]);
    expect(err.join("\n")).toContain(said);
    expect(readdirSync(made)).not.toContain("never-made.sqlite");
  });

  it("a wrong manifest, by file, line and column, with the nearest key", async () => {
    const folder = join(made, "broken");
    const { code, out, err } = await cordon("replay", "--store", store, "--workloads", folder, log);
    expect([code, out]).toEqual([2, []]);
    expect(err.join("\n")).toMatch(/mine\.yaml:3:\d+: .*ownr.*owner/);
    expect(err.at(-1)).toContain("nothing was read");
    expect(readdirSync(made)).not.toContain("never-made.sqlite");
  });

  it("is 2 as a process, too, and wins over a store that fails and input that is missing", async () => {
    const { code, out, err } = await ran(["replay", join(made, "missing"), "--store", made, "--only", "nothing"]);
    expect([code, out]).toEqual([2, []]);
    expect(err.join()).toContain("nothing");
  });

  it("loads no manifests where ./workloads does not exist", async () => {
    const { lines } = await replayed(...none, log);
    expect(ofType(lines, "finding").every((line) => line["workload"] === undefined)).toBe(true);
  });

  it("counts a folder that was named twice as duplicates", async () => {
    const { lines } = await replayed(...none, log, join(made, "logs"));
    expect(lines.at(-1)).toMatchObject({ records: 2 * records.length, duplicates: records.length });
  });
});
