import { describe, expect, it } from "vitest";
import { completing, madeIn } from "../../../../core/detect/escalation/sequence-match.ts";
import { beginningKeys, type Sequence, sequencesOf } from "../../../../core/detect/escalation/sequence-steps.ts";
import { stepsOf } from "../../../../core/detect/escalation/step-index.ts";
import { stepMark, stepMarkOf } from "../../../../core/detect/escalation/step-mark.ts";
import type { EventId } from "../../../../core/event/event.ts";
import { instant } from "../../../../core/event/instant.ts";
import { paths } from "../../iam/tables.ts";

const sequences = sequencesOf(stepsOf(paths, "escalation-sequence"));
const of = (id: string, within?: number): Sequence => {
  const found = sequences.find((one) => one.step.path.id === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return within === undefined ? found : { ...found, showing: { ...found.showing, withinMinutes: within } };
};
const userData = of("ec2:ModifyInstanceAttribute+StopInstances+StartInstances");
const [stop = "", modify = "", start = ""] = userData.keys;
const mark = (key: string, minute: number) => ({
  member: stepMark({ key, outside: false, touchesDeclared: false }, `e-${key}-${minute}`),
  at: instant(minute * 60_000),
  eventID: `e-${key}-${minute}` as EventId,
});
const minutes = (sequence: Sequence, ...marks: readonly ReturnType<typeof mark>[]) =>
  completing(sequence, madeIn(marks))?.map((one) => one.mark.at / 60_000);

describe("a sequence in order", () => {
  it("is complete with all its steps, and without those that may be missing", () => {
    expect(minutes(userData, mark(stop, 0), mark(modify, 2), mark(start, 3))).toEqual([0, 2, 3]);
    expect(minutes(userData, mark(modify, 2), mark(start, 3))).toEqual([2, 3]);
    expect(minutes(userData, mark(stop, 0), mark(start, 3))).toBeUndefined();
  });
  it("is not complete where a later step came only before an earlier one", () => {
    expect(minutes(userData, mark(stop, 0), mark(start, 1), mark(modify, 2))).toBeUndefined();
    expect(minutes(userData, mark(stop, 0), mark(start, 1), mark(modify, 2), mark(start, 3))).toEqual([0, 2, 3]);
  });
  it("is complete where steps of one second stand in any order", () => {
    expect(minutes(userData, mark(modify, 2), mark(start, 2), mark(stop, 2))).toEqual([2, 2, 2]);
  });
  it("begins with the first mark of the span, or another span tells of it", () => {
    const taken = of("iam:AttachRolePolicy+sts:AssumeRole");
    const [attach = "", assume = ""] = taken.keys;
    expect(minutes(taken, mark(attach, 1), mark(assume, 2))).toEqual([1, 2]);
    expect(minutes(taken, mark(stop, 0), mark(attach, 1), mark(assume, 2))).toBeUndefined();
  });
  it("ends in time", () => {
    const quick = of("ec2:ModifyInstanceAttribute+StopInstances+StartInstances", 5);
    expect(minutes(quick, mark(modify, 0), mark(start, 5))).toEqual([0, 5]);
    expect(minutes(quick, mark(modify, 0), mark(start, 6))).toBeUndefined();
  });
});

describe("a sequence in any order", () => {
  const lets = of("iam:AttachRolePolicy+UpdateAssumeRolePolicy");
  const [attach = "", trust = "", assume = ""] = lets.keys;
  it("takes the writes as they come, and the taking of the role after all of them", () => {
    expect(minutes(lets, mark(trust, 0), mark(attach, 1), mark(assume, 2))).toEqual([0, 1, 2]);
    expect(minutes(lets, mark(trust, 0), mark(assume, 1), mark(attach, 2))).toBeUndefined();
  });
});

describe("what a span may begin with", () => {
  const keys = beginningKeys(sequences);
  it("is a first step, or one before it that may be missing, and never the taking of a role", () => {
    expect(keys.has(stop)).toBe(true);
    expect(keys.has(modify)).toBe(true);
    expect(keys.has(start)).toBe(false);
    expect([...keys].filter((key) => key.includes("AssumeRole"))).toEqual(
      [...keys].filter((key) => key.includes("UpdateAssumeRolePolicy")),
    );
  });
});

it("reads its own marks again, and none that another version wrote", () => {
  const made = { key: "iam:CreateUser", might: "everything", outside: true, touchesDeclared: false } as const;
  expect(stepMarkOf(stepMark(made, "e-1"))).toEqual(made);
  for (const member of ["i-0abc", '{"a":1}', '["iam:CreateUser"]']) expect(stepMarkOf(member)).toBeUndefined();
});
