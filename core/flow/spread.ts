import type { Head } from "../event/head.ts";

/** Where and when records happened, and of which classes they are: what a person must know before trusting a silence. */
export interface Spread {
  readonly accounts: ReadonlySet<string>;
  readonly regions: ReadonlySet<string>;
  /** Milliseconds; above `latest` when there is no record. */
  readonly earliest: number;
  readonly latest: number;
  readonly reads: number;
  readonly dataEvents: number;
  readonly envelopes: number;
}

export interface SpreadCounter {
  readonly total: Spread;
  add(head: Head): void;
  join(other: Spread): void;
}

export function spreadCounter(): SpreadCounter {
  const total = {
    accounts: new Set<string>(),
    regions: new Set<string>(),
    earliest: Number.POSITIVE_INFINITY,
    latest: Number.NEGATIVE_INFINITY,
    reads: 0,
    dataEvents: 0,
    envelopes: 0,
  };
  let [account, region] = ["", ""];
  return {
    total,
    add(head) {
      if (head.account !== account) {
        account = head.account;
        if (account) total.accounts.add(account);
      }
      if (head.region !== region) {
        region = head.region;
        if (region) total.regions.add(region);
      }
      if (head.at < total.earliest) total.earliest = head.at;
      if (head.at > total.latest) total.latest = head.at;
      if (head.form === "envelope") total.envelopes++;
      else if (head.body["readOnly"] === true) total.reads++;
      if (head.body["eventCategory"] === "Data") total.dataEvents++;
    },
    join(other) {
      for (const one of other.accounts) total.accounts.add(one);
      for (const one of other.regions) total.regions.add(one);
      total.earliest = Math.min(total.earliest, other.earliest);
      total.latest = Math.max(total.latest, other.latest);
      total.reads += other.reads;
      total.dataEvents += other.dataEvents;
      total.envelopes += other.envelopes;
    },
  };
}
