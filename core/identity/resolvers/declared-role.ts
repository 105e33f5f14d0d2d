import { namingRole } from "../declared.ts";
import type { Resolver } from "../resolver.ts";

export const declaredRole: Resolver = {
  id: "declared-role",
  summary: "One active manifest names the role: an index of what you declared, not a proof of what is running.",
  watches: [],
  resolve({ principal, registry }) {
    const role =
      principal.kind === "assumed-role" ? principal.role : principal.kind === "role" ? principal.arn : undefined;
    if (role === undefined) return undefined;
    const naming = namingRole(registry, role);
    if (naming === undefined) return undefined;
    const { manifest, exact } = naming;
    return {
      kind: "workload",
      id: manifest.name,
      declared: true,
      class: "indexed",
      exact,
      because: `one manifest names the role (${manifest.where})`,
    };
  },
};
