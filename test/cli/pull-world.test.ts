import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { describe, expect, test } from "vitest";

const cli = join(import.meta.dirname, "../../cli");

/** Runs a few lines in a Node of their own: module loading there is Node's, not the test runner's. */
function run(
  lines: string,
): Promise<{ readonly code: number; readonly out: string; readonly err: string; readonly left: readonly string[] }> {
  const cwd = mkdtempSync(join(tmpdir(), "cordon-world-"));
  const env = {
    PATH: process.env["PATH"],
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/nonexistent",
    AWS_SHARED_CREDENTIALS_FILE: "/nonexistent",
  };
  return new Promise((resolve) => {
    execFile(process.execPath, ["--input-type=module", "-e", lines], { cwd, env }, (error, out, err) => {
      const left = readdirSync(cwd);
      rmSync(cwd, { recursive: true });
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err, left });
    });
  });
}

const pulling = (...words: readonly string[]): string => `
  import { pullCommand } from ${JSON.stringify(join(cli, "pull.ts"))};
  import { processTerminal } from ${JSON.stringify(join(cli, "terminal.ts"))};
  const command = pullCommand(processTerminal(), (code) => { process.exitCode = code; });
  await command.parseAsync(${JSON.stringify(words)}, { from: "user" });`;

describe("a pull in a process of its own", () => {
  test("without credentials prints what to run instead, leaves no folder and exits with 2", async () => {
    const { code, out, err, left } = await run(pulling("--bucket", "s3://acme-trail", "--region", "eu-west-1"));
    expect(code).toBe(2);
    expect(out).toMatch(/^aws s3 sync s3:\/\/acme-trail\/AWSLogs\/ pulled\/AWSLogs\/ --exclude .*\n$/);
    expect(err).toContain("Could not load credentials");
    expect(left).toEqual([]);
  });

  test("given both sources, exits with 2", async () => {
    const { code, err } = await run(pulling("--bucket", "s3://acme-trail", "--lookup"));
    expect([code, err]).toEqual([2, "cordon pull: --bucket and --lookup exclude each other; choose one\n"]);
  });

  test("draws its bar on a terminal only", async () => {
    const drawing = (interactive: boolean) => `
      import { pullWorld } from ${JSON.stringify(join(cli, "pull-world.ts"))};
      const world = pullWorld({ out() {}, err() {}, interactive: ${interactive}, columns: 80 });
      const bar = await world.bar(10);
      bar.advance(4);
      bar.end();
      console.log(await world.ask("?"));
      world.release();`;
    expect(await run(drawing(true))).toMatchObject({ code: 0, out: "undefined\n" });
    expect(await run(drawing(false))).toMatchObject({ code: 0, out: "undefined\n", err: "" });
  });
});
