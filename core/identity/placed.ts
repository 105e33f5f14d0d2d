import type { ApiCall } from "../event/event.ts";
import { isRoleArn, parseArn } from "../iam/arn.ts";
import type { Placement, PlacementKind } from "./placement.ts";

/** A placement as a record shows it; what the record does not show is empty. */
interface Shown {
  readonly kind: PlacementKind;
  readonly resource: string;
  readonly role?: string;
  readonly run?: string;
  readonly group?: string;
  readonly field: string;
}

/** The placement with the call it was read from, or nothing when the record does not name the resource. */
export function placed(
  call: ApiCall,
  { kind, resource, role = "", run = "", group = "", field }: Shown,
): readonly Placement[] {
  if (!resource) return [];
  const full = fullRole(role, call);
  return [
    {
      kind,
      resource,
      ...(full === undefined ? {} : { role: full }),
      ...(run ? { run } : {}),
      ...(group ? { group } : {}),
      eventID: call.id,
      field,
      at: call.at,
      account: call.account ?? parseArn(resource)?.account ?? "",
      region: call.region,
      by: call.principal.arn ?? call.principal.invokedBy ?? call.principal.kind,
    },
  ];
}

/** Some services take a role's bare name; it is then a role of the same account without a path. */
function fullRole(role: string, { account, partition }: ApiCall): string | undefined {
  if (isRoleArn(role)) return role;
  return role && account && /^[\w+=,.@-]{1,64}$/.test(role)
    ? `arn:${partition}:iam::${account}:role/${role}`
    : undefined;
}
