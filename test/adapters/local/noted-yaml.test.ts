import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { notedYaml } from "../../../adapters/local/noted-yaml.ts";
import { loadWorkloads } from "../../../adapters/local/workloads.ts";
import { parseYaml } from "../../../adapters/local/yaml.ts";
import { instant } from "../../../core/event/instant.ts";
import { plain } from "../../../core/event/located.ts";
import { noted, noteLine, plainOf } from "../../../core/flow/suggest/noted.ts";
import type { Suggestions } from "../../../core/flow/suggest/suggest.ts";
import type { ConductCount } from "../../../core/flow/suggest/suggest-use.ts";
import type { Conduct } from "../../../core/identity/conduct.ts";
import { compileEnvelope } from "../../../core/identity/envelope/envelope.ts";
import {
  account,
  asked,
  conduct,
  day,
  functionArn,
  nobody,
  ran,
  region,
  start,
} from "../../core/flow/suggest/suggesting.ts";
import { tables } from "../../fixtures/tables.ts";

const read = (text: string) => {
  const parsed = parseYaml("draft.yaml", text);
  return parsed.ok ? parsed.documents.map(plain) : parsed.problems;
};

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(
    "a\nkind: Approver",
    "x #y",
    "- a",
    "'",
    '"',
    "\u2028",
    "\u0085b",
    "yes",
    "0123",
    "~",
    "{}",
    "*a",
    "!!js/x",
    "# c",
  ),
);

it("writes any text as a value that reads back as it was, whatever stands in the comments", () =>
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 1 }), fc.array(hostile), (values, notes) => {
      const whole = values.map((one) => one.toWellFormed());
      const safe = notes.map(noteLine);
      const text = notedYaml({
        kind: "mapping",
        entries: [
          { key: "first", notes: safe, value: noted("x") },
          { key: "list", value: { kind: "list", items: whole.map((one) => ({ notes: safe, value: noted(one) })) } },
          { key: "last", notes: safe, value: noted({ deep: { value: whole[0] ?? "", number: 1, flag: true } }) },
        ],
      });
      expect(read(text)).toEqual([
        { first: "x", list: whole, last: { deep: { value: whole[0], number: 1, flag: true } } },
      ]);
    }),
    { numRuns: 500 },
  ));

it("makes one line of any note", () =>
  fc.assert(
    fc.property(hostile, (note) => {
      expect(noteLine(note)).not.toMatch(/[\n\r\u0085\u2028\u2029\u202e]/);
    }),
  ));

const name = fc.oneof(fc.stringMatching(/^[a-z]{1,6}[-/._]?[a-z0-9]{0,6}$/), fc.string({ maxLength: 12 }));
const resource = fc
  .tuple(
    fc.constantFrom(
      `arn:aws:dynamodb:${region}:${account}:table/`,
      "arn:aws:s3:::",
      `arn:aws:secretsmanager:${region}:${account}:secret:`,
      `arn:aws:iam::${account}:role/`,
      "arn:aws:sqs:eu-west-1:444455556666:",
    ),
    name,
  )
  .map(([begin, rest]) => begin + rest);
const action = fc.constantFrom(
  "dynamodb:GetItem",
  "dynamodb:PutItem",
  "s3:GetObject",
  "s3:ListAllMyBuckets",
  "secretsmanager:GetSecretValue",
  "iam:PassRole",
  "sqs:SendMessage",
  "bedrock:InvokeModel",
  "sts:AssumeRole",
);
const anything: fc.Arbitrary<Conduct> = fc
  .record({
    action,
    resources: fc.array(resource, { maxLength: 2 }),
    region: fc.constantFrom("us-east-1", "eu-west-1"),
    outcome: fc.constantFrom("done", "failed", "unknown", "denied"),
    model: fc.option(fc.constantFrom("anthropic.claude-3-haiku-20240307-v1:0", "eu.amazon.nova-lite-v1:0", "mine")),
    secret: fc.option(name),
    origin: fc.constantFrom<NonNullable<Conduct["origin"]>>(
      { kind: "vpc-endpoint", id: "vpce-0abc" },
      { kind: "vpc-endpoint", id: "vpce-0def" },
      { kind: "service", name: "lambda.amazonaws.com" },
    ),
    elsewhere: fc.integer({ min: 0, max: 20 }),
    seconds: fc.option(fc.integer({ min: 900, max: 43_200 })),
  })
  .map(({ action: asks, resources, model, secret, elsewhere, seconds, outcome, ...rest }) =>
    conduct({
      api: asks as Conduct["api"],
      checks: [{ action: asks, resources: asks === "s3:ListAllMyBuckets" ? ["*"] : resources }],
      outcome: outcome as Conduct["outcome"],
      ...rest,
      ...(elsewhere === 0 ? { origin: { kind: "address", address: "192.0.2.10" } } : {}),
      ...(model === null ? {} : { model }),
      ...(secret === null ? {} : { secrets: [`arn:aws:secretsmanager:${region}:${account}:secret:${secret}`] }),
      ...(seconds === null ? {} : { sessionSeconds: seconds }),
    }),
  );
