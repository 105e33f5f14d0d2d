import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { atLeast, type Finding } from "../../../../core/detect/finding.ts";
import { settled } from "../../flow/settling.ts";

/** Third-party data for measuring only; it is never part of the project. */
const folder = join(import.meta.dirname, "../../../../../shared/data/open");
const present = existsSync(folder);
if (!present) console.warn("skipped: ../shared/data/open is not here, so whole replays cannot be measured against it");

const rowsOf = (name: string): readonly Record<string, unknown>[] =>
  gunzipSync(readFileSync(join(folder, name)))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

/** What a replay of these records says loudly: rights and ways to them. */
const loud = async (records: readonly unknown[]): Promise<readonly Finding[]> =>
  (await settled([[records]])).settlement.findings.filter(
    ({ severity, family }) => atLeast(severity, "medium") && family === "privilege-drift",
  );

/** Every technique of the open attacks by which somebody wins rights. */
const privileges = [
  "ec2-serial-console-send-ssh-public-key",
  "ec2-user-data",
  "iam-create-admin-user",
  "iam-create-backdoor-role",
  "iam-update-user-login-profile",
  "ssm-send-command",
  "sts-federation-token",
];

describe.skipIf(!present)("a replay of public records", () => {
  it("tells of every way to more rights among the attacks", async () => {
    const found = new Set<string>();
    for (const { id, events } of rowsOf("attacks.open.jsonl.gz")) {
      const technique = privileges.find((one) => String(id).includes(one));
      if (technique === undefined || !Array.isArray(events)) continue;
      if ((await loud(events)).length > 0) found.add(technique);
    }
    expect([...found].sort()).toEqual(privileges);
  });

  it("bothers nobody in production, and hardly anybody in authorised changes, whatever is judged together", async () => {
    const rows = rowsOf("benign.open.jsonl.gz");
    const said = async (tier: string) =>
      (await loud(rows.filter((one) => one["tier"] === tier).map(({ event }) => event))).map(
        (one) => `${one.detector} ${one.severity}: ${one.title}`,
      );
    expect(await said("prod_real")).toEqual([]);
    expect((await said("lab_iac")).length).toBeLessThanOrEqual(4);
  });
});
