import { expect, it } from "vitest";
import { virtualClock } from "../../../../adapters/memory/clock.ts";
import { memoryKillSwitch } from "../../../../adapters/memory/kill-switch.ts";
import { instant } from "../../../../core/event/instant.ts";
import { Fault } from "../../../../core/fault.ts";
import { gateOf } from "../../../../core/flow/respond/gate.ts";
import { writesASecond } from "../../../../core/respond/gate.ts";

const stopped = { kind: "stopped", by: "sam", at: instant(0), reason: "drill" } as const;

function stage() {
  const clock = virtualClock(instant(1_000));
  const killSwitch = memoryKillSwitch();
  const pause = async (milliseconds: number): Promise<void> => clock.advance(milliseconds);
  return { clock, killSwitch, gate: gateOf({ killSwitch, clock, pause }) };
}

it("lets an account's calls pass at its pace, whoever asks at once, and does not hold up another account", async () => {
  const { clock, gate } = stage();
  const times: number[] = [];
  await Promise.all(
    Array.from({ length: 23 }, async () => {
      await gate.pass("111122223333");
      times.push(clock.now());
    }),
  );
  for (const at of times)
    expect(times.filter((other) => other >= at && other < at + 1_000).length).toBeLessThanOrEqual(writesASecond);
  const before = clock.now();
  expect(await gate.pass("444455556666")).toEqual({ ok: true });
  expect(clock.now()).toBe(before);
});

it("lets nothing pass while the kill switch is on, and says who set it and why", async () => {
  const { killSwitch, gate } = stage();
  await killSwitch.set(stopped);
  expect(await gate.pass("111122223333")).toEqual({ ok: false, because: "the kill switch is on: drill (sam)" });
  await killSwitch.set({ kind: "allowed" });
  expect(await gate.pass("111122223333")).toEqual({ ok: true });
});

it("heeds a switch that was set while a call waited for its turn", async () => {
  const { clock, killSwitch } = stage();
  const gate = gateOf({
    killSwitch,
    clock,
    pause: async (milliseconds) => {
      await killSwitch.set(stopped);
      clock.advance(milliseconds);
    },
  });
  for (let call = 0; call < writesASecond; call++) await gate.pass("111122223333");
  expect((await gate.pass("111122223333")).ok).toBe(false);
});

it("takes a switch that cannot be read for a no", async () => {
  const { clock } = stage();
  const broken = { read: () => Promise.reject(new Fault("unreachable", "no answer")), set: async () => undefined };
  const gate = gateOf({ killSwitch: broken, clock, pause: async () => undefined });
  expect(await gate.pass("111122223333")).toEqual({ ok: false, because: "the kill switch cannot be read: no answer" });
});
