import type { Claim, Resolver } from "../resolver.ts";

export const awsService: Resolver = {
  id: "aws-service",
  summary: "AWS writes the service's name, or the role is a service-linked one, which only AWS can create and assume.",
  watches: [],
  resolve({ principal }) {
    if (principal.kind === "aws-service")
      return service(principal.service || "unnamed", "AWS recorded the call as a service's own");
    if (principal.kind !== "assumed-role") return undefined;
    const linked = /:role\/aws-service-role\/([^/]+)\//.exec(principal.role)?.[1];
    return linked === undefined
      ? undefined
      : service(linked, "the role is service-linked: only this service can assume it");
  },
};

const service = (name: string, because: string): Claim => ({
  kind: "service",
  id: `service:${name}`,
  declared: false,
  class: "asserted",
  exact: false,
  because,
});
