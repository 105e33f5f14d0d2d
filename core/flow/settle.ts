import { decide } from "../decide/decide.ts";
import type { Decision } from "../decide/decision.ts";
import type { ResponsePolicy } from "../decide/policy.ts";
import { type Case, casesOf } from "../detect/case.ts";
import type { Finding } from "../detect/finding.ts";
import type { ActivityStore } from "../detect/windows/activity-store.ts";
import type { WindowStore } from "../detect/windows/window-store.ts";
import type { GrantStore } from "../identity/envelope/grant-store.ts";
import type { Registry } from "../identity/workload.ts";
import { type AttributionOf, attributor } from "./attributor.ts";
import { ranIn } from "./capacity/capacity.ts";
import { conductFindings } from "./conduct/conduct-findings.ts";
import { conductGroups } from "./conduct/conduct-groups.ts";
import { type IamKnown, iamFactsOf } from "./facts/iam-known.ts";
import { findingsOf, type Watchers } from "./findings.ts";
import type { Horizon } from "./horizon.ts";
import type { Earlier } from "./live/earlier.ts";
import { livesIn } from "./lives.ts";
import type { State } from "./state.ts";
import { sweepFindings } from "./sweeps.ts";
import { type Tally, tallyOf } from "./tally.ts";
import { undeclaredFindings } from "./undeclared.ts";

/** Everything that follows from a state: who acted, what was found, what is decided. */
export interface Settlement {
  readonly tally: Tally;
  /** Sorted by (at, id), as are the others. */
  readonly findings: readonly Finding[];
  readonly decisions: readonly Decision[];
  readonly cases: readonly Case[];
  readonly attributionOf: AttributionOf;
}

export interface SettleOptions {
  readonly registry: Registry;
  readonly watchers: Watchers;
  readonly policy: ResponsePolicy;
  readonly horizon: Horizon;
  /** What came before this state and tells who acts in it; a whole replay needs none. */
  readonly earlier?: Earlier;
  /** Windows that earlier batches left marks in, and where this state's go; a whole replay needs none. */
  readonly windows?: WindowStore;
  /** What is known of IAM beside this state's own writes. */
  readonly iam?: IamKnown;
  /** Grants that were approved at run time, beside those of the manifests. */
  readonly grants?: GrantStore;
  /** What undeclared identities did in earlier batches, and where this state's goes; a whole replay needs none. */
  readonly activity?: ActivityStore;
}

/**
 * Yields attributions, findings, cases and decisions from a state. The same state gives the same answer, whatever order
 * its records came in.
 */
export async function settle(state: State, options: SettleOptions): Promise<Settlement> {
  const { registry, watchers, policy, horizon, windows, iam } = options;
  const attributionOf = attributor(state, registry, options.earlier);
  const lives = livesIn(state, { detectors: watchers.lives ?? [], registry, horizon, attributionOf });
  const groups = conductGroups(state, registry);
  const tally = tallyOf(state, horizon, (principal, kept) => {
    const attribution = lives.attributionOf(principal, kept);
    groups.met(principal, attribution);
    return attribution;
  });
  const found = await findingsOf(state, {
    ...{ registry, watchers, horizon, attributionOf },
    ...(windows === undefined ? {} : { windows }),
    ...(iam === undefined ? {} : { iam }),
  });
  const undeclared = watchers.undeclared === "found" ? undeclaredFindings(tally, registry, attributionOf) : [];
  const conduct = await conductFindings(state, {
    ...{ conducting: watchers.conduct, groups, horizon, attributionOf },
    ...(options.grants === undefined ? {} : { grants: options.grants }),
    ...(options.activity === undefined ? {} : { activity: options.activity }),
  });
  const sweeps = await sweepFindings(state, {
    ...{ detectors: watchers.sweeps ?? [], registry, horizon },
    facts: () => iamFactsOf(state, iam ?? {}, watchers.facts),
    ...(options.grants === undefined ? {} : { grants: options.grants }),
  });
  const ran =
    watchers.metering === undefined
      ? undefined
      : ranIn(state, { metering: watchers.metering, registry, horizon, attributionOf });
  const findings = sorted([
    ...[...found, ...lives.findings(), ...conduct, ...sweeps, ...undeclared],
    ...(ran?.findings ?? []),
  ]);
  const cases = casesOf(findings).map((one) => ran?.withCapacity(one, findings) ?? one);
  return { tally, findings, cases, decisions: decide(findings, policy), attributionOf };
}

const sorted = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
