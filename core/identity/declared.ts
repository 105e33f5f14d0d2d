import type { Selector } from "./manifest/selector.ts";
import type { Claim } from "./resolver.ts";
import type { Naming, Registry } from "./workload.ts";

export const namingRole = (registry: Registry, role: string): Naming | undefined => {
  const manifest = registry.byRole(role);
  return manifest && { manifest, exact: manifest.roles.some((one) => one === role) };
};

/**
 * As `namingRole`, but for no manifest that says itself which thing of this kind it means: it then means no other thing
 * that runs under its role.
 */
export function namingRoleOf(
  registry: Registry,
  role: string,
  says: (selector: Selector) => boolean,
): Naming | undefined {
  const naming = namingRole(registry, role);
  return naming?.manifest.selectors.some(says) ? undefined : naming;
}

export const namingFunction = (registry: Registry, functionArn: string): Naming | undefined => {
  const manifest = registry.byFunction(functionArn);
  return manifest && { manifest, exact: true };
};

/**
 * The same claim under the manifest's name, where a manifest names what is claimed or the role it runs under. The class
 * stays: a manifest gives a name, it proves nothing.
 */
export function named(claim: Omit<Claim, "declared" | "exact">, ...namings: readonly (Naming | undefined)[]): Claim {
  const naming = namings.find((one) => one !== undefined);
  if (naming === undefined) return { ...claim, declared: false, exact: false };
  const { manifest, exact } = naming;
  return {
    ...claim,
    id: manifest.name,
    declared: true,
    exact,
    because: `${claim.because}; declared in ${manifest.where}`,
  };
}

/** The part of a function's ARN before its version or alias. */
export const unqualified = (functionArn: string): string => functionArn.split(":").slice(0, 7).join(":");
