import { callRecord } from "../bench/corpus-call.ts";
import type { Random } from "../bench/corpus-random.ts";
import { openSession, type Session } from "../bench/corpus-session.ts";
import { type Actor, cast } from "./sample-cast.ts";
import { clock, eventIdOf, type SampleRecord, sampleKey } from "./sample-record.ts";
import { deployment, ordinaryLaunches } from "./sample-writes.ts";

/** The ordinary hour, in no order, and the sessions that were open in it, by role name. */
export interface Hour {
  readonly records: readonly SampleRecord[];
  readonly sessions: ReadonlyMap<string, readonly Session[]>;
}

/** What everybody does on an ordinary night: nothing here should be a finding. */
export function ordinaryHour(random: Random): Hour {
  const sessions = new Map<string, readonly Session[]>();
  const records = cast().flatMap((actor) => {
    const callers = actor.assumedBy === undefined ? [] : (sessions.get(actor.assumedBy) ?? []);
    const shift = workShift(random, actor, callers);
    sessions.set(actor.role.name, shift.sessions);
    return shift.records;
  });
  const launches = ordinaryLaunches(random, sessions);
  return { records: [...records, ...launches, ...deployment(random, sessions)], sessions };
}

/** One actor's sessions, each with its issuing record, and the calls they sign. */
function workShift(random: Random, actor: Actor, callers: readonly Session[]) {
  const [from, until] = actor.atWork;
  const opened: Session[] = [];
  const records: SampleRecord[] = [];
  const put = (at: number, region: string, text: string): void => {
    records.push({ at, region, eventId: eventIdOf(text), text });
  };
  for (let minute = from; minute < until; minute += actor.sessionMinutes) {
    const at = clock(minute, random.between(2, 20));
    const caller = callers.findLast(({ startedAt }) => startedAt < at);
    const { session, issuing } = openSession(random, {
      role: actor.role,
      region: actor.region,
      at,
      accessKeyId: sampleKey(random),
      seconds: actor.sessionMinutes > 60 ? 21_600 : 3_600,
      ...(caller === undefined ? {} : { caller }),
    });
    opened.push(session);
    put(at, actor.region, issuing.text);
  }
  for (const at of momentsOf(random, actor)) {
    const session = opened.findLast(({ startedAt }) => startedAt <= at);
    if (session === undefined) continue;
    const outcome = session.role.profile === "platform" && random.chance(0.01) ? "failed" : "done";
    put(at, actor.region, callRecord(random, { session, template: random.pick(actor.calls), at, outcome }));
  }
  return { records, sessions: opened };
}

/** Calls come in bursts; none before the first session is open. */
function momentsOf(random: Random, { records, atWork: [from, until] }: Actor): readonly number[] {
  const moments: number[] = [];
  while (moments.length < records) {
    const burst = Math.min(random.between(1, 14), records - moments.length);
    const second = random.between(from * 60 + 21, until * 60 - 16);
    for (let call = 0; call < burst; call++) moments.push(clock(0, second + Math.floor(call / 3)));
  }
  return moments;
}
