import { nextCall } from "./corpus-mix.ts";
import type { Random } from "./corpus-random.ts";
import { makeRole, type Profile, type Role, type RoleKind } from "./corpus-world.ts";
import type { Template } from "./templates.ts";

/** One workload of a company: a role of its own, and the few calls that it makes day after day. */
export interface EstateWorkload {
  readonly role: Role;
  readonly region: string;
  readonly habits: readonly Habit[];
  /** A call that it makes from the last week on only, as a release brings it: no drift, but nothing that was seen before. */
  readonly release?: Template;
}

/** One call and how often it is made. */
export interface Habit {
  readonly template: Template;
  /** The mean of a day on which it is made. */
  readonly callsADay: number;
  /** Made on this day of the week only, from 0 for Sunday. */
  readonly weekday?: number;
}

export interface EstateSize {
  readonly accounts: number;
  readonly workloads: number;
  readonly callsADay: number;
}

/** So many accounts, none of them anybody's, with the workloads spread over them. */
export function makeEstate(random: Random, { accounts, workloads, callsADay }: EstateSize): readonly EstateWorkload[] {
  return Array.from({ length: workloads }, (_, index): EstateWorkload => {
    const [kind, profile, word] = trades[index % trades.length] ?? trades[0];
    const account = accountNumber(index % accounts);
    const role = makeRole(random, account, [kind, profile, `${word}-${index}`], index % 250);
    return {
      role,
      region: random.pick(["us-east-1", "us-east-1", "us-west-2", "eu-west-1"]),
      habits: habitsOf(random, profile, callsADay),
      ...(random.chance(0.1) ? { release: nextCall(random, profile) } : {}),
    };
  });
}

/** `101010101010`, `111111111111` and so on: twice the same digits six times over. */
export const accountNumber = (index: number): string => String(10 + index).repeat(6);

type Trade = readonly [RoleKind, Profile, word: string];

const trades: readonly [Trade, ...Trade[]] = [
  ["lambda", "inference", "answer"],
  ["irsa", "training", "train"],
  ["ecs", "retrieval", "index"],
  ["ec2", "inference", "serve"],
  ["pod-identity", "inference", "agent"],
  ["sagemaker", "training", "tune"],
  ["lambda", "retrieval", "split"],
  ["github", "pipeline", "release"],
  ["irsa", "platform", "scale"],
  ["ecs", "inference", "gateway"],
];

/** A program makes few different calls. Most of them daily, some once a week. */
function habitsOf(random: Random, profile: Profile, callsADay: number): readonly Habit[] {
  const chosen = new Set<Template>();
  const wanted = random.between(5, 14);
  for (let tries = 0; chosen.size < wanted && tries < 200; tries++) chosen.add(nextCall(random, profile));
  const mean = callsADay / chosen.size;
  return [...chosen].map((template, place) => ({
    template,
    callsADay: Math.max(1, mean * random.longTailed(0.8)),
    ...(place % 7 === 6 ? { weekday: random.below(7) } : {}),
  }));
}
