import type { Principal } from "../event/principal.ts";
import type { Watch } from "../event/watch.ts";
import type { ClaimClass } from "./attribution.ts";
import type { Issuance } from "./lineage/issuance.ts";
import type { Placements } from "./placement.ts";
import type { Registry } from "./workload.ts";

/** One credential of the chain, as a resolver sees it. */
export interface Holder {
  readonly principal: Principal;
  /** The call that issued this credential, when it was recorded. */
  readonly issuedBy?: Issuance;
  readonly registry: Registry;
  /** Where roles are known to work. */
  readonly placements: Placements;
}

/** One resolver's opinion about who holds a credential. */
export interface Claim {
  readonly kind: "workload" | "person" | "service" | "external";
  readonly id: string;
  readonly declared: boolean;
  readonly class: ClaimClass;
  /** True when the claim rests on an exact ARN that one manifest names. */
  readonly exact: boolean;
  readonly because: string;
  /** True when it names whom the holder acted for, not the holder: a workload that acts is still what ran. */
  readonly behalf?: true;
  /** True when it names who acted with the holder's credential in the holder's place. */
  readonly instead?: true;
}

/** Reads one way AWS names whoever holds a credential. Silence means "not mine", never "nobody". */
export interface Resolver {
  readonly id: string;
  /** What AWS vouches for and what the caller chooses. */
  readonly summary: string;
  /** Calls beside the one judged that it learns from; most read nothing but the record itself. */
  readonly watches: readonly Watch[];
  resolve(holder: Holder): Claim | undefined;
}
