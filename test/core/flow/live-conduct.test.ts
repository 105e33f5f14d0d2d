import { describe, expect, it } from "vitest";
import { memoryActivity } from "../../../adapters/memory/activity.ts";
import { memoryGrants } from "../../../adapters/memory/grants.ts";
import { watchersFor } from "../../../cli/watchers.ts";
import { instant } from "../../../core/event/instant.ts";
import { audit } from "../../../core/flow/audit.ts";
import { bot, type ConductFixture, conductFixtures, declarable, recordsOf } from "../../fixtures/conduct.ts";
import { registryWith } from "../../fixtures/read.ts";
import { entriesOf, messageOf, portsOf } from "./live.ts";

/** A clock long after every fixture. */
const clock = { now: () => instant(Date.parse("2026-12-31T00:00:00Z")) };
const portsFor = (id: string, fixture: Pick<ConductFixture, "workloads">) => ({
  ...portsOf({
    registry: registryWith(declarable.filter((one) => fixture.workloads.includes(one.name))),
    watchers: { ...watchersFor([id]), undeclared: "not-sought" },
  }),
  clock,
});
const one = (id: string, name: string): ConductFixture => {
  const found = conductFixtures(id, name)[0];
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
};

describe("conduct in the live line", () => {
  it("is judged batch by batch, and is one finding of the day that grows", async () => {
    const fixture = one("drift-behaviour", "fires.action");
    const ports = portsFor("drift-behaviour", fixture);
    const batches = recordsOf(fixture).map((record) => [messageOf(record)]);
    const ids = new Set<string>();
    for (const batch of batches)
      for (const finding of (await audit(batch, ports)).settlement.findings) ids.add(finding.id);
    expect(ids.size).toBe(1);
    const found = (await entriesOf(ports.ledger)).filter((entry) => entry.step.kind === "found");
    expect(found).toHaveLength(batches.length);
  });

  it("tells a message whose call strayed how much was found in it", async () => {
    const fixture = one("drift-behaviour", "fires.unlisted-read");
    const { dispositions } = await audit(
      recordsOf(fixture).map((r) => messageOf(r)),
      portsFor("drift-behaviour", fixture),
    );
    expect(dispositions).toMatchObject([{ kind: "decided", findings: 1 }]);
  });

  it("knows grants that were approved at run time", async () => {
    const fixture = one("drift-behaviour", "fires.action");
    const grants = memoryGrants();
    await grants.put({
      ...{ schema: 1, workload: bot.name, id: "users", approvedBy: "security-lead@example.com" },
      statements: [{ Effect: "Allow", Action: "iam:CreateUser", Resource: "*" }],
      from: instant(Date.parse("2026-11-20T00:00:00Z")),
      until: instant(Date.parse("2026-11-21T00:00:00Z")),
    });
    const messages = recordsOf(fixture).map((record) => messageOf(record));
    const { settlement } = await audit(messages, { ...portsFor("drift-behaviour", fixture), grants });
    expect(settlement.findings).toEqual([]);
  });

  it("remembers what undeclared roles did on other days, whatever order the days come in", async () => {
    const fixture = one("drift-first-seen", "fires.credential");
    const records = recordsOf(fixture);
    const [last] = records.slice(-1);
    const activity = memoryActivity();
    const ports = { ...portsFor("drift-first-seen", fixture), activity };
    const found = async (some: readonly (typeof records)[number][]): Promise<readonly string[]> =>
      (
        await audit(
          some.map((record) => messageOf(record)),
          ports,
        )
      ).settlement.findings.map(({ title }) => title);
    for (const record of records.slice(0, -1).toReversed()) expect(await found([record])).toEqual([]);
    const expected = ["role other did something for the first time: iam:CreateAccessKey"];
    expect(await found(last === undefined ? [] : [last])).toEqual(expected);
    expect(await found(last === undefined ? [] : [last])).toEqual(expected);
  });

  it("finds nothing new without that memory", async () => {
    const fixture = one("drift-first-seen", "fires.credential");
    const ports = portsFor("drift-first-seen", fixture);
    for (const record of recordsOf(fixture))
      expect((await audit([messageOf(record)], ports)).settlement.findings).toEqual([]);
  });
});
