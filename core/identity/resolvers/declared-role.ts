import type { Resolver } from "../resolver.ts";

export const declaredRole: Resolver = {
  id: "declared-role",
  summary: "One active manifest names the role: an index of what you declared, not a proof of what is running.",
  resolve({ principal, registry }) {
    const role =
      principal.kind === "assumed-role" ? principal.role : principal.kind === "role" ? principal.arn : undefined;
    if (role === undefined) return undefined;
    const manifest = registry.byRole(role);
    if (manifest === undefined) return undefined;
    return {
      kind: "workload",
      id: manifest.name,
      declared: true,
      class: "indexed",
      exact: manifest.roles.some((one) => one === role),
      because: `one manifest names the role (${manifest.where})`,
    };
  },
};
