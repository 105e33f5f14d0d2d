import { canonicalDigest } from "./canonical.ts";
import { hash32, hashInto, type Lanes } from "./hash.ts";
import type { Head } from "./head.ts";
import { contentBits } from "./record-table.ts";

/**
 * Writes what a record is known by into the words of a table entry; the pointer and the flags are the caller's. Records of
 * one file mostly share account, Region and source, so their hashes are made when they change.
 */
export function recordWords(): (head: Head, into: Uint32Array, base: number) => void {
  const lanes: Lanes = { high: 0, low: 0 };
  let last = { account: "", region: "", hash: 0 };
  let source = { name: "", hash: 0 };

  /** What tells two records with one id apart. Envelopes without CloudTrail detail agree only when all of them agrees. */
  const restOf = ({ form, account, region, name, at, body }: Head): number => {
    if (form === "envelope") return hash32(canonicalDigest(body), 0);
    if (account !== last.account || region !== last.region)
      last = { account, region, hash: hash32(region, hash32(account, 1)) };
    return hash32(name, last.hash ^ (at % 1000));
  };

  /** The event source is not part of a record's identity, but attribution lines print it. */
  const sourceHash = (name: string): number => {
    if (name !== source.name) source = { name, hash: hash32(name, 2) };
    return source.hash;
  };

  return (head, into, base) => {
    hashInto(head.id, lanes);
    into[base] = lanes.high || 1;
    into[base + 1] = lanes.low;
    into[base + 2] = Math.floor(head.at / 1000);
    into[base + 3] = restOf(head);
    into[base + 4] = head.length | contentBits(sourceHash(head.source));
  };
}
