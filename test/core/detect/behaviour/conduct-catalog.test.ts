import { describe, expect, it } from "vitest";
import { watchersFor } from "../../../../cli/watchers.ts";
import { conductDetectorsWith } from "../../../../core/detect/behaviour/conduct-catalog.ts";
import { conductFixtures, declarable, recordsOf } from "../../../fixtures/conduct.ts";
import { registryWith } from "../../../fixtures/read.ts";
import { tables } from "../../../fixtures/tables.ts";
import { settled } from "../../flow/settling.ts";

const detectors = conductDetectorsWith(tables);

it("is sorted and names nothing twice", () => {
  const ids = detectors.map((one) => one.id);
  expect(ids).toEqual([...new Set(ids)].sort());
});

describe.each(detectors)("$id", ({ id }) => {
  it.each(conductFixtures(id, "fires"))("finds $name, and nothing else in it", async (fixture) => {
    const { settlement } = await ran(id, fixture);
    expect(settlement.findings.map(({ severity, title }) => [severity, title])).toEqual(fixture.finds);
    for (const one of settlement.findings) {
      expect(one.detector).toBe(id);
      expect(one.eventIDs.length).toBe(Math.min(one.count, 50));
    }
  });

  it.each(conductFixtures(id, "quiet"))("is quiet on $name", async (fixture) => {
    expect((await ran(id, fixture)).settlement.findings).toEqual([]);
  });
});

const ran = (id: string, fixture: Parameters<typeof recordsOf>[0]) =>
  settled([[recordsOf(fixture)]], {
    registry: registryWith(declarable.filter((one) => fixture.workloads.includes(one.name))),
    watchers: watchersFor([id]),
  });
