import type { Resolver } from "../resolver.ts";

export const declaredRole: Resolver = {
  id: "declared-role",
  summary: "One active manifest names the role: an index of what you declared, not a proof of what is running.",
  resolve({ principal, registry }) {
    if (principal.kind !== "assumed-role" && principal.kind !== "role") return undefined;
    const role = principal.kind === "role" ? (principal.arn ?? "") : principal.role;
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
