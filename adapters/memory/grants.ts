import { canonical } from "../../core/event/canonical.ts";
import {
  type ApprovedGrant,
  byStart,
  checkGrant,
  type GrantStore,
  grantConflict,
} from "../../core/identity/envelope/grant-store.ts";

/** Run-time grants that live as long as their process. */
export function memoryGrants(): GrantStore {
  const grants = new Map<string, ApprovedGrant>();
  return {
    async put(grant) {
      checkGrant(grant);
      const name = JSON.stringify([grant.workload, grant.id]);
      const known = grants.get(name);
      if (known === undefined) {
        grants.set(name, grant);
        return "written";
      }
      if (canonical(known) !== canonical(grant)) throw grantConflict(grant);
      return "known";
    },
    async ofWorkload(workload) {
      return [...grants.values()].filter((grant) => grant.workload === workload).sort(byStart);
    },
  };
}
