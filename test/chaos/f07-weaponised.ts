import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../adapters/local/sqlite.ts";
import { sqliteBudget } from "../../adapters/local/sqlite-budget.ts";
import { seededRandom } from "../../bench/corpus-random.ts";
import { instant } from "../../core/event/instant.ts";
import { contain } from "../../core/flow/respond/contain.ts";
import { type Check, dosed } from "./check.ts";
import { containmentOf, generatedPrincipal } from "./generated.ts";
import { began, stage } from "./stage.ts";

/** Somebody makes many look bad so that the product cuts them off: the breakers hold, also over a restart. */
export const weaponised: Check = {
  id: "F7",
  title: "weaponised remediation (executor)",
  seconds: 10,
  async run(dose) {
    const random = seededRandom(dose.seed);
    const world = stage(random);
    const count = dosed(1_000, dose);
    const principals = Array.from({ length: 200 }, (_, place) => generatedPrincipal(random, place));
    const never = { principals: principals.slice(0, 20).map(({ holder }) => holder.arn) };
    const untouchable = new Set(never.principals);
    for (const one of principals) world.account.add(one);
    const root = mkdtempSync(join(tmpdir(), "cordon-breaker-"));
    const file = join(root, "store.db");
    let store = openStore(file);
    const ends = { contained: 0, waiting: 0, refused: 0, other: 0 };
    try {
      for (let place = 0; place < count; place++) {
        if (place % Math.max(1, Math.floor(count / 4)) === 1) {
          store.close();
          store = openStore(file);
        }
        const principal = random.pick(principals);
        const request = containmentOf(principal, { run: `run-${place}`, kind: "automatic", at: began });
        const ports = { ...world.ports, never, budget: sqliteBudget(store) };
        const ended = await world.time.until(contain(request, ports));
        if (ended.kind === "waiting") ends.waiting++;
        else if (ended.kind === "ended" && ended.end === "contained") ends.contained++;
        else if (ended.kind === "ended" && ended.end === "refused") ends.refused++;
        else ends.other++;
        const due = began + Math.round(((place + 1) * 120_000) / count);
        world.time.advance(Math.max(0, due - world.time.clock.now()));
      }
    } finally {
      store.close();
      rmSync(root, { recursive: true, force: true });
    }
    const touched = new Set(
      world.account.log.map(({ change }) =>
        "holder" in change.slot ? change.slot.holder.arn : "user" in change.slot ? change.slot.user : "",
      ),
    );
    const critical = [...touched].filter((arn) => untouchable.has(arn)).length;
    const last = world.account.log.at(-1)?.at ?? instant(0);
    const wanted = Math.min(5, count);
    return {
      runs: count,
      failures: [
        ...(touched.size <= 5 ? [] : [`${touched.size} were contained without a person in ten minutes`]),
        ...(count < 20 || ends.contained === wanted ? [] : [`${ends.contained} were contained, not ${wanted}`]),
        ...(critical === 0 ? [] : [`${critical} that nothing touches were touched`]),
        ...(ends.other === 0 ? [] : [`${ends.other} ended otherwise`]),
      ],
      figures: {
        ...ends,
        touched: touched.size,
        protectedTouched: critical,
        lastCallAfterSeconds: (last - began) / 1_000,
      },
    };
  },
};
