import { seededRandom } from "../../bench/corpus-random.ts";
import type { Change } from "../../core/respond/change.ts";
import { slotKey } from "../../core/respond/slot.ts";
import type { LoggedCall } from "../account/account.ts";
import { drawnFaults, type Faults } from "../account/faults.ts";
import type { Principal } from "../account/principals.ts";
import { type Check, dosed } from "./check.ts";
import { containmentOf, generatedPrincipal } from "./generated.ts";
import { began, delivered, mostTries, refusedAt, type Stage, stage } from "./stage.ts";

const shares = { throttled: 0.5, conflict: 0.1, errorBefore: 0, errorAfter: 0.05, resetAfter: 0.02 };

/** What a principal's containment meets beside the weather. */
type Fate = "weather" | "one step never" | "nothing happens";

/** Quarantines in an account that throttles, conflicts, loses answers, refuses for good, and says OK without doing it. */
export const hostileControlPlane: Check = {
  id: "F14",
  title: "a hostile control plane",
  seconds: 20,
  async run(dose) {
    const random = seededRandom(dose.seed);
    const count = dosed(200, dose);
    const fates = new Map<string, Fate>();
    const weather = drawnFaults(random, shares);
    const faults: Faults = (change) =>
      change === undefined ? weather(change) : (fated(change, fates) ?? weather(change));
    const world = stage(random, { faults });
    const cases = Array.from({ length: count + Math.ceil(count / 20) }, (_, place) => {
      const fate: Fate = place >= count ? "nothing happens" : place % 5 === 0 ? "one step never" : "weather";
      const principal = withKey(generatedPrincipal(random, place), { fate, place });
      world.account.add(principal);
      fates.set(principal.holder.arn, fate);
      return { fate, principal, run: `run-${place}` };
    });
    const queue = [...cases];
    const ends = new Map<string, string>();
    const turns = new Map<string, readonly number[]>();
    const worker = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const { run } = next;
        const request = containmentOf(next.principal, { run, kind: "approval", at: began });
        const ended = await delivered(request, { ...world.ports, owner: run }, () =>
          turns.set(run, [...(turns.get(run) ?? []), world.time.clock.now()]),
        );
        ends.set(run, ended?.kind === "ended" ? ended.end : "never");
      }
    };
    await world.time.until(Promise.all([worker(), worker(), worker(), worker()]));
    return judged(cases, { ends, turns }, world);
  },
};

/** A key that can be switched off, so that something else is done where one step cannot be. */
function withKey(principal: Principal, { fate, place }: { readonly fate: Fate; readonly place: number }): Principal {
  if (fate !== "one step never") return principal;
  const arn = `arn:aws:iam::111122223333:user/user-${place}`;
  const { trust: _, maxSessionSeconds: __, ...rest } = principal;
  return {
    ...rest,
    holder: { kind: "user", arn },
    id: `AIDAEXAMPLE${String(place).padStart(9, "0")}`,
    keys: { [`AKIAIOSFODNN7${String(place).padStart(5, "0")}0X`]: "Active" },
  };
}

const refusals = ["denied", "limit", "unmodifiable", "gone", "malformed"] as const;

function fated({ slot }: Change, fates: ReadonlyMap<string, Fate>): ReturnType<Faults> | undefined {
  const arn = "holder" in slot ? slot.holder.arn : "user" in slot ? slot.user : "";
  const fate = fates.get(arn);
  const isDeny = slot.kind === "attached-policy" || slot.kind === "boundary";
  if (fate === "nothing happens" && isDeny) return "nothing";
  if (fate !== "one step never") return undefined;
  const place = Number(arn.split("-").at(-1));
  const chosen = place % 2 === 0 ? isDeny : slot.kind === "access-key";
  return chosen ? { refused: refusals[(place / 5) % 5] ?? "denied" } : undefined;
}

interface Case {
  readonly fate: Fate;
  readonly principal: Principal;
  readonly run: string;
}

async function judged(
  cases: readonly Case[],
  {
    ends,
    turns,
  }: { readonly ends: ReadonlyMap<string, string>; readonly turns: ReadonlyMap<string, readonly number[]> },
  { account, journal }: Stage,
) {
  const failures: string[] = [];
  let slowest = 0;
  const tally = { "weather contained": 0, "one step never contained-partially": 0, falseSuccess: 0 };
  for (const { fate, principal, run } of cases) {
    const end = ends.get(run) ?? "";
    const wanted = fate === "weather" ? "contained" : fate === "one step never" ? "contained-partially" : undefined;
    if (wanted !== undefined && end !== wanted) failures.push(`${run} (${fate}) ended with ${end}`);
    else if (fate === "weather") tally["weather contained"]++;
    else if (fate === "one step never") tally["one step never contained-partially"]++;
    if (fate === "one step never") {
      // The ledger is told after every turn, and whoever pages reads the ledger.
      const refused = await refusedAt(journal, run);
      const told = turns.get(run)?.find((at) => at >= refused) ?? Number.POSITIVE_INFINITY;
      slowest = Math.max(slowest, (told - refused) / 1_000);
    }
    const isDenied = Object.entries(account.held(principal.holder.arn)).some(
      ([key, value]) => key.includes("AWSDenyAll") || value === "arn:aws:iam::aws:policy/AWSDenyAll",
    );
    if (end === "contained" && !isDenied) tally.falseSuccess++;
  }
  const tries = await mostTries(
    journal,
    cases.map(({ run }) => run),
  );
  const pace = fastest(account.log);
  const twice = mostOf(
    account.log.filter(({ effect }) => effect),
    ({ change }) => slotKey(change.slot),
  );
  if (tally.falseSuccess > 0) failures.push(`${tally.falseSuccess} said contained of what nothing denies`);
  if (tries > 8) failures.push(`a call was tried ${tries} times in one delivery`);
  if (pace > 5) failures.push(`${pace} writes within a second`);
  if (twice > 1) failures.push(`a change was applied ${twice} times`);
  if (slowest > 60) failures.push(`${slowest} s from the refusal until the ledger is told`);
  const unintended = account.log.filter(({ intended }) => !intended).length;
  if (unintended > 0) failures.push(`${unintended} calls without an intent`);
  return {
    runs: cases.length,
    failures,
    figures: {
      ...tally,
      mostTriesADelivery: tries,
      mostWritesASecond: pace,
      slowestPageSeconds: slowest,
      calls: account.log.length,
    },
  };
}

function mostOf(log: readonly LoggedCall[], key: (call: LoggedCall) => string): number {
  return Math.max(0, ...[...Map.groupBy(log, key).values()].map((calls) => calls.length));
}

/** The most calls that came within any one second. */
function fastest(log: readonly LoggedCall[]): number {
  const times = log.map(({ at }) => at).sort((a, b) => a - b);
  let [most, first] = [0, 0];
  for (const [last, at] of times.entries()) {
    while (at - (times[first] ?? at) >= 1_000) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
