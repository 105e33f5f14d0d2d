import { issuanceRank, keptUntil, type SessionStore, type StoredIssuance } from "../../core/identity/session-store.ts";

/** Lineage that lives as long as its process. */
export function memorySessions(): SessionStore {
  const links = new Map<string, StoredIssuance>();
  return {
    async put(issuance) {
      const known = links.get(issuance.accessKeyId);
      if (known !== undefined && issuanceRank(issuance) >= issuanceRank(known)) return "known";
      links.set(issuance.accessKeyId, issuance);
      return "written";
    },
    async find(accessKeyId) {
      return links.get(accessKeyId);
    },
    async evict(horizon) {
      const old = [...links.values()].filter((link) => keptUntil(link) < horizon);
      for (const { accessKeyId } of old) links.delete(accessKeyId);
      return old.length;
    },
  };
}
