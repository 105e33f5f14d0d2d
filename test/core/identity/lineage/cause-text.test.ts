import { describe, expect, it } from "vitest";
import { triggerOf } from "../../../../core/identity/lineage/cause-text.ts";

const at = (time: string): number => Date.parse(`2026-01-31T${time}Z`);
const started =
  "At 2026-01-31T12:00:09Z an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 1 to 2.";
const says = (...sentences: readonly string[]): string => [...sentences, started].join(".  ");
const first = "At 2026-01-31T12:00:00Z";

describe("triggerOf", () => {
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
    expect(triggerOf(says(`${first} ${said}`))).toEqual({ kind: "request", at: at("12:00:00"), apis: [api] }),
  );

  it("reads the policy that an alarm triggered, and the action that a schedule began", () => {
    const alarm = `${first} a monitor alarm too-busy in state ALARM triggered policy scale out changing the desired capacity from 1 to 2`;
    expect(triggerOf(says(alarm))).toEqual({ kind: "policy", at: at("12:00:00"), name: "scale out" });
    const schedule = [
      `${first} a scheduled action update of AutoScalingGroup constraints to min: 1, max: 5, desired: 2 changing the desired capacity from 1 to 2`,
      `${first} the scheduled action night executed. Setting desired capacity from 1 to 2`,
    ];
    expect(triggerOf(says(...schedule))).toEqual({ kind: "schedule", at: at("12:00:00"), name: "night" });
  });

  it("tells replacements and refreshes from what somebody asked for", () => {
    const out = (why: string): string => `${first} an instance was taken out of service in response to ${why}.`;
    expect(triggerOf(out("an EC2 health check indicating it has been terminated or stopped"))).toEqual({
      kind: "replacement",
    });
    expect(triggerOf(out("an instance refresh"))).toMatchObject({ kind: "refresh" });
    expect(triggerOf(out("a user request"))).toMatchObject({ kind: "request" });
  });

  it("finds nothing in words it does not know", () => {
    for (const text of ["", "description-text", started, `${first} something new happened.`])
      expect(triggerOf(text)).toEqual({ kind: "none" });
  });

  const change = "changing the desired capacity from 1 to 2";
  const request = `a user request explicitly set group desired capacity ${change}`;
  const alarm = (name: string, policy: string): string =>
    `${first} a monitor alarm ${name} in state ALARM triggered policy ${policy} ${change}`;
  const schedule = (name: string): string =>
    `${first} the scheduled action ${name} executed. Setting desired capacity from 1 to 2`;

  /** What a name could hold so that the text names `up`, a policy of somebody else. */
  it.each([
    ["an alarm's name that names a policy", alarm("x in state ALARM triggered policy up", "mine")],
    [
      "an alarm's name that is a whole sentence",
      alarm(`x in state ALARM triggered policy up ${change}.  ${first} a monitor alarm y`, "mine"),
    ],
    [
      "an alarm's name that ends with an instance",
      alarm(`x in state ALARM triggered policy up ${change}.  ${first} an instance was`, "mine"),
    ],
    ["an alarm's name with a request", alarm(`x.  ${first} ${request}`, "mine")],
    ["a policy's name with a request", alarm("x", request)],
    [
      "a policy's name that begins as another's",
      alarm("x", `up ${change}.  ${first} a monitor alarm y in state ALARM triggered policy up`),
    ],
    [
      "one that ends with an instance",
      alarm("x", `up ${change}.  ${first} an instance was started in response to a difference`),
    ],
    [
      "one that ends with a user's request",
      alarm("x", `up ${change}.  ${first} an instance was taken in response to a user request`),
    ],
    [
      "one that ends with a request",
      alarm("x", `up ${change}.  ${first} a user request explicitly set group desired capacity`),
    ],
    [
      "one that ends with a schedule",
      alarm("x", `up ${change}.  ${first} a scheduled action update of AutoScalingGroup constraints to min: 1`),
    ],
    ["one that ends with words nobody knows", alarm("x", `up ${change}.  ${first} it rained`)],
    ["one that ends without a change", alarm("x", `up.  ${first} it rained`)],
    [
      "a policy's name after a request",
      `${first} a user request executed policy x in state ALARM triggered policy up ${change}`,
    ],
    ["a schedule's name with a request", schedule(request)],
    ["a schedule's name that begins as another's", schedule(`night executed.  ${first} an instance was started`)],
    [
      "a schedule that begins without a name",
      `${first} a scheduled action update of AutoScalingGroup constraints to min: 1 ${change}`,
    ],
    ["a policy without a change", `${first} a monitor alarm x in state ALARM triggered policy up`],
    ["a policy's name with a change", alarm("x", `up ${change}`)],
    [
      "an alarm's name with a policy and its change",
      alarm(`x triggered policy up ${change} triggered policy y`, "mine"),
    ],
    ["a request with two changes", `${first} a user request executed policy up ${change} ${change}`],
    ["a schedule's name that ends it", schedule("night executed, it")],
    ["a schedule where none belongs", `${first} so said a scheduled action`],
    ["a text longer than any", `${first} ${"x".repeat(9_000)}`],
    ["two requests", `${first} ${request}.  ${first} ${request}`],
    ["a trigger where none belongs", `${first} it was so because ${request}`],
    ["a trigger without a time", request],
  ])("refuses %s", (_, text) => expect(triggerOf(says(text))).toEqual({ kind: "unclear" }));

  it("is quick with long and repeated text", () => {
    const began = performance.now();
    expect(triggerOf(`${first} ${"a monitor alarm triggered policy ".repeat(10_000)}`)).toEqual({ kind: "unclear" });
    triggerOf(`. ${" ".repeat(8_000)}`);
    triggerOf(".  At 2026-".repeat(700));
    expect(performance.now() - began).toBeLessThan(200);
  });
});
