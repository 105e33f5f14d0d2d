import { memoryLedger } from "../../adapters/memory/ledger.ts";
import { seededRandom } from "../../bench/corpus-random.ts";
import { instant } from "../../core/event/instant.ts";
import { Fault } from "../../core/fault.ts";
import { contain } from "../../core/flow/respond/contain.ts";
import { actedChain, recordRun } from "../../core/flow/respond/record-run.ts";
import type { Journal } from "../../core/respond/journal.ts";
import { type Check, dosed } from "./check.ts";
import { containmentOf, generatedPrincipal } from "./generated.ts";
import { began, type Stage, stage } from "./stage.ts";
import { wrongsIn } from "./watcher.ts";

/**
 * The executor's half: one decision delivered again and again by many workers, who are all lost three times in the middle
 * of it. That the two copies of an event make one decision is the line's, and tested there.
 */
export const repeatedDelivery: Check = {
  id: "F2",
  title: "repeated delivery (executor)",
  seconds: 25,
  async run(dose) {
    const incidents = dosed(20, dose);
    const failures: string[] = [];
    let calls = 0;
    for (let place = 0; place < incidents; place++) {
      const [once, often] = [await played(dose.seed, place, "once"), await played(dose.seed, place, "often")];
      calls += often.calls;
      failures.push(...often.wrongs.map((one) => `incident ${place}: ${one}`));
      if (once.calls !== often.calls)
        failures.push(`incident ${place}: ${often.calls} calls, ${once.calls} for one delivery`);
    }
    return {
      runs: incidents,
      failures,
      figures: { deliveriesEach: deliveries, workers, restarts: 3, mutatingCalls: calls },
    };
  },
};

const [deliveries, workers] = [1_000, 32];

async function played(seed: number, place: number, how: "once" | "often") {
  const random = seededRandom(seed * 1_000 + place);
  const world = stage(random);
  const principal = generatedPrincipal(random, place);
  world.account.add(principal);
  const request = containmentOf(principal, { run: "decision-1", kind: "automatic", at: began });
  const ledger = memoryLedger();
  let generation = 0;
  let left = how === "once" ? 1 : deliveries;
  const restartsAt = new Set(how === "once" ? [] : [3, 7, 40]);
  let moves = 0;
  const worker = async (name: string): Promise<void> => {
    while (left > 0) {
      left--;
      const mine = generation;
      // A worker that was lost makes no further move, nor does it say so.
      const alive = (): void => {
        moves++;
        if (restartsAt.delete(moves)) generation++;
        if (generation !== mine) throw new Error("lost");
      };
      try {
        const result = await contain(request, { ...mortal(world, alive), owner: `${name}-${mine}` });
        if (result.kind === "ended")
          await recordRun(request.run, { journal: world.journal, ledger }, world.time.clock.now());
        else {
          // Somebody else is at it: the message comes again.
          left++;
          await world.time.pause(random.between(100, 5_000));
        }
      } catch (cause) {
        if (!(cause instanceof Fault) && !(cause instanceof Error && cause.message === "lost")) throw cause;
        left++;
        await world.time.pause(random.between(1_000, 5_000));
      }
    }
  };
  await world.time.until(
    Promise.all(Array.from({ length: how === "once" ? 1 : workers }, (_, one) => worker(`worker-${one}`))),
  );
  const acted = [];
  for await (const entry of ledger.read({ chain: actedChain })) acted.push(entry);
  const looks = await world.ports.later.due(instant(world.time.clock.now() + 3_600_000));
  const wrongs = [
    ...wrongsIn(await world.journal.read(request.run)),
    ...(acted.length === 1 ? [] : [`${acted.length} entries in the ledger`]),
    ...(looks.length === 3 ? [] : [`${looks.length} looks`]),
    ...(restartsAt.size === 0 ? [] : [`only ${3 - restartsAt.size} restarts`]),
    ...(world.account.log.every(({ intended }) => intended) ? [] : ["a call without an intent"]),
  ];
  return { calls: world.account.log.length, wrongs };
}

function mortal({ ports, journal }: Stage, alive: () => void) {
  const dying: Journal = {
    ...journal,
    append: async (...given) => {
      alive();
      return journal.append(...given);
    },
    release: async (lease) => {
      alive();
      return journal.release(lease);
    },
  };
  return {
    ...ports,
    journal: dying,
    controlPlane: {
      ...ports.controlPlane,
      read: async (...given: Parameters<typeof ports.controlPlane.read>) => {
        alive();
        return ports.controlPlane.read(...given);
      },
    },
  };
}
