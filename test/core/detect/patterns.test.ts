import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detectorsWith } from "../../../core/detect/catalog.ts";
import { iamWriteWatches } from "../../../core/detect/facts/iam-writes.ts";
import { patternLimit, patternsOf } from "../../../core/detect/patterns.ts";
import { wakeIndex } from "../../../core/detect/run.ts";
import { agentCalls } from "../../../core/event/agent-session.ts";
import { matches } from "../../../core/event/pattern/matches.ts";
import { parsePattern } from "../../../core/event/pattern/parse.ts";
import { calls, type Watch } from "../../../core/event/watch.ts";
import { issuingApis } from "../../../core/identity/lineage/issuance.ts";
import { eventOf, fixturesOf, registryWith } from "../../fixtures/read.ts";
import { tables } from "../../fixtures/tables.ts";
import { workload } from "../../fixtures/workloads.ts";

const detectors = detectorsWith(tables);
const watches: readonly Watch[] = [...detectors.flatMap((one) => one.watches), calls(...issuingApis), iamWriteWatches];
const deployed = patternsOf(watches, []);

const compiled = (patterns: readonly object[]) =>
  patterns.map((one) => {
    const parsed = parsePattern(one);
    if (!parsed.ok) throw new Error(`${parsed.because} at ${parsed.where}`);
    return parsed.pattern;
  });
const delivers = (patterns: readonly object[], envelope: object) =>
  compiled(patterns).some((one) => matches(one, envelope));
const envelope = (record: object) => ({
  "detail-type": "AWS API Call via CloudTrail",
  source: "aws.x",
  detail: record,
});

describe("patternsOf", () => {
  it("makes patterns that EventBridge takes, none over its quota", () => {
    compiled(deployed);
    for (const one of deployed) expect(JSON.stringify(one).length).toBeLessThanOrEqual(patternLimit);
  });

  it("does not depend on the order of the watches", () => {
    expect(patternsOf(watches.toReversed(), [])).toEqual(deployed);
  });

  it("delivers every fixture that wakes a detector", () => {
    const index = wakeIndex(detectors);
    const registry = registryWith([workload("any")]);
    for (const { id } of detectors)
      for (const { name, record } of [...fixturesOf(id, "fires"), ...fixturesOf(id, "quiet")])
        if (index.awake(eventOf(record), registry).length > 0 && typeof record === "object" && record !== null)
          expect(delivers(deployed, envelope(record)), `${id}/${name}`).toBe(true);
  });

  it("keeps out what nobody watches", () => {
    const record = { eventSource: "iam.amazonaws.com", eventName: "ListUsers" };
    expect(delivers(deployed, envelope(record))).toBe(false);
    expect(delivers(deployed, { "detail-type": "x", detail: { ...record, eventName: "CreateAccessKey" } })).toBe(false);
  });

  it("covers Lambda's dated names and not their namesakes", () => {
    const patterns = patternsOf([calls("lambda:CreateFunction")], []);
    const named = (eventName: string) =>
      delivers(patterns, envelope({ eventSource: "lambda.amazonaws.com", eventName }));
    expect(named("CreateFunction20150331")).toBe(true);
    expect(named("CreateFunction")).toBe(true);
    expect(named("CreateFunctionUrlConfig")).toBe(false);
  });

  it("matches declared roles by name, a trailing star as a prefix, and no others", () => {
    const patterns = patternsOf(
      [{ kind: "declared-identities" }],
      ["arn:aws:iam::111122223333:role/ai/bot", "train-*"],
    );
    const by = (userName: string) =>
      delivers(patterns, envelope({ userIdentity: { sessionContext: { sessionIssuer: { userName } } } }));
    expect([by("bot"), by("train-1"), by("bots"), by("other")]).toEqual([true, true, false, false]);
    expect(patternsOf([{ kind: "declared-identities" }], [])).toEqual([]);
    expect(patternsOf([], ["bot"])).toEqual([]);
    expect(patternsOf([{ kind: "declared-identities" }], ["*", ""])).toEqual([]);
  });

  it("matches calls of agents by the name of their session, and whole where somebody else needs the call whole", () => {
    const watch = agentCalls("secretsmanager:GetSecretValue");
    const by = (patterns: readonly object[], session: string) =>
      delivers(
        patterns,
        envelope({
          eventSource: "secretsmanager.amazonaws.com",
          eventName: "GetSecretValue",
          userIdentity: { principalId: `AROACKCEVSQ6C2EXAMPLE:${session}` },
        }),
      );
    const alone = patternsOf([watch], []);
    expect([by(alone, "BedrockAgentCore-1"), by(alone, "s"), by(alone, "xBedrockAgentCore-1")]).toEqual([
      true,
      false,
      false,
    ]);
    const both = patternsOf([watch, calls("secretsmanager:GetSecretValue")], []);
    expect(both).toHaveLength(1);
    expect(by(both, "s")).toBe(true);
  });

  it("matches envelopes by source and detail-type", () => {
    const watch: Watch = { kind: "envelopes", source: "aws.ec2", detailTypes: ["B", "A"] };
    expect(patternsOf([watch, watch], [])).toEqual([{ source: ["aws.ec2"], "detail-type": ["A", "B"] }]);
  });

  it("splits sixty long names into three patterns", () => {
    const roles = Array.from({ length: 60 }, (_, place) => `${String(place).padStart(2, "0")}${"x".repeat(62)}`);
    expect(patternsOf([{ kind: "declared-identities" }], roles)).toHaveLength(3);
  });

  it("splits what is too long and loses nothing", () => {
    const name = fc.string({ unit: fc.constantFrom(..."abcdefXYZ"), minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 120, size: "max" }), (roles) => {
        const patterns = patternsOf([{ kind: "declared-identities" }], roles);
        for (const one of patterns) expect(JSON.stringify(one).length).toBeLessThanOrEqual(patternLimit);
        const text = JSON.stringify(patterns);
        for (const role of roles) expect(text).toContain(JSON.stringify(role));
      }),
      { numRuns: 50 },
    );
  });
});
