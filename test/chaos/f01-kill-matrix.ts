import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Random, seededRandom } from "../../bench/corpus-random.ts";
import { instant } from "../../core/event/instant.ts";
import { type Check, type Checked, type Dose, dosed } from "./check.ts";
import { type Executors, executors } from "./executor-process.ts";
import { type Boundary, boundaries, type Question, type Side } from "./executor-words.ts";
import { containmentOf, generatedPrincipal } from "./generated.ts";
import { watchedRun } from "./watcher.ts";

/** Where a run is killed: at one of the points, or whenever. */
type Death =
  | { readonly kind: "at"; readonly boundary: Boundary; readonly side: Side; readonly occurrence: number }
  | { readonly kind: "after"; readonly milliseconds: number };

/** The executor is killed with SIGKILL at every boundary, at any moment, and again while it recovers. */
export const killMatrix: Check = {
  id: "F1",
  title: "kill matrix",
  seconds: 1_200,
  async run(dose) {
    const root = mkdtempSync(join(tmpdir(), "cordon-kill-"));
    const lanes = [executors(), executors()];
    try {
      const queue = scripts(dose);
      const done = await Promise.all(lanes.map((lane) => drained(lane, queue, { root, seed: dose.seed })));
      return summed(done.flat(), lanes);
    } finally {
      await Promise.all(lanes.map((lane) => lane.close()));
      rmSync(root, { recursive: true, force: true });
    }
  },
};

interface Script {
  readonly place: number;
  readonly group: "matrix" | "random" | "double";
  readonly deaths: readonly Death[];
}

function scripts(dose: Dose): Script[] {
  const random = seededRandom(dose.seed);
  const points = boundaries.flatMap((boundary) => (["before", "after"] as const).map((side) => ({ boundary, side })));
  const at = (boundary: Boundary, side: Side): Death => ({
    kind: "at",
    boundary,
    side,
    occurrence: many.has(boundary) ? random.between(1, 2) : 1,
  });
  const anywhere = (): Death => {
    const { boundary, side } = random.pick(points);
    return at(boundary, side);
  };
  const matrix = points.flatMap(({ boundary, side }) =>
    Array.from({ length: dosed(25, dose) }, () => ({ group: "matrix" as const, deaths: [at(boundary, side)] })),
  );
  const moments = Array.from({ length: dosed(1_000, dose) }, () => ({
    group: "random" as const,
    deaths: [{ kind: "after", milliseconds: random.between(0, 45) } as const],
  }));
  const doubles = Array.from({ length: dosed(100, dose) }, () => ({
    group: "double" as const,
    deaths: [
      anywhere(),
      {
        kind: "at",
        boundary: random.pick(["claim", "read", "ended", "recorded"] as const),
        side: random.pick(["before", "after"] as const),
        occurrence: 1,
      } as const,
    ],
  }));
  return [...matrix, ...moments, ...doubles].map((one, place) => ({ place, ...one }));
}

const many: ReadonlySet<Boundary> = new Set(["intent", "write", "read", "outcome", "schedule"]);

interface Done {
  readonly script: Script;
  readonly kills: number;
  /** From the restart to the end, in seconds of the run's own time and of the clock on the wall. */
  readonly seconds: number;
  readonly wall: number;
  readonly calls: number;
  readonly wrongs: readonly string[];
}

async function drained(lane: Executors, queue: Script[], where: { readonly root: string; readonly seed: number }) {
  const done: Done[] = [];
  for (let next = queue.shift(); next !== undefined; next = queue.shift())
    done.push(await played(next, lane, { ...where, random: seededRandom(where.seed * 100_000 + next.place) }));
  return done;
}

