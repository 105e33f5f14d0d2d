import type { Principal } from "../../event/principal.ts";
import type { Attribution } from "../../identity/attribution.ts";
import type { Registry, Workload } from "../../identity/workload.ts";
import type { State } from "../state.ts";

/** Principals whose conduct is judged together: a declared workload's, or those of one undeclared role or user. */
export interface ConductGroup {
  readonly identity: string;
  readonly workload?: Workload;
}

export interface ConductGroups {
  /** Learns whose a principal is. */
  met(principal: number, attribution: Attribution): void;
  readonly all: readonly ConductGroup[];
  /** The place of a principal's group in `all`; -1 where nobody judges it. */
  of(principal: number): number;
  /** Whether it is a federated subject, which asks for sessions and does nothing else. */
  asksOnly(principal: number): boolean;
}

export function conductGroups({ principals, conduct }: State, registry: Registry): ConductGroups {
  const all: ConductGroup[] = [];
  const places = new Map<string, number>();
  const wanted = conduct.size > 0;
  const of = new Int32Array(wanted ? principals.count : 0).fill(-1);
  const asking = new Uint8Array(of.length);
  return {
    met(principal, attribution) {
      if (principal >= of.length || of[principal] !== -1) return;
      const group = groupOf(principals.read(principal), attribution, registry);
      if (group === undefined) return;
      const place = places.get(group.identity) ?? all.push(group) - 1;
      places.set(group.identity, place);
      of[principal] = place;
      const [hop] = attribution.hops;
      if (hop?.eventID === null && hop.end === "federation") asking[principal] = 1;
    },
    all,
    of: (principal) => of[principal] ?? -1,
    asksOnly: (principal) => asking[principal] === 1,
  };
}

function groupOf(principal: Principal, attribution: Attribution, registry: Registry): ConductGroup | undefined {
  switch (attribution.kind) {
    case "person":
    case "service":
      return undefined;
    case "workload":
    case "external": {
      const workload = attribution.declared ? registry.named(attribution.id) : undefined;
      if (workload !== undefined)
        return workload.status === "active" ? { identity: `workload:${workload.name}`, workload } : undefined;
      return undeclared(principal);
    }
    case "contested":
    case "unattributed":
      return undeclared(principal);
  }
}

/** Runs come and go, and callers choose what sessions are called: the role or user stays. */
function undeclared(principal: Principal): ConductGroup | undefined {
  switch (principal.kind) {
    case "assumed-role":
      return { identity: `role:${principal.role}` };
    case "role":
      return principal.arn === undefined ? undefined : { identity: `role:${principal.arn}` };
    case "iam-user":
      return principal.arn === undefined ? undefined : { identity: `user:${principal.arn}` };
    default:
      return undefined;
  }
}
