import { describe, expect, it } from "vitest";
import { memoryLedger } from "../../../adapters/memory/ledger.ts";
import { watchersFor } from "../../../cli/watchers.ts";
import { aboutOf, type Fact, type FactAnswer, type FactSource, factKey } from "../../../core/detect/facts/fact.ts";
import { atLeast } from "../../../core/detect/finding.ts";
import { instant } from "../../../core/event/instant.ts";
import { recordSettlement } from "../../../core/flow/record.ts";
import { isRoleArn } from "../../../core/iam/arn.ts";
import { parsePolicy } from "../../../core/iam/policy.ts";
import { declaring } from "../../fixtures/declaring.ts";
import { acts, incident, roleArn, roleName } from "../../fixtures/incident.ts";
import { account, eventId, record, secondsAfter } from "../../fixtures/records.ts";
import { settled } from "./settling.ts";

const records = incident({ hops: 2, acts, ordinary: 4 });
const registry = declaring([roleArn(roleName(2))].filter(isRoleArn), { response: { contain: "automatic" } });
const policy = `arn:aws:iam::${account}:policy/own`;
const everything = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
const iam = (eventName: string, second: number, parameters: object, response: object | null = null) =>
  record({
    eventID: eventId(500 + second),
    eventTime: secondsAfter(second),
    eventSource: "iam.amazonaws.com",
    eventName,
    readOnly: false,
    requestParameters: Object(parameters),
    responseElements: response === null ? null : Object(response),
  });
const created = iam("CreatePolicy", 1, { policyName: "own", policyDocument: everything }, { policy: { arn: policy } });
const attached = iam("AttachRolePolicy", 9, { roleName: "bot", policyArn: policy });

describe("settle", () => {
  it("sorts findings and cases by time and id, decides once on each finding, and puts it into one case", async () => {
    const { settlement } = await settled([[records.toReversed()]], { registry });
    const { findings, decisions, cases } = settlement;
    expect(findings.length).toBeGreaterThan(2);
    const keys = findings.map((one) => `${one.at} ${one.id}`);
    expect(keys).toEqual(keys.toSorted());
    expect(decisions.map((one) => one.findingId).sort()).toEqual(findings.map((one) => one.id).sort());
    expect(cases.flatMap((one) => one.findingIds).sort()).toEqual(findings.map((one) => one.id).sort());
  });

  it("judges a policy by what the records before it wrote, in whatever order they arrived", async () => {
    for (const order of [
      [created, attached],
      [attached, created],
    ]) {
      const { settlement } = await settled([[order]], { registry });
      expect(settlement.findings.map((one) => one.at)).toContain(Date.parse(secondsAfter(9)));
    }
    const later = { ...created, eventTime: secondsAfter(20) };
    const { settlement } = await settled([[[attached, later]]], { registry });
    const then = settlement.findings.filter((one) => one.at === Date.parse(secondsAfter(9)));
    expect(then.filter((one) => atLeast(one.severity, "medium"))).toEqual([]);
  });

  it("lets state from before the window speak, and no finding", async () => {
    const horizon = { since: Date.parse(secondsAfter(5)) / 1_000 };
    const { settlement } = await settled([[[created, attached]]], { registry, horizon });
    expect(settlement.findings.map((one) => one.at)).toEqual([Date.parse(secondsAfter(9))]);
  });

  it("asks for facts only where the records do not answer", async () => {
    const asked: Fact[] = [];
    const facts: FactSource = {
      async answer(some) {
        asked.push(...some);
        const parsed = parsePolicy(everything);
        const answer: FactAnswer = parsed.ok
          ? { kind: "managed-policy", document: parsed.document, because: "as told" }
          : { kind: "unknown", because: "broken test" };
        return new Map(some.map((one) => [factKey(one), answer]));
      },
    };
    const watchers = { ...watchersFor([]), facts };
    expect((await settled([[[created, attached]]], { registry, watchers })).settlement.findings.length).toBeGreaterThan(
      0,
    );
    const contents = () => asked.filter((one) => one.kind === "managed-policy").map(aboutOf);
    expect(contents()).toEqual([]);
    const { settlement } = await settled([[[attached]]], { registry, watchers });
    expect(settlement.findings.map((one) => one.detector)).toContain("drift-grant");
    expect(contents()).toEqual([policy]);
  });

  it("lets what a fact source throws through, so that the batch comes again", async () => {
    const facts: FactSource = { answer: () => Promise.reject(new Error("bug")) };
    await expect(settled([[[attached]]], { registry, watchers: { ...watchersFor([]), facts } })).rejects.toThrow("bug");
  });
});

describe("recordSettlement", () => {
  const at = instant(Date.parse(secondsAfter(0)));

  it("records each finding, decision and case once, however often the same is settled", async () => {
    const ledger = memoryLedger();
    const { settlement } = await settled([[records]], { registry });
    const { findings, decisions, cases } = settlement;
    expect(await recordSettlement(settlement, ledger, at)).toBe(findings.length + decisions.length + cases.length);
    const again = await settled([[records.toReversed(), records]], { registry });
    expect(await recordSettlement(again.settlement, ledger, at)).toBe(0);
  });

  it("adds what is new beside what was, and opens a case once", async () => {
    const ledger = memoryLedger();
    const early = await settled([[records.slice(0, -2)]], { registry });
    await recordSettlement(early.settlement, ledger, at);
    const whole = await settled([[records]], { registry });
    expect(whole.settlement.findings.length).toBeGreaterThan(early.settlement.findings.length);
    await recordSettlement(whole.settlement, ledger, at);
    const opened: unknown[] = [];
    const found: unknown[] = [];
    for await (const { step } of ledger.read({ chain: "replay" })) {
      if (step.kind === "case-opened") opened.push(step.caseId);
      if (step.kind === "found") found.push(step.body["id"]);
    }
    expect(opened).toEqual(whole.settlement.cases.map((one) => one.id));
    expect([...found].sort()).toEqual(whole.settlement.findings.map((one) => one.id).sort());
  });
});
