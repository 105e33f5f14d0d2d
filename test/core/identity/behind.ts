import { isRoleArn } from "../../../core/iam/arn.ts";
import type { AccessKeyId } from "../../../core/iam/identifiers.ts";
import { attribute, type FindIssuance } from "../../../core/identity/attribute.ts";
import type { Attribution } from "../../../core/identity/attribution.ts";
import { callersCopy, type Issuance, issuanceOf } from "../../../core/identity/lineage.ts";
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
  return (key: AccessKeyId) => callersCopy(all.filter((one) => one.accessKeyId === key));
}

/** Who ran a call, with these records behind it. */
export function attributionOf(
  one: RecordObject,
  among: readonly RecordObject[] = [],
  registry: Registry = emptyRegistry,
): Attribution {
  const event = eventOf(one);
  if (event.kind !== "api-call") throw new Error("the test needs a call");
  return attribute(event.principal, finder(among), registry);
}

/** One workload per role, named `declared-0`, `declared-1`, …. */
export const manifestOf = (...roles: readonly string[]): Registry => declaring(roles.map(roleArn).filter(isRoleArn));

/** The issuance that a record shows. */
export const issuedBy = (one: RecordObject): Issuance | undefined => {
  const event = eventOf(one);
  return event.kind === "api-call" ? issuanceOf(event) : undefined;
};
