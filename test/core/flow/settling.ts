import { attributedRecords } from "../../../cli/attributed.ts";
import { developmentKey } from "../../../cli/fingerprint-key.ts";
import { conductParameters } from "../../../cli/iam-tables.ts";
import { watchersFor } from "../../../cli/watchers.ts";
import type { Mode } from "../../../core/decide/decision.ts";
import type { ResponsePolicy } from "../../../core/decide/policy.ts";
import { caseIdOf } from "../../../core/detect/case.ts";
import { declaresAnything } from "../../../core/detect/run.ts";
import { memorySpool } from "../../../core/event/spool.ts";
import type { Watchers } from "../../../core/flow/findings.ts";
import type { Horizon } from "../../../core/flow/horizon.ts";
import { purposesOf } from "../../../core/flow/purpose.ts";
import { type Settlement, settle } from "../../../core/flow/settle.ts";
import { emptyState, type Numbers, observe, type State } from "../../../core/flow/state.ts";
import { tracer } from "../../../core/flow/trace.ts";
import { emptyRegistry } from "../../../core/identity/registry.ts";
import type { Registry } from "../../../core/identity/workload.ts";
import { attributionLine, caseLine, decisionLine, findingLine } from "../../../core/record/line.ts";

/** How a test settles; everything has a plain default. */
export interface Settling {
  readonly registry?: Registry;
  readonly watchers?: Watchers;
  readonly horizon?: Horizon;
  readonly mode?: Mode;
}

export interface Settled {
  readonly state: State;
  readonly settlement: Settlement;
  /** Finding, decision and case lines in their order. */
  readonly lines: readonly string[];
  /** Attribution lines, sorted. */
  readonly attributions: readonly string[];
}

const { metering: _ofWholeRuns, ...watched } = watchersFor([]);

/** What a live line watches for: what only a whole run can say, no batch says. */
export const watchedLive: Watchers = { ...watched, undeclared: "not-sought", lives: [], sweeps: [] };

/** Observes batches, each inner list of batches by a tracer of its own as a thread would, and settles once. */
export async function settled(
  threads: readonly (readonly (readonly unknown[])[])[],
  how: Settling = {},
): Promise<Settled> {
  const { registry = emptyRegistry, watchers = watchersFor([]), horizon = {}, mode = "observe" } = how;
  const state = emptyState({ principals: memorySpool(), kept: memorySpool(), rows: memorySpool() });
  for (const batches of threads) {
    const into = tracer({
      purposes: purposesOf(watchers.wakeIndex.apis, watchers.counted),
      rows: "wanted",
      fingerprintKey: developmentKey,
      ...(declaresAnything(registry) ? { conduct: conductParameters() } : {}),
    });
    const numbers: Numbers = [];
    for (const batch of batches) {
      const sink = into.sink("in");
      for (const [number, item] of batch.entries()) {
        const raw = JSON.stringify(item);
        sink.item(JSON.parse(raw), () => raw, { mark: "#", number });
      }
      observe(state, into.take(), numbers);
    }
  }
  const policy: ResponsePolicy = { mode, registry };
  const settlement = await settle(state, { registry, watchers, policy, horizon });
  const attributions = [...attributedRecords({ state, settlement }, horizon)].map(attributionLine).sort();
  return { state, settlement, lines: linesOf(settlement), attributions };
}

/** What replay would print of a settlement. */
export const linesOf = ({ findings, decisions, cases }: Settlement): readonly string[] => [
  ...findings.map((one) => findingLine(one, caseIdOf(one))),
  ...decisions.map(decisionLine),
  ...cases.map(caseLine),
];
