import { expect, it } from "vitest";
import { Fault, type FaultCode } from "../../../../core/fault.ts";
import { stateFor } from "../../../../core/flow/respond/state-for.ts";
import { freezeFleet } from "../../../../core/respond/plans/freeze-fleet.ts";
import type { Slot, Value } from "../../../../core/respond/slot.ts";
import { heldIn, type Snapshot } from "../../../../core/respond/snapshot.ts";

const account = "111122223333";
const group = `arn:aws:autoscaling:us-east-1:${account}:autoScalingGroup:11111111-1111-4111-8111-111111111111:autoScalingGroupName/gpu`;
const action = { kind: "freeze-fleet", target: group, tier: 2 } as const;
const processes: Slot = { kind: "scaling-processes", group };
const size: Slot = { kind: "scaling-size", group };

const plane = (read: (slot: Slot) => Value, held: Snapshot["held"] = []) => ({
  snapshot: async (arn: string): Promise<Snapshot | undefined> =>
    arn === group ? { schema: 1, target: { arn, id: arn, account }, held, quotas: {} } : undefined,
  read: async (slot: Slot) => read(slot),
});
const failing = (code: FaultCode) => () => {
  throw new Fault(code, "as the test says");
};

it("reads beside the target's own state what the planner has to know, and nothing twice", async () => {
  const asked: Slot[] = [];
  const known = plane(
    (slot) => {
      asked.push(slot);
      return [];
    },
    [{ slot: size, value: { min: 0, max: 1, desired: 1 } }],
  );
  const state = await stateFor(action, freezeFleet, known);
  expect(asked).toEqual([processes]);
  expect(state === undefined ? undefined : heldIn(state, processes)).toEqual([]);
});

it("leaves out what may not be read, so that nothing is planned on it", async () => {
  const state = await stateFor(action, freezeFleet, plane(failing("denied")));
  expect(state?.held).toEqual([]);
  if (state === undefined) throw new Error("no state");
  const blast = { sessions: 0, instances: 4, functions: 0, jobs: 0, workloads: [] };
  expect(freezeFleet.plan({ action, caseId: "case-1", snapshot: state, blast })).toMatchObject({ kind: "refused" });
});

it("comes again where the account is only slow, and says of no target that there is none", async () => {
  await expect(stateFor(action, freezeFleet, plane(failing("throttled")))).rejects.toMatchObject({ code: "throttled" });
  expect(
    await stateFor(
      { ...action, target: "gone" },
      freezeFleet,
      plane(() => null),
    ),
  ).toBeUndefined();
});