async function played(
  script: Script,
  lane: Executors,
  { root, random }: { readonly root: string; readonly random: Random },
): Promise<Done> {
  const principal = spared(generatedPrincipal(random, script.place));
  const run = `run-${script.place}`;
  const kind = random.chance(0.5) ? "automatic" : "approval";
  const request = containmentOf(principal, { run, kind, at: instant(1_000_000_000) });
  const delay = random.pick([0, 0, 4_000]);
  const world = watchedRun({ folder: join(root, run), random, principal, request, delay });
  let kills = 0;
  for (const death of script.deaths) {
    const ended = await lane.deliver(
      { store: world.store, now: world.clock.now(), request, told: death.kind === "at" },
      dying(death, world.answer),
      death.kind === "after" ? death.milliseconds : undefined,
    );
    if (ended.kind === "killed") kills++;
  }
  const [from, began] = [world.clock.now(), performance.now()];
  const job = { store: world.store, now: world.clock.now(), request, told: false };
  const last = await lane.deliver(job, world.answer);
  const wall = (performance.now() - began) / 1_000;
  const seconds = (world.clock.now() - from) / 1_000;
  const ended = last.kind === "done" ? last.end : last.kind;
  const wrongs = [
    ...(ended === "contained" ? [] : [`the restart ended with ${ended}`]),
    ...(Math.max(seconds, wall) <= 60 ? [] : [`it took ${seconds} s after the restart`]),
    ...(await world.wrongs()),
  ];
  world.forget();
  return { script, kills, seconds, wall, calls: world.account.log.length, wrongs };
}

/** Every plan here has a deny and two tags; one with no room for tags would have fewer boundaries of a kind. */
const spared = (principal: ReturnType<typeof generatedPrincipal>): typeof principal => ({
  ...principal,
  tags: Object.fromEntries(Object.entries(principal.tags ?? {}).slice(0, 40)),
});

/** Answers until the moment of death: at a write's `after` the effect is there and the answer is not. */
function dying(death: Death, answer: (question: Question) => ReturnType<ReturnType<typeof watchedRun>["answer"]>) {
  let met = 0;
  return async (question: Question) => {
    if (death.kind !== "at") return answer(question);
    const { boundary, side, occurrence } = death;
    const isWrite = question.kind === "write" && boundary === "write" && side === "after";
    const isPoint = question.kind === "at" && question.boundary === boundary && question.side === side;
    if (!isWrite && !isPoint) return answer(question);
    met++;
    const said = await answer(question);
    return met === occurrence ? ("kill" as const) : said;
  };
}

function summed(done: readonly Done[], lanes: readonly Executors[]): Checked {
  const of = (group: Script["group"]) => done.filter(({ script }) => script.group === group);
  const missed = of("matrix").filter(({ kills }) => kills === 0);
  const wrongs = done.flatMap(({ script, wrongs: found }) =>
    found.map((one) => `run ${script.place} (${JSON.stringify(script.deaths)}): ${one}`),
  );
  const count = (shape: RegExp): number =>
    done.filter(({ wrongs: found }) => found.some((one) => shape.test(one))).length;
  const kills = done.reduce((sum, one) => sum + one.kills, 0);
  return {
    runs: done.length,
    failures: [
      ...wrongs,
      ...missed.map(({ script }) => `run ${script.place} never came to ${JSON.stringify(script.deaths)}`),
    ],
    figures: {
      kills,
      matrix: of("matrix").length,
      random: of("random").filter((one) => one.kills > 0).length,
      double: of("double").filter((one) => one.kills > 1).length,
      processes: lanes.reduce((sum, lane) => sum + lane.started(), 0),
      mutatingCalls: done.reduce((sum, { calls }) => sum + calls, 0),
      lost: count(/^lost/),
      appliedTwice: count(/^applied/),
      withoutIntent: count(/^no intent/),
      ledgersUnbroken: done.length - count(/^the ledger is/),
      slowestRestartSeconds: Math.max(...done.map(({ seconds }) => seconds)),
      slowestRestartWallSeconds: Number(Math.max(...done.map(({ wall }) => wall)).toFixed(2)),
    },
  };
}
