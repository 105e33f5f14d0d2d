import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadWorkloads } from "../../../adapters/local/workloads.ts";
import { printProblem } from "../../../core/event/located.ts";

const manifest = (name: string) =>
  `apiVersion: cordon/v1\nkind: Workload\nmetadata: { name: ${name}, owner: team-test }\nspec: { identifiedBy: [ { roleArn: "arn:aws:iam::111122223333:role/${name}" } ] }\n`;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cordon-workloads-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);

/** What is wrong, with the folder's name taken off. */
async function problems(): Promise<readonly string[]> {
  const loaded = await loadWorkloads(folder);
  return loaded.ok ? [] : loaded.problems.map((problem) => printProblem(problem).replaceAll(`${folder}/`, ""));
}

describe("the examples", () => {
  it("are read, and name the sample's workloads", async () => {
    const loaded = await loadWorkloads(resolve(import.meta.dirname, "../../../examples/workloads"));
    expect(loaded.ok).toBe(true);
    if (!loaded.ok) return;
    const { registry } = loaded;
    const names = registry.workloads.map(({ name }) => name);
    expect(names).toEqual(["deployer", "gpu-launcher", "nightly-eval", "rag-index", "support-bot", "train-orch"]);
    const role = (name: string) => registry.byRole(`arn:aws:iam::111122223333:role/${name}`)?.name;
    expect([
      role("support-bot"),
      role("train-orch"),
      role("gpu-launcher"),
      role("github-deploy"),
      role("rag-index-task"),
    ]).toEqual(["support-bot", "train-orch", "gpu-launcher", "deployer", "rag-index"]);
    expect(registry.byFunction("arn:aws:lambda:us-east-1:111122223333:function:support-bot:prod")?.name).toBe(
      "support-bot",
    );
    expect(registry.named("train-orch")).toMatchObject({
      owner: "team-train",
      envelope: { accelerators: { families: ["g5"], maxInstances: 8 } },
      response: { contain: "approval" },
    });
    expect(registry.named("gpu-launcher")?.envelope.accelerators).toEqual({
      families: ["g5"],
      maxInstances: 8,
      maxHourlyUsd: 50,
    });
  });
});

describe("a folder of manifests", () => {
  it("is read with its subfolders, by extension, whatever else lies there", async () => {
    mkdirSync(join(folder, "team"));
    mkdirSync(join(folder, ".git"));
    write("a.yaml", manifest("a"));
    write("b.YML", manifest("b"));
    write(
      "team/c.json",
      JSON.stringify({
        apiVersion: "cordon/v1",
        kind: "Workload",
        metadata: { name: "c", owner: "t" },
        spec: { identifiedBy: [{ roleArn: "arn:aws:iam::111122223333:role/c" }] },
      }),
    );
    write("README.md", "no manifest");
    write(".git/d.yaml", "not: a manifest");
    const loaded = await loadWorkloads(folder);
    expect(loaded.ok && loaded.registry.workloads.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  });
  it("may be empty", async () =>
    expect(await loadWorkloads(folder)).toMatchObject({ ok: true, registry: { workloads: [] } }));
  it("that is not there is an error, not an empty registry", async () => {
    const loaded = await loadWorkloads(join(folder, "none"));
    expect(loaded.ok ? [] : loaded.problems.map(printProblem)).toEqual([
      expect.stringContaining("none:1:1: cannot be read as a folder of manifests (ENOENT)"),
    ]);
  });
  it("gives all errors of all files, and no registry", async () => {
    write("a.yaml", manifest("a"));
    write("b.yaml", manifest("b").replace("identifiedBy", "identifedBy"));
    write("c.yaml", "a: [1\n");
    write("d.yaml", new Uint8Array([0xff, 0xfe, 0x00]));
    write("e.yaml", manifest("a"));
    expect(await problems()).toEqual([
      'b.yaml:4:9: unknown key "identifedBy"; did you mean "identifiedBy"?',
      expect.stringMatching(/^c\.yaml:2:1: /),
      expect.stringMatching(/^d\.yaml:1:1: cannot be read as a file in UTF-8/),
      expect.stringMatching(/^e\.yaml:3:19: Workload "a" is already declared at a\.yaml:1:1/),
      expect.stringMatching(/^e\.yaml:4:27: roleArn .* already identifies "a"/),
    ]);
  });
  it("follows no link, and says so", async () => {
    const outside = mkdtempSync(join(tmpdir(), "cordon-outside-"));
    writeFileSync(join(outside, "secret.yaml"), manifest("secret"));
    symlinkSync(join(outside, "secret.yaml"), join(folder, "a.yaml"));
    symlinkSync(outside, join(folder, "team"));
    expect(await problems()).toEqual([
      expect.stringContaining("a.yaml:1:1: is a symbolic link, which is not followed"),
      expect.stringContaining("team:1:1: is a symbolic link, which is not followed"),
    ]);
    rmSync(outside, { recursive: true });
  });
  it("refuses a file over 1 MiB without reading it", async () => {
    write("a.yaml", `${manifest("a")}${"#".repeat(1_048_576)}\n`);
    expect(await problems()).toEqual([expect.stringContaining("a.yaml:1:1: is larger than 1048576 bytes")]);
  });
  it.skipIf(process.getuid?.() === 0)("names a file it may not read", async () => {
    write("a.yaml", manifest("a"));
    chmodSync(join(folder, "a.yaml"), 0o000);
    expect(await problems()).toEqual([expect.stringContaining("a.yaml:1:1: cannot be read as a file (EACCES)")]);
  });
});
