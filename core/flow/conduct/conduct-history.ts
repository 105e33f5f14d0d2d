import { type Habit, habitOf } from "../../detect/behaviour/baseline.ts";
import type { EarlierDays } from "../../detect/behaviour/conduct-detector.ts";
import type { Activity, ActivityStore, Sighting } from "../../detect/windows/activity-store.ts";
import type { Authorise } from "../../iam/authorisation.ts";
import type { Horizon } from "../horizon.ts";
import { idsBehind, rowDayName } from "./conduct-days.ts";
import { doneBy, type Ordered, rowsAt } from "./conduct-order.ts";

/** How activity is filed beside the actions themselves: any activity at all, and activity in a Region. */
const anything = "*";
const inRegion = (region: string): string => `region ${region}`;

interface Question {
  readonly authorise: Authorise;
  readonly horizon: Horizon;
}

/**
 * Writes down what the undeclared identities of a batch did, and reads what they did on other days: about as much as the
 * batch touches, one look-up for each action that an identity used. Writing again changes nothing.
 */
export async function earlierDays(
  store: ActivityStore,
  ordered: Ordered,
  { authorise, horizon }: Question,
): Promise<ReadonlyMap<string, EarlierDays>> {
  const seen = sightingsIn(ordered, { authorise, horizon });
  if (seen.length === 0) return new Map();
  await store.add(seen);
  const found = new Map<string, Days>();
  for (const { identity, action } of distinct(seen)) {
    const days = new Set((await store.read(identity, action)).map(dayNumber));
    const known = found.get(identity) ?? { active: new Set(), byAction: new Map(), byRegion: new Map() };
    found.set(identity, known);
    if (action === anything) for (const day of days) known.active.add(day);
    else if (action.startsWith(inRegion(""))) known.byRegion.set(action.slice(inRegion("").length), days);
    else known.byAction.set(action, days);
  }
  return found;
}

interface Days extends EarlierDays {
  readonly active: Set<number>;
  readonly byAction: Map<string, ReadonlySet<number>>;
  readonly byRegion: Map<string, ReadonlySet<number>>;
}

function sightingsIn(ordered: Ordered, { authorise, horizon }: Question): readonly Sighting[] {
  const { state, groups, parting } = ordered;
  const done = groups.all.flatMap(({ identity, workload }, place) =>
    workload === undefined
      ? [...doneBy(place, ordered, authorise)].flatMap((one) => {
          const habit = habitOf(one);
          return habit === undefined ? [] : [{ identity, filed: filedUnder(habit), rows: rowsAt(one.handle, ordered) }];
        })
      : [],
  );
  const rows = done.flatMap((one) => one.rows);
  const ids = idsBehind(state, rows, { horizon, parting });
  return done.flatMap(({ identity, filed, rows: behind }) =>
    behind
      .flatMap((row) => ids.get(rowDayName(row)) ?? [])
      .flatMap(({ eventID, at }) => filed.map((action) => ({ identity, action, eventID, at }))),
  );
}

const filedUnder = ({ actions, region }: Habit): readonly string[] => [
  anything,
  ...actions,
  ...(region === undefined ? [] : [inRegion(region)]),
];

const distinct = (seen: readonly Sighting[]): readonly Sighting[] => [
  ...new Map(seen.map((one) => [JSON.stringify([one.identity, one.action]), one])).values(),
];

const dayNumber = ({ day }: Activity): number => Math.floor(Date.parse(`${day}T00:00:00Z`) / 86_400_000);
