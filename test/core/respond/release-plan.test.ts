import { describe, expect, it } from "vitest";
import { type ReleaseGround, releasePlan, turnOf } from "../../../core/respond/release-plan.ts";
import { type Slot, slotKey } from "../../../core/respond/slot.ts";

const user = "arn:aws:iam::111122223333:user/ci";
const key: Slot = { kind: "access-key", user, accessKeyId: "AKIAIOSFODNN7EXAMPLE" };
const deny: Slot = { kind: "boundary", holder: { kind: "user", arn: user } };
const trust: Slot = { kind: "trust", role: "arn:aws:iam::111122223333:role/ci" };
const ground: ReleaseGround = {
  kind: "compromised",
  caseId: "case-1",
  target: { arn: user, id: "AIDAEXAMPLECI0000001", account: "111122223333" },
  blast: { sessions: 1, instances: 0, functions: 0, jobs: 0, workloads: [] },
  ours: [
    { slot: deny, before: null, after: "deny", run: "r", seen: true },
    { slot: key, before: "Active", after: "Inactive", run: "r", seen: true },
  ],
  live: new Map([
    [slotKey(deny), "deny"],
    [slotKey(key), "Inactive"],
  ]),
  wanted: new Map(),
  credentials: "replaced",
  snapshot: "s",
};
const kinds = (over: Partial<ReleaseGround>): readonly string[] => {
  const planned = releasePlan({ ...ground, ...over });
  return planned.kind === "plan" ? planned.plan.steps.map(({ change }) => change.slot.kind) : [planned.kind];
};

describe("releasePlan", () => {
  it("leaves the keys of somebody compromised off, unless they cannot be replaced", () => {
    expect(kinds({})).toEqual(["inline-policy", "boundary", "inline-policy"]);
    expect(kinds({ credentials: "the same" })).toEqual(["inline-policy", "access-key", "boundary", "inline-policy"]);
    expect(kinds({ kind: "benign" })).toEqual(["access-key", "boundary"]);
  });

  it("keeps what cannot be read, and what cannot be started again", () => {
    const run: Slot = {
      kind: "run",
      service: "sagemaker",
      arn: "arn:aws:sagemaker:us-east-1:111122223333:training-job/a",
    };
    const ours = [{ slot: run, before: "running", after: "stopped", run: "r", seen: true }];
    const planned = releasePlan({ ...ground, ours, live: new Map([[slotKey(run), "stopped"]]) });
    expect(planned).toMatchObject({ kind: "nothing", kept: [{ because: "what was stopped cannot be started again" }] });
    expect(kinds({ live: new Map() })).toEqual(["nothing"]);
  });

  it("refuses where somebody else has a policy of the revoke's name", () => {
    const name: Slot = { kind: "inline-policy", holder: { kind: "user", arn: user }, name: "cordon-case-1-revoke" };
    expect(kinds({ live: new Map([...ground.live, [slotKey(name), { Statement: [] }]]) })).toEqual(["refused"]);
  });

  it("leaves documents to the function that may write them", () => {
    const step = (slot: Slot) => ({ change: { slot, before: null, after: null }, tier: 2, does: "" }) as const;
    expect([deny, key, trust].map((slot) => turnOf(step(slot)))).toEqual(["release", "release", "rewrite"]);
  });
});
