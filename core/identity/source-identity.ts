import type { Hop } from "./attribution.ts";
import type { Workload } from "./workload.ts";

/**
 * Whether a session of this workload may carry this source identity: its name, its owner, or what its manifest lists.
 * Source identities differ by case.
 */
export const acceptsSourceIdentity = ({ name, owner, sourceIdentities = [] }: Workload, value: string): boolean =>
  value === name || value === owner || sourceIdentities.some((one) => matches(one, value));

const matches = (pattern: string, value: string): boolean =>
  pattern.endsWith("*") ? value.startsWith(pattern.slice(0, -1)) : value === pattern;

/** The credentials of a chain that carry a source identity, nearest first, each distinct value once. */
export function sourceIdentitiesOf(hops: readonly Hop[]): readonly (Hop & { readonly sourceIdentity: string })[] {
  const seen = new Set<string>();
  return hops.flatMap((hop) => {
    const { sourceIdentity } = hop;
    if (sourceIdentity === undefined || seen.has(sourceIdentity)) return [];
    seen.add(sourceIdentity);
    return [{ ...hop, sourceIdentity }];
  });
}
