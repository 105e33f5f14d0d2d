import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Instant, parseInstant } from "../../../core/event/instant.ts";
import type { JsonObject } from "../../../core/event/json.ts";
import type { Envelope, Workload } from "../../../core/identity/workload.ts";
import { registryWith } from "../../fixtures/read.ts";
import { type WholeRun, wholeRunsOf } from "../../fixtures/whole-run.ts";
import { workload } from "../../fixtures/workloads.ts";
import { settled } from "./settling.ts";

const id = "drift-expired-grant";
const at = (written: string): Instant => parseInstant(written) as Instant;
const allow = (Action: string | readonly string[], Resource: string | readonly string[]): JsonObject => ({
  Effect: "Allow",
  Action,
  Resource,
});

const granted = (name: string, statements: readonly JsonObject[], envelope: Partial<Envelope> = {}): Workload =>
  workload(name, {
    envelope: { statements: [allow("s3:PutObject", "arn:aws:s3:::index/*")], ...envelope },
    grants: [
      {
        id: "task-42",
        statements,
        from: at("2026-11-20T00:00:00Z"),
        until: at("2026-11-21T00:00:00Z"),
        approvedBy: "lead@example.com",
      },
    ],
  });

const archive = allow(["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::archive", "arn:aws:s3:::archive/*"]);
const secret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:old/*";

/** The workloads that fixtures of sweeps may declare. */
const declared: readonly Workload[] = [
  granted("reindexer", [archive]),
  granted("migrator", [allow("secretsmanager:GetSecretValue", secret)]),
  granted("archivist", [archive], { statements: [archive] }),
];

const findingsOf = async ({ records, workloads = [] }: Omit<WholeRun, "name">) => {
  const registry = registryWith(declared.filter(({ name }) => workloads.includes(name)));
  const { settlement } = await settled([[records]], { registry });
  return settlement.findings.filter((one) => one.detector === id);
};

describe("drift-expired-grant", () => {
  it.each(wholeRunsOf(id, "fires"))("fires once on $name, in any order of the records", async (fixture) => {
    const found = await findingsOf(fixture);
    expect(found).toHaveLength(1);
    const [{ severity, confidence, title, resource, at, evidence } = { severity: "none" }] = found;
    expect({ severity, confidence, title, resource, at, evidence }).toMatchSnapshot();
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...fixture.records], { minLength: fixture.records.length }),
        async (records) => {
          expect(await findingsOf({ ...fixture, records })).toEqual(found);
        },
      ),
      { numRuns: 10 },
    );
  });

  it.each(wholeRunsOf(id, "quiet"))("is quiet on $name", async (fixture) => {
    expect(await findingsOf(fixture)).toEqual([]);
  });

  it("keeps its id while the grant stays attached, whatever comes after", async () => {
    const [fixture] = wholeRunsOf(id, "fires");
    const records = (fixture?.records ?? []) as readonly JsonObject[];
    const later = {
      ...records.at(-1),
      eventTime: "2026-11-25T00:00:00Z",
      eventID: "22222222-2222-4222-8222-000000000777",
    };
    const now = await findingsOf({ records, workloads: ["reindexer"] });
    const then = await findingsOf({ records: [...records, later], workloads: ["reindexer"] });
    expect(then.map((one) => one.id)).toEqual(now.map((one) => one.id));
  });
});
