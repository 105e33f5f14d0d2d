import type { SecurityFinding } from "../event/event.ts";
import type { Principal } from "../event/principal.ts";
import type { Attribution } from "../identity/attribution.ts";
import { unexplained } from "../identity/lineage/caused.ts";
import { type Named, namedIn, reportedOf, signerKeys } from "../identity/reported.ts";
import type { Registry } from "../identity/workload.ts";
import type { State } from "./state.ts";

/** Who is known, and by what. */
export interface Reporting {
  readonly registry: Registry;
  /** Who is behind a recorded signer, by its number. */
  callerOf(principal: number): Attribution;
  /** Who is behind a signer that no record was signed by. */
  attribute(principal: Principal): Attribution;
}

export const namesNobody = unexplained("another product's finding names nobody who is known here");

/**
 * Answers whom another product's finding is about: whoever signed records with the key or as the role that it names, so
 * that the finding goes to the same case as theirs. One pass over the signers at the first question; without findings of
 * other products nothing is made.
 */
export function reporter(state: State, known: Reporting): (event: SecurityFinding) => Attribution {
  let signers: ReadonlyMap<string, number> | undefined;
  return (event) => {
    signers ??= signersIn(state);
    for (const one of namedIn(event)) {
      const found = whoIs(one, signers, known);
      if (found !== undefined) return reportedOf(found, one, products[event.product]);
    }
    return namesNobody;
  };
}

const products: Readonly<Record<SecurityFinding["product"], string>> = {
  guardduty: "GuardDuty",
  "access-analyzer": "Access Analyzer",
  "security-hub": "Security Hub",
  health: "AWS Health",
};

function whoIs(one: Named, signers: ReadonlyMap<string, number>, known: Reporting): Attribution | undefined {
  const signer = signers.get(one.signer);
  if (signer !== undefined) return known.callerOf(signer);
  if (one.principal !== undefined) return known.attribute(one.principal);
  if (!one.signer.startsWith("scope ")) return undefined;
  const arn = one.signer.slice("scope ".length);
  const manifest = known.registry.byFunction(arn) ?? known.registry.selecting("agentCoreRuntime", [arn])?.manifest;
  if (manifest === undefined) return undefined;
  const { name, where } = manifest;
  return {
    kind: "workload",
    id: name,
    declared: true,
    class: "indexed",
    confidence: "medium",
    root: { kind: "workload", id: name },
    hops: [],
    because: `one manifest names it (${where})`,
  };
}

/** Under each key the signer that was seen first: which of several it is does not depend on the order of arrival. */
function signersIn({ principals }: State): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (let number = 0; number < principals.count; number++)
    for (const key of signerKeys(principals.read(number))) {
      const other = found.get(key);
      if (other === undefined || isBefore(number, other, principals)) found.set(key, number);
    }
  return found;
}

function isBefore(one: number, other: number, principals: State["principals"]): boolean {
  const [mine, theirs] = [principals.first(one), principals.first(other)];
  const order = (mine?.at ?? 0) - (theirs?.at ?? 0);
  if (order !== 0) return order < 0;
  const [id = "", otherId = ""] = [mine?.eventID, theirs?.eventID];
  return id === otherId ? principals.json(one) < principals.json(other) : id < otherId;
}
