import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detectorsWith } from "../../../core/detect/catalog.ts";
import { describedWith } from "../../../core/detect/described-catalog.ts";
import { runDetector, wakeIndex } from "../../../core/detect/run.ts";
import { detectorPage } from "../../../scripts/make-detector-docs.ts";
import { eventOf, fixturesOf, registryWith, seenOf } from "../../fixtures/read.ts";
import { tables } from "../../fixtures/tables.ts";
import { workload, workloads } from "../../fixtures/workloads.ts";

const detectors = detectorsWith(tables);

it("is sorted and names nothing twice", () => {
  const ids = detectors.map((one) => one.id);
  expect(ids).toEqual([...new Set(ids)].sort());
});

it("has a docs page that is current: npx node scripts/make-detector-docs.ts", () => {
  const page = join(import.meta.dirname, "../../../docs/detectors.md");
  expect(readFileSync(page, "utf8")).toBe(detectorPage(describedWith(tables)));
});

describe.each(detectors)("$id", (detector) => {
  it("says which technique, which controls, and where to read on", () => {
    for (const technique of detector.attack) expect(technique).toMatch(/^T\d{4}(?:\.\d{3})?$/);
    const { owaspNhi, owaspAsi, nistCsf, nistAiRmf, maestro } = detector.controls;
    for (const one of owaspNhi ?? []) expect(one).toMatch(/^NHI(?:[1-9]|10):2025$/);
    for (const one of owaspAsi ?? []) expect(one).toMatch(/^ASI(?:0[1-9]|10)$/);
    for (const one of nistCsf ?? []) expect(one).toMatch(/^(?:GV|ID|PR|DE|RS|RC)\.[A-Z]{2}-\d{2}$/);
    for (const one of nistAiRmf ?? []) expect(one).toMatch(/^(?:GOVERN|MAP|MEASURE|MANAGE) \d\.\d{1,2}$/);
    for (const one of maestro ?? []) expect(one).toMatch(/^L[1-7] [A-Z]/);
    for (const one of [owaspNhi, owaspAsi, nistCsf, nistAiRmf, maestro]) expect(one?.length).toBeGreaterThan(0);
    for (const url of detector.references) expect(URL.canParse(url), url).toBe(true);
  });

  it("is woken by each of its fixtures that fires", () => {
    const index = wakeIndex([detector]);
    for (const { name, record } of fixturesOf(detector.id, "fires")) {
      const event = eventOf(record);
      expect(index.awake(event, registryWith([workload("any")])), name).toEqual([detector]);
    }
  });

  it("answers, whatever stands in the parameters", () => {
    const apis = wakeIndex([detector]).apis;
    const keys = fc.constantFrom(
      ...["policyDocument", "policyArn", "userName", "roleName", "name", "instanceType", "maxCount", "status"],
      ...["eventSelectors", "advancedEventSelectors", "isMultiRegionTrail", "instanceRequirements", "accessKey"],
    );
    const parameters = fc.dictionary(keys, fc.jsonValue());
    fc.assert(
      fc.property(fc.constantFrom(...apis), parameters, parameters, (api, requestParameters, responseElements) => {
        const [service, eventName] = api.split(":");
        const record = {
          eventID: "11111111-1111-4111-8111-000000000001",
          eventTime: "2026-11-20T10:15:00Z",
          eventSource: `${service}.amazonaws.com`,
          eventName,
          awsRegion: "us-east-1",
          userIdentity: { type: "IAMUser", arn: "arn:aws:iam::111122223333:user/x", accountId: "111122223333" },
          requestParameters,
          responseElements,
        };
        const seen = seenOf({ record, workloads: ["trainer"] }, workloads);
        expect(runDetector(detector, seen).length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

it("lets no secret key into a finding", () => {
  const [fixture] = fixturesOf("sprawl-access-key", "fires.for-another-user");
  const text = JSON.stringify(fixture?.record).replace(
    '"status":"Active"',
    '"status":"Active","secretAccessKey":"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"',
  );
  expect(text).toContain("EXAMPLEKEY");
  const seen = seenOf({ record: JSON.parse(text) }, []);
  const findings = detectors.flatMap((one) => (one.id === "sprawl-access-key" ? runDetector(one, seen) : []));
  expect(findings).toHaveLength(1);
  expect(JSON.stringify(findings)).not.toContain("EXAMPLEKEY");
});
