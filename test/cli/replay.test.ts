import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { acts, detectorOf, incident, logFile, manifest, ndjson, roleName } from "../fixtures/incident.ts";
import { envelope, instanceEnvelope, lookupEntry, record } from "../fixtures/records.ts";
import { attributions, cordon, folderWith, ofType, promised, replayed } from "./replay-stage.ts";

const records = incident({ hops: 2, acts, ordinary: 5 });
const log = logFile(records);
const bystander = manifest("bystander", "nobody");
const made = folderWith({
  "log.json": log,
  "some/log.json.gz": gzipSync(log),
  "workloads/bystander.yaml": bystander,
  "empty/none.yaml": "",
});
const [file, declared] = [join(made, "log.json"), ["--workloads", join(made, "workloads")]];
const findingsIn = async (...words: readonly string[]) => ofType((await replayed(...words)).lines, "finding");

describe("cordon replay reads every input form alike", () => {
  const forms: readonly (readonly [string, Readonly<Record<string, string | Uint8Array>>])[] = [
    ["a log file", { "a.json": log }],
    ["a gzip log file", { "a.json.gz": gzipSync(log) }],
    [
      "several gzip members",
      { a: Buffer.concat([gzipSync(logFile(records.slice(0, 4))), gzipSync(logFile(records.slice(4)))]) },
    ],
    ["NDJSON", { a: ndjson(records) }],
    ["NDJSON in gzip under a name that says otherwise", { "a.txt": gzipSync(ndjson(records)) }],
    ["an array", { "a.json": JSON.stringify(records, null, 1) }],
    ["single records", Object.fromEntries(records.map((one, n) => [`${n}.json`, JSON.stringify(one, null, 2)]))],
    ["envelopes, one a line", { a: ndjson(records.map((one) => envelope(one))) }],
    ["an array of envelopes", { a: JSON.stringify(records.map((one) => envelope(one))) }],
    ["a LookupEvents page", { a: JSON.stringify({ Events: records.map(lookupEntry) }) }],
    [
      "a folder in CloudTrail's layout",
      { "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/31/x_CloudTrail_y.json.gz": gzipSync(log) },
    ],
  ];

  it.each(forms)("%s", async (_, files) => {
    const expected = await replayed(...declared, file);
    const seen = await replayed("--attributions", ...declared, folderWith(files));
    expect(seen.err).toEqual([]);
    expect(promised(seen.out)).toEqual(promised(expected.out));
    expect(attributions(seen.out)).toHaveLength(records.length);
  });

  it("finds all four kinds of harm, with the chain behind it", async () => {
    const found = await findingsIn(...declared, file);
    expect(found.map((one) => one["detector"]).sort()).toEqual(Object.values(detectorOf).sort());
    for (const one of found) expect(one["principal"]).toContain(roleName(2));
  });

  it("is no input at all when the folder is empty, and exits with 0", async () => {
    const { code, lines } = await replayed(folderWith({}));
    expect([code, lines.length, lines[0]?.["records"]]).toEqual([0, 1, 0]);
  });
});

describe("cordon replay counts and names what it cannot use", () => {
  it("parks broken input with its source, ignores what is not for us, and exits with 3", async () => {
    const folder = folderWith({
      "lines.ndjson": `${JSON.stringify(record())}\nnot json\n${JSON.stringify({ eventVersion: "2.0" })}\n`,
      "list.json": JSON.stringify({ Records: [record(), 7] }),
      "digest.json": JSON.stringify({ digestS3Object: "x", logFiles: [] }),
      "envelope.json": JSON.stringify(instanceEnvelope({ "detail-type": "Something Nobody Decodes" })),
      "notes.txt": "read me first",
      "cut.json.gz": gzipSync(log).subarray(0, 80),
    });
    const { code, lines, err } = await replayed(folder);
    expect(code).toBe(3);
    const sources = ofType(lines, "parked").map((one) => String(one["source"]));
    expect(sources).toEqual(
      expect.arrayContaining([
        join(folder, "lines.ndjson:2"),
        join(folder, "lines.ndjson:3"),
        join(folder, "list.json#1"),
        join(folder, "cut.json.gz"),
      ]),
    );
    for (const one of ofType(lines, "parked")) expect(Object.keys(one)).toEqual(["type", "source", "reason"]);
    expect(lines.at(-1)).toMatchObject({ type: "summary", parked: sources.length, ignored: 3 });
    expect(err).toEqual([`passed over ${join(folder, "notes.txt")}: neither JSON nor gzip`]);
  });

  it("parks a file that was named and is neither JSON nor gzip, and one that is not there", async () => {
    const folder = folderWith({ "notes.txt": "read me first", "good.json": log });
    const [notes, missing] = [join(folder, "notes.txt"), join(folder, "missing.json")];
    const { code, lines } = await replayed(notes, missing, join(folder, "good.json"));
    expect(code).toBe(3);
    expect(ofType(lines, "parked").map((one) => one["source"])).toEqual([missing, notes]);
    expect(lines.at(-1)).toMatchObject({ records: records.length, parked: 2 });
  });

  it("names what was parked on standard error without --json, and escapes what it shows", async () => {
    const folder = folderWith({ "\u001b[31mred.json": "{broken" });
    const { code, out, err } = await cordon("replay", "--workers", "1", folder);
    expect(code).toBe(3);
    expect(err.join()).toContain("\\u{1b}[31mred.json");
    expect([...out, ...err].join("")).not.toContain("\u001b");
  });

  it("names at most ten of them, and says where the rest is", async () => {
    const { err } = await cordon("replay", "--workers", "1", folderWith({ a: "{}\n".repeat(40) }));
    expect(err).toHaveLength(11);
    expect(err.at(-1)).toContain("--json");
  });
});

