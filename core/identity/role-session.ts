import type { Principal } from "../event/principal.ts";
import { named, namingRole } from "./declared.ts";
import { isServiceItself } from "./lineage/issuing-service.ts";
import type { Placement, PlacementKind } from "./placement.ts";
import type { Claim, Holder } from "./resolver.ts";
import type { Naming } from "./workload.ts";

/** A holder that is a session of a role: the only kind that AWS's services hand out to what they run. */
export type RoleSession = Holder & { readonly principal: Extract<Principal, { kind: "assumed-role" }> };

export const isRoleSession = (holder: Holder): holder is RoleSession => holder.principal.kind === "assumed-role";

/** Who began a session: the service itself, which then chose its name; somebody else; or that call is not known. */
export type Begun = "by-service" | "by-another" | "not-seen";

/** `service` is the part before `.amazonaws.com`. A service that AWS does not name (`AWS Internal`) tells nothing. */
export function begunBy({ issuedBy }: Holder, service: string): Begun {
  if (issuedBy === undefined) return "not-seen";
  if (isServiceItself(issuedBy.caller, service)) return "by-service";
  const unnamed = issuedBy.caller.kind === "aws-service" && !issuedBy.caller.service.includes(".");
  return unnamed ? "not-seen" : "by-another";
}

/** What the session's role is known to work in, of one kind. */
export const placedIn = ({ placements, principal }: RoleSession, kind: PlacementKind): readonly Placement[] =>
  placements.ofRole(principal.role).filter((one) => one.kind === kind);

/** The claim under a manifest's name. Where it rests on the role alone, whoever declares the role comes first, so that no two claims disagree. */
export function declared(
  { principal, registry }: RoleSession,
  claim: Pick<Claim, "id" | "class" | "because">,
  ...selected: readonly (Naming | undefined)[]
): Claim {
  const whole = { kind: "workload", ...claim } as const;
  switch (claim.class) {
    case "asserted":
    case "linked":
      return named(whole, ...selected, namingRole(registry, principal.role));
    case "indexed":
      return named(whole, namingRole(registry, principal.role), ...selected);
    case "inferred":
      // A guess never takes a manifest's name: the role alone will say so, if it is declared.
      return named(whole);
  }
}

/** The manifest that names each of these, when one and the same does. */
export function namingAll<Thing>(
  things: readonly Thing[],
  naming: (thing: Thing) => Naming | undefined,
): Naming | undefined {
  const [first, ...others] = things.map(naming);
  return others.every((one) => one?.manifest === first?.manifest) ? first : undefined;
}

/** How a manifest may write a resource: by its ARN, or by the name behind the first slash of it. */
export const writtenAs = (arn: string): readonly string[] => {
  const slash = arn.indexOf("/");
  return slash < 0 ? [arn] : [arn, arn.slice(slash + 1)];
};
