import { describe, expect, it } from "vitest";
import { dormantAfter, type FlagFacts, flagsOf } from "../../../../core/flow/inventory/inventory-flags.ts";

const at = 1_800_000_000;
const facts: FlagFacts = {
  kind: "role",
  credential: "short-lived",
  exists: true,
  calls: 5,
  created: at - 10 * dormantAfter,
  lastUsed: at - 60,
  declared: true,
  creatorGone: false,
  sharers: ["one"],
  at,
};
const grants = { actions: 100, administrator: false, paths: [], missing: [] };
const trust = { mayAssume: [], foreign: [], unconditionalForeign: [], everybody: false, nowhere: true };
const { lastUsed: _, ...neverUsed } = facts;
const flags = (over: Partial<FlagFacts>, from: FlagFacts = facts) => [...flagsOf({ ...from, ...over }).keys()];

describe("the flags of an identity", () => {
  it("are none when it is declared, in use and small", () => expect(flags({})).toEqual([]));

  it("call dormant what was not used for more than 90 days, and not a second earlier", () => {
    expect(flags({ lastUsed: at - dormantAfter })).toEqual([]);
    expect(flags({ lastUsed: at - dormantAfter - 1 })).toEqual(["dormant"]);
  });

  it("call a role dormant that IAM never saw in use, but others only as far as the records reach", () => {
    expect(flags({ calls: 0 }, neverUsed)).toEqual(["dormant"]);
    expect(flags({ calls: 0, created: at - 60 }, neverUsed)).toEqual([]);
    expect(flags({ kind: "iam-user", calls: 0 }, neverUsed)).toEqual([]);
    expect(flags({ kind: "iam-user", calls: 0, recordsFrom: at - 60 }, neverUsed)).toEqual([]);
    expect(flags({ kind: "iam-user", calls: 0, recordsFrom: at - dormantAfter - 1 }, neverUsed)).toEqual(["dormant"]);
  });

  it("call over-granted what uses a tenth or less of many actions, where use is known", () => {
    expect(flags({ grants, used: 10 })).toEqual(["over-granted"]);
    expect(flags({ grants, used: 11 })).toEqual([]);
    expect(flags({ grants: { ...grants, actions: 19 }, used: 1 })).toEqual([]);
    expect(flags({ grants })).toEqual([]);
    expect(flags({ grants, calls: 0 })).toEqual([]);
  });

  it("call orphaned what lost its creator, or what nobody can assume and nobody used", () => {
    expect(flags({ creatorGone: true, createdBy: "somebody" })).toEqual(["orphaned"]);
    expect(flags({ trust, calls: 0, created: at }, neverUsed)).toEqual(["orphaned"]);
    expect(flags({ trust })).toEqual([]);
  });

  it("call shared what several things use, and undeclared what no manifest names, also when it is gone", () => {
    expect(flags({ sharers: ["one", "two"] })).toEqual(["shared"]);
    expect(flags({ declared: false, exists: false, credential: "static", lastUsed: 1 })).toEqual(["undeclared"]);
  });

  it("are none for what AWS itself runs", () => {
    expect(flags({ kind: "aws-services", declared: false })).toEqual([]);
    expect(flags({ kind: "service-linked-roles", declared: false, lastUsed: 1 })).toEqual([]);
  });
});