describe("the flags of cordon replay", () => {
  it.each(["observe", "ticket", "contain"])(
    "--mode %s changes what is named, never what would be done",
    async (mode) => {
      const workloads = folderWith({ "w.yaml": manifest("two", roleName(2)) });
      const decisions = ofType((await replayed("--mode", mode, "--workloads", workloads, file)).lines, "decision");
      expect(decisions).toHaveLength(4);
      const contained = decisions.filter((one) => one["would"] === "contain");
      expect(contained.length).toBeGreaterThan(0);
      for (const one of decisions) {
        expect(one["mode"]).toBe(mode);
        expect(one["kind"]).toBe(mode === "contain" ? one["would"] : mode);
      }
      const plain = ofType((await replayed("--workloads", workloads, file)).lines, "decision");
      const wished = (all: typeof plain) =>
        new Map(all.map((one) => [one["findingId"], [one["would"], one["actions"]]]));
      expect(wished(decisions)).toEqual(wished(plain));
    },
  );

  it("--only runs the named detectors and nothing else, also where something is undeclared", async () => {
    const sample = ["--workloads", "examples/workloads", "examples/sample"].map((word) =>
      word.replace(/^examples/, `${process.cwd()}/examples`),
    );
    expect((await findingsIn("--only", "tampering-trail", ...sample)).map((one) => one["detector"])).toEqual([
      "tampering-trail",
    ]);
    const inventory = await findingsIn("--only", "identity-undeclared", ...sample);
    expect(inventory.map((one) => one["detector"])).toEqual(Array(3).fill("identity-undeclared"));
    const both = await findingsIn("--only", "tampering-trail", "--only", "sprawl-access-key", ...sample);
    expect(both.map((one) => one["detector"])).toEqual(["sprawl-access-key", "tampering-trail"]);
  });

  it("--since and --until are half-open, and earlier records still feed lineage", async () => {
    const at = (second: number) => `2026-01-31T12:01:0${second}Z`;
    const within = async (...words: readonly string[]) =>
      (await findingsIn(...declared, ...words, file)).map((one) => one["at"]);
    expect(await within("--since", at(1), "--until", at(3))).toEqual([at(1), at(2)]);
    expect(await within("--since", at(4))).toEqual([]);
    expect(await within("--until", "2026-01-31")).toEqual([]);
    const { lines } = await replayed("--attributions", "--since", at(3), file);
    const [line] = ofType(lines, "attribution");
    expect(ofType(lines, "attribution")).toHaveLength(1);
    expect(line?.["attribution"]).toMatchObject({ hops: [{}, {}, { end: "long-term-key" }] });
    expect(lines.at(-1)).toMatchObject({ records: records.length, attributed: 0, unattributed: 1 });
  });

  it("--since dates an undeclared identity inside the window", async () => {
    const inside = {
      issuerType: "AWS::Lambda::Function",
      credentialsIssuedTo: "arn:aws:lambda:us-east-1:111122223333:function:f",
    };
    const calls = incident({ hops: 1, acts: [], ordinary: 9 }).map((one) => ({
      ...one,
      userIdentity: { ...Object(one["userIdentity"]), inScopeOf: inside },
    }));
    const since = "2026-01-31T12:00:35Z";
    const found = await findingsIn(...declared, "--since", since, join(folderWith({ a: ndjson(calls) }), "a"));
    expect(found).toMatchObject([{ detector: "identity-undeclared", at: since, count: 3 }]);
  });

  it("--fail-on exits with 1 at that severity and above, and with 3 when something was parked as well", async () => {
    const only = ["--only", "sprawl-access-key", ...declared];
    const [worst] = (await findingsIn(...only, file)).map((one) => one["severity"]);
    expect(worst).toBe("high");
    expect((await replayed(...only, "--fail-on", "high", file)).code).toBe(1);
    expect((await replayed(...only, "--fail-on", "medium", file)).code).toBe(1);
    expect((await replayed(...only, "--fail-on", "critical", file)).code).toBe(0);
    expect((await replayed(...only, "--fail-on", "high", file, join(made, "missing"))).code).toBe(3);
  });

  it("--quiet says nothing when all is well, and still names errors", async () => {
    expect(await cordon("replay", "--quiet", file)).toEqual({ code: 0, out: [], err: [] });
    const { code, out, err } = await cordon("replay", "--quiet", join(made, "missing"));
    expect([code, out.length, err.length]).toEqual([3, 0, 1]);
  });

  it("--workers 2 prints the same bytes as one thread", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 6 }, (_, n) => [
        `${n}.json`,
        logFile(incident({ hops: n % 4, acts, ordinary: 3, from: n * 1_000 })),
      ]),
    );
    const folder = folderWith({ ...many, "again.json": many["2.json"] ?? "", "broken.json": "[{]" });
    const on = (workers: string) =>
      cordon("replay", "--json", "--attributions", "--workers", workers, ...declared, folder);
    const [one, two] = [await on("1"), await on("2")];
    expect(promised(two.out)).toEqual(promised(one.out));
    expect(attributions(two.out)).toEqual(attributions(one.out));
    expect([one.code, two.code]).toEqual([3, 3]);
    expect(one.out.length).toBeGreaterThan(60);
  });
});
