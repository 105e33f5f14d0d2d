import { describe, expect, it } from "vitest";
import { triggersIn } from "../../../core/identity/cause-text.ts";

const at = (time: string): number => Date.parse(`2026-01-31T${time}Z`);
const started =
  "At 2026-01-31T12:00:09Z an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 1 to 2.";
const says = (...sentences: readonly string[]): string => [...sentences, started].join(".  ");
const first = "At 2026-01-31T12:00:00Z";

describe("triggersIn", () => {
  it.each([
    [
      "a user request explicitly set group desired capacity changing the desired capacity from 1 to 2",
      "autoscaling:SetDesiredCapacity",
    ],
    [
      "a user request update of AutoScalingGroup constraints to min: 1, max: 9, desired: 2 changing the desired capacity from 1 to 2",
      "autoscaling:UpdateAutoScalingGroup",
    ],
    [
      "a user request created an AutoScalingGroup changing the desired capacity from 0 to 1",
      "autoscaling:CreateAutoScalingGroup",
    ],
    ["a user request executed policy up changing the desired capacity from 1 to 2", "autoscaling:ExecutePolicy"],
  ])("reads %s", (said, api) =>
    expect(triggersIn(says(`${first} ${said}`))).toEqual([{ kind: "request", at: at("12:00:00"), apis: [api] }]),
  );

  it("reads the policy that an alarm triggered, and the action that a schedule began", () => {
    const alarm = `${first} a monitor alarm too-busy in state ALARM triggered policy scale out changing the desired capacity from 1 to 2`;
    expect(triggersIn(says(alarm))).toEqual([{ kind: "policy", at: at("12:00:00"), name: "scale out" }]);
    const schedule = [
      `${first} a scheduled action update of AutoScalingGroup constraints to min: 1, max: 5, desired: 2 changing the desired capacity from 1 to 2`,
      `${first} the scheduled action night executed. Setting desired capacity from 1 to 2`,
    ];
    expect(triggersIn(says(...schedule))).toEqual([{ kind: "schedule", at: at("12:00:00"), name: "night" }]);
  });

  it("tells replacements and refreshes from what somebody asked for", () => {
    const out = (why: string): string => `${first} an instance was taken out of service in response to ${why}.`;
    expect(triggersIn(out("an EC2 health check indicating it has been terminated or stopped"))).toMatchObject([
      { kind: "replacement" },
    ]);
    expect(triggersIn(out("an instance refresh"))).toMatchObject([{ kind: "refresh" }]);
    expect(triggersIn(out("a user request"))).toMatchObject([{ kind: "request" }]);
  });

  it("finds nothing in words it does not know", () => {
    for (const text of ["", "description-text", started, `${first} something new happened.`])
      expect(triggersIn(text)).toEqual([]);
  });

  const request = "a user request explicitly set group desired capacity changing the desired capacity from 1 to 2";
  it.each([
    [
      "an alarm's name that ends the sentence",
      `${first} a monitor alarm x.  ${first} ${request} in state ALARM triggered policy mine changing the desired capacity from 1 to 2`,
    ],
    [
      "an alarm's name that names a policy",
      `${first} a monitor alarm x in state ALARM triggered policy victim in state ALARM triggered policy mine changing the desired capacity from 1 to 2`,
    ],
    [
      "a policy's name that is a request",
      `${first} a monitor alarm x in state ALARM triggered policy ${request} changing the desired capacity from 1 to 2`,
    ],
    [
      "a policy's name after a request",
      `${first} a user request executed policy x a monitor alarm y in state ALARM triggered policy victim changing the desired capacity from 1 to 2`,
    ],
    [
      "a schedule's name that is a request",
      `${first} the scheduled action ${request} executed. Setting desired capacity from 1 to 2`,
    ],
    ["a trigger where none belongs", `${first} it was so because ${request}`],
    ["a trigger without a time", request],
  ])("refuses %s", (_, text) => expect(triggersIn(says(text))).toBeUndefined());

  it("is quick with long and repeated text", () => {
    const began = performance.now();
    expect(triggersIn(`${first} ${"a monitor alarm triggered policy ".repeat(10_000)}`)).toBeUndefined();
    triggersIn(`. ${" ".repeat(8_000)}`);
    triggersIn(".  At 2026-".repeat(700));
    expect(performance.now() - began).toBeLessThan(200);
  });
});
