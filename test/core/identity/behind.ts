import { isRoleArn } from "../../../core/iam/arn.ts";
import { attribute } from "../../../core/identity/attribute.ts";
import type { Attribution } from "../../../core/identity/attribution.ts";
import { askerText } from "../../../core/identity/lineage/asked-by.ts";
import {
  type Asks,
  askedKey,
  askedKeysOf,
  byTime,
  type Delegation,
  delegationOf,
} from "../../../core/identity/lineage/delegation.ts";
import { type Issuance, issuanceOf } from "../../../core/identity/lineage/issuance.ts";
import { type FindIssuance, issuanceFor, linkKeysOf } from "../../../core/identity/lineage/lineage.ts";
import { firstPlacement, type Placement, type Placements, runKey, runKeyOf } from "../../../core/identity/placement.ts";
import { placementsOf } from "../../../core/identity/placement-catalog.ts";
import { emptyRegistry } from "../../../core/identity/registry.ts";
import type { Registry } from "../../../core/identity/workload.ts";
import { declaring } from "../../fixtures/declaring.ts";
import { roleArn } from "../../fixtures/incident.ts";
import { eventOf } from "../../fixtures/read.ts";
import type { RecordObject } from "../../fixtures/records.ts";

/** Finds among these records, as a whole replay would. */
function finder(records: readonly RecordObject[]): FindIssuance {
  const all = records.flatMap((one): Issuance[] => {
    const event = eventOf(one);
    const issuance = event.kind === "api-call" ? issuanceOf(event) : undefined;
    return issuance === undefined ? [] : [issuance];
  });
  return (principal) => issuanceFor(principal, (key) => all.filter((one) => linkKeysOf(one).includes(key)));
}

/** Where these records put roles to work. */
export function placementsAmong(records: readonly RecordObject[]): Placements {
  const all = records.flatMap((one): readonly Placement[] => {
    const event = eventOf(one);
    return event.kind === "api-call" ? placementsOf(event) : [];
  });
  return {
    ofRole: (role) =>
      [
        ...Map.groupBy(
          all.filter((one) => one.role === role),
          ({ kind, resource }) => `${resource} ${kind}`,
        ),
      ]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([, same]) => firstPlacement(same) ?? []),
    ofRun: (kind, account, run) => firstPlacement(all.filter((one) => runKeyOf(one) === runKey(kind, account, run))),
  };
}

/** Whom these records asked to act. */
export function asksAmong(records: readonly RecordObject[]): Asks {
  const all = records
    .flatMap((one): readonly Delegation[] => {
      const event = eventOf(one);
      const asked = event.kind === "api-call" && event.outcome === "done" ? delegationOf(event) : undefined;
      return asked === undefined ? [] : [asked];
    })
    .toSorted(byTime);
  return {
    ofSession: (account, sessionId) => all.filter((one) => askedKeysOf(one).includes(askedKey(account, sessionId))),
    ofResource: (arn) =>
      [
        ...Map.groupBy(
          all.filter((one) => one.asked === arn),
          ({ asker }) => askerText(asker),
        ).values(),
      ].flatMap((same) => {
        const [first, last] = [same[0], same.at(-1)];
        return first === undefined || last === undefined ? [] : [{ first, last }];
      }),
  };
}

/** Who ran a call, with these records behind it. */
export function attributionOf(
  one: RecordObject,
  among: readonly RecordObject[] = [],
  registry: Registry = emptyRegistry,
): Attribution {
  const event = eventOf(one);
  if (event.kind !== "api-call") throw new Error("the test needs a call");
  return attribute(event.principal, {
    issuance: finder(among),
    registry,
    placements: placementsAmong(among),
    asks: asksAmong(among),
  });
}

/** One workload per role, named `declared-0`, `declared-1`, …. */
export const manifestOf = (...roles: readonly string[]): Registry => declaring(roles.map(roleArn).filter(isRoleArn));

/** The issuance that a record shows. */
export const issuedBy = (one: RecordObject): Issuance | undefined => {
  const event = eventOf(one);
  return event.kind === "api-call" ? issuanceOf(event) : undefined;
};
