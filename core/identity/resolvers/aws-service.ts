import { serviceIn } from "../lineage/issuing-service.ts";
import type { Claim, Resolver } from "../resolver.ts";

export const awsService: Resolver = {
  id: "aws-service",
  summary:
    "AWS writes the service's name, or the role is a service-linked one, which only AWS can create and assume. `AWS Internal` is no service's name: AWS made the call and does not say for which of them.",
  watches: [],
  resolve({ principal }) {
    if (principal.kind === "aws-service") {
      const name = serviceIn(principal.service);
      return name === undefined
        ? service("-", "AWS recorded the call as its own, and does not say which service made it")
        : service(name, "AWS recorded the call as a service's own");
    }
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
