import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileEnvelopePolicy } from "../../cli/envelope-compile.ts";
import { instant } from "../../core/event/instant.ts";
import type { PolicyKind } from "../../core/identity/envelope/envelope-policy.ts";
import { spoken } from "./spoken.ts";

const examples = join(import.meta.dirname, "../../examples/workloads");
const now = instant(Date.UTC(2026, 10, 20));
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cordon-envelope-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Given {
  readonly to?: PolicyKind;
  readonly json?: boolean;
  readonly workloads?: string;
}

async function compile(name: string, { to = "boundary", ...given }: Given = {}) {
  const { out, err, terminal } = spoken();
  const code = await compileEnvelopePolicy(name, { to, workloads: examples, now, ...given }, terminal);
  return { code, out, err: err.join("\n") };
}

const manifest = (name: string, statements: string): string => {
  const path = join(folder, `${name}.yaml`);
  writeFileSync(
    path,
    [
      "apiVersion: cordon/v1",
      "kind: Workload",
      `metadata: { name: ${name}, owner: team }`,
      "spec:",
      `  identifiedBy: [{ roleArn: "arn:aws:iam::111122223333:role/${name}" }]`,
      `  envelope: { statements: ${statements} }`,
    ].join("\n"),
  );
  return path;
};

describe("cordon envelope compile", () => {
  it("prints the policy alone on standard output, with its size and notes beside it", async () => {
    const { code, out, err } = await compile("support-bot");
    expect(code).toBe(0);
    expect(out).toHaveLength(1);
    expect(JSON.parse(out[0] ?? "")).toMatchObject({ Version: "2012-10-17" });
    expect(err).toMatch(/^\d+ of 6144 characters, white space not counted$/m);
    expect(err).toContain("note: a boundary only limits");
  });

  it.each(["boundary", "session-policy", "scp"] as const)("writes every example as %s", async (to) => {
    for (const name of ["support-bot", "deployer", "gpu-launcher", "nightly-eval", "rag-index", "train-orch"]) {
      const { code, out } = await compile(name, { to, json: true });
      expect(code, name).toBe(0);
      expect(JSON.parse(out[0] ?? "")).toMatchObject({ workload: name, to });
    }
  });

  it("reads a file with one manifest, wherever it lies", async () => {
    const path = manifest("lonely", '[{ Effect: Allow, Action: "s3:GetObject", Resource: "*" }]');
    const { out } = await compile(path);
    expect(JSON.parse(out[0] ?? "")).toEqual({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
    });
  });

  it("says by how much it is too large, and prints no policy", async () => {
    const buckets = Array.from({ length: 200 }, (_, at) => `"arn:aws:s3:::bucket-number-${at}/*"`).join(", ");
    const path = manifest("wide", `[{ Effect: Allow, Action: "s3:GetObject", Resource: [${buckets}] }]`);
    const { code, out, err } = await compile(path, { to: "scp" });
    expect([code, out]).toEqual([1, []]);
    expect(err).toMatch(/the policy has \d+ characters, \d+ more than AWS takes \(5120\)/);
    expect(err).toContain("nothing was left out");
    const { out: lines } = await compile(path, { to: "scp", json: true });
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ workload: "wide", limit: 5120, statements: [{}, {}] });
  });

  it("refuses names nobody has, files of several workloads, and broken ones", async () => {
    await expect(compile("suport-bot")).rejects.toThrow('did you mean "support-bot"?');
    const broken = join(folder, "broken.yaml");
    writeFileSync(broken, "apiVersion: cordon/v1\nkind: Workload\nmetadata: { nam: x }\n");
    await expect(compile(broken)).rejects.toThrow("nothing was read");
    await expect(compile(join(folder, "nowhere.yaml"))).rejects.toThrow("nothing was read");
  });
});
