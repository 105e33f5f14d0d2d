import type { Claim } from "./resolver.ts";
import type { Workload } from "./workload.ts";

/**
 * The same claim under the manifest's name, where a manifest names what is claimed or the role it runs under. The class
 * stays: a manifest gives a name, it proves nothing.
 */
export function named(
  claim: Omit<Claim, "declared" | "exact">,
  ...manifests: readonly (Workload | undefined)[]
): Claim {
  const manifest = manifests.find((one) => one !== undefined);
  return manifest === undefined
    ? { ...claim, declared: false, exact: false }
    : {
        ...claim,
        id: manifest.name,
        declared: true,
        exact: true,
        because: `${claim.because}; declared in ${manifest.where}`,
      };
}

/** The part of a function's ARN before its version or alias. */
export const unqualified = (functionArn: string): string => functionArn.split(":").slice(0, 7).join(":");