const rows = fc.array(
  anything.map((one): ConductCount => ({ conduct: one, count: 2, first: start, last: start + day })),
  { maxLength: 40 },
);

/** As a folder of manifests: every file is read. */
async function loaded({ drafts }: Suggestions, status: "draft" | "active") {
  const folder = mkdtempSync(join(tmpdir(), "cordon-drafts-"));
  for (const { name: file, document } of drafts)
    writeFileSync(join(folder, `${file}.yaml`), notedYaml(document).replace("status: draft", `status: ${status}`));
  const manifests = await loadWorkloads(folder, "drafts");
  return manifests.ok ? manifests.registry : manifests.problems;
}

/** Names of things that no policy could hold: see what `generalise` leaves out. */
const isOdd = ({ checks = [], secrets = [] }: Conduct): boolean =>
  [...checks.flatMap(({ resources }) => resources), ...secrets].some(
    (one) =>
      one !== "*" &&
      (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:\S/.test(one) ||
        /[\s\p{C}*?$]/u.test(one) ||
        /^arn:aws:s3:::(?![\w.-]+(?:\/|$))/.test(one)),
  );

describe("drafts of anything that was done", () => {
  it("load without an error, name nobody as drafts, and made active leave nothing of it outside", async () =>
    fc.assert(
      fc.asyncProperty(rows, rows, async (first, second) => {
        const suggestions = asked([
          { ...nobody("bot"), rows: first },
          { ...ran(`lambda:${functionArn("bot")}`, "bot"), rows: second },
        ]);
        const drafts = await loaded(suggestions, "draft");
        if (!("workloads" in drafts)) throw new Error(JSON.stringify(drafts));
        expect(drafts.workloads.map(({ name: called }) => called).sort()).toEqual(
          suggestions.drafts.map(({ name: called }) => called),
        );
        expect(drafts.workloads.every(({ status }) => status === "draft")).toBe(true);
        const active = await loaded(suggestions, "active");
        if (!("workloads" in active)) throw new Error(JSON.stringify(active));
        expect(drafts.byRole(`arn:aws:iam::${account}:role/bot`)).toBeUndefined();
        expect(drafts.byFunction(functionArn("bot"))).toBeUndefined();
        for (const workload of active.workloads) {
          const own = active.byFunction(functionArn("bot")) === workload ? second : first;
          const envelope = compileEnvelope(workload, [], tables.iam);
          for (const { conduct: one } of own.filter((row) => row.conduct.outcome !== "denied" && !isOdd(row.conduct)))
            expect([one, envelope.judge(one, instant(start * 1_000))]).not.toMatchObject([{}, { kind: "outside" }]);
        }
      }),
      { numRuns: 60 },
    ));

  it("keep their content from core to file", () => {
    const { drafts } = asked([
      { ...nobody("bot"), rows: [{ conduct: conduct(), count: 1, first: start, last: start }] },
    ]);
    for (const { document } of drafts) {
      expect(read(notedYaml(document))).toEqual([plainOf(document)]);
      expect(notedYaml(document).split("\n")[0]).toBe("# DRAFT from 1 day of history: will miss weekly jobs");
    }
  });
});
