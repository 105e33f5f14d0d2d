import { calls } from "../../event/watch.ts";
import { parseArn } from "../../iam/arn.ts";
import type { Placement } from "../placement.ts";
import type { Claim, Resolver } from "../resolver.ts";
import {
  type Begun,
  begunBy,
  declared,
  isRoleSession,
  namingAll,
  type RoleSession,
  writtenAs,
} from "../role-session.ts";
import { conventionOf } from "../session-convention.ts";
import type { Naming } from "../workload.ts";

export const sagemaker: Resolver = {
  id: "sagemaker",
  summary:
    "SageMaker names all its sessions `SageMaker`. Its `sourceIdentity` is the Studio user's profile, but only when SageMaker asked for the session or the role is a Studio role; another caller could set it. Jobs, endpoints and notebooks are known by a role that works in one of them alone.",
  watches: [calls("sts:AssumeRole")],
  resolve(holder) {
    if (!isRoleSession(holder) || conventionOf(holder.principal.session.name) !== "sagemaker") return undefined;
    const begun = begunBy(holder, "sagemaker");
    return begun === "by-another" ? undefined : (studioUser(holder, begun) ?? byRole(holder));
  },
};

function studioUser(holder: RoleSession, begun: Begun): Claim | undefined {
  const user = holder.principal.session.sourceIdentity ?? holder.issuedBy?.session.sourceIdentity;
  const places = holder.placements.ofRole(holder.principal.role).filter((one) => one.kind === "sagemaker-user-profile");
  if (user === undefined || (begun === "not-seen" && places.length === 0)) return undefined;
  const arn = profileArn(holder, places, user);
  return declared(
    holder,
    begun === "by-service"
      ? {
          id: `sagemaker:${arn}`,
          class: "linked",
          because: "SageMaker asked for this session in the name of the user profile",
        }
      : {
          id: `sagemaker:${arn}`,
          class: "indexed",
          because: "the role is a Studio role, and the session carries the user profile",
        },
    naming(holder, arn),
  );
}

/** The one profile of that name, or that name in the one domain that has the role; what is not known of it is a dash. */
function profileArn({ principal, issuedBy }: RoleSession, places: readonly Placement[], user: string): string {
  const profiles = places.filter((one) => one.resource.includes(":user-profile/") && one.resource.endsWith(`/${user}`));
  const domains = places.filter((one) => one.resource.includes(":domain/"));
  const [profile, domain] = [profiles[0], domains[0]];
  if (profile !== undefined && profiles.length === 1) return profile.resource;
  if (domain !== undefined && domains.length === 1 && profile === undefined)
    return `${domain.resource.replace(":domain/", ":user-profile/")}/${user}`;
  const partition = parseArn(principal.role)?.partition ?? "aws";
  return `arn:${partition}:sagemaker:${issuedBy?.region ?? "-"}:${principal.account ?? ""}:user-profile/-/${user}`;
}

/** A role that also works elsewhere says nothing about which of these runs; nor do several resources, unless one manifest has them all. */
function byRole(holder: RoleSession): Claim | undefined {
  const places = holder.placements.ofRole(holder.principal.role);
  if (places.length === 0 || !places.every((one) => one.kind.startsWith("sagemaker-"))) return undefined;
  const resources = [...new Set(places.map((one) => servedBy(holder, one)))].sort();
  const [first = "", ...others] = resources;
  const all = namingAll(resources, (one) => naming(holder, one));
  if (others.length > 0 && all === undefined) return undefined;
  return declared(
    holder,
    {
      id: `sagemaker:${first}`,
      class: "indexed",
      because:
        others.length > 0
          ? `the role works in ${resources.length} resources of SageMaker, all of one manifest`
          : first.includes(":domain/")
            ? "the role is that of this Studio domain, whose sessions do not carry the profile (ExecutionRoleIdentityConfig): user unknown"
            : "the role works in this resource of SageMaker, and in nothing else that was seen",
    },
    all,
  );
}

/** The endpoint that serves a model, as far as the records lead: model, configuration, endpoint. */
function servedBy(holder: RoleSession, place: Placement): string {
  if (place.kind !== "sagemaker-endpoint") return place.resource;
  const { resource } = place;
  const config = resource.includes(":model/") ? next(holder, "model", resource) : resource;
  return config === undefined ? resource : (next(holder, "config", config) ?? config);
}

function next({ placements }: RoleSession, kind: "model" | "config", from: string): string | undefined {
  const arn = parseArn(from);
  const name = arn?.resource.slice(arn.resource.indexOf("/") + 1) ?? "";
  return placements.ofRun("sagemaker-endpoint", arn?.account ?? "", `${kind} ${arn?.region ?? ""}/${name}`)?.resource;
}

function naming({ registry }: RoleSession, arn: string): Naming | undefined {
  const values = writtenAs(arn);
  if (arn.includes(":endpoint/")) return registry.selecting("sagemaker.endpoint", values);
  if (arn.includes(":user-profile/")) return registry.selecting("sagemaker.domainUser", values);
  return arn.includes(":training-job/")
    ? registry.selecting("sagemaker.trainingJobPrefix", values.slice(1))
    : undefined;
}
