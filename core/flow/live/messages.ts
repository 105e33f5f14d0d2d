import type { Finding } from "../../detect/finding.ts";
import { declaresAnything } from "../../detect/run.ts";
import { instant } from "../../event/instant.ts";
import { type ItemSink, readItem } from "../../event/items.ts";
import type { Registry } from "../../identity/workload.ts";
import type { Clock } from "../clock.ts";
import type { Watchers } from "../findings.ts";
import { purposesOf } from "../purpose.ts";
import { observe, type State } from "../state.ts";
import { tracer } from "../trace.ts";

/** One message as a queue hands it over. */
export interface Message {
  readonly id: string;
  readonly body: string;
}

/** What became of one message. Every message that is acknowledged has exactly one of these. */
export type Disposition =
  | { readonly kind: "decided"; readonly message: string; readonly findings: number }
  | { readonly kind: "parked"; readonly message: string; readonly reason: string }
  | { readonly kind: "filtered"; readonly message: string };

/** A message that was read into a state, or what became of it instead. */
export type ObservedMessage =
  | { readonly kind: "observed"; readonly message: string; readonly eventIDs: readonly string[] }
  | Exclude<Disposition, { kind: "decided" }>;

/** A message that cannot be read, with its whole body. */
export interface Refused {
  readonly source: string;
  readonly reason: string;
  readonly body: string;
}

/** An event may be dated this much after its receipt: clocks differ. */
const tolerance = 10 * 60_000;
/** SQS hands over at most this much; more did not come from it. */
const longestBody = 1_048_576;

interface Observing {
  readonly clock: Clock;
  readonly watchers: Watchers;
  readonly registry: Registry;
  /** Keys the fingerprints of secrets in configurations; without one none is looked for. */
  readonly fingerprintKey?: string;
}

/** Folds messages into a state, each by itself: one that cannot be read holds no neighbour back. */
export function observeMessages(
  state: State,
  messages: readonly Message[],
  { clock, watchers, registry, fingerprintKey }: Observing,
): { readonly messages: readonly ObservedMessage[]; readonly refused: readonly Refused[] } {
  const into = tracer({
    purposes: purposesOf(watchers.wakeIndex.apis, watchers.counted),
    rows: "wanted",
    ...(fingerprintKey === undefined ? {} : { fingerprintKey }),
    notAfter: instant(clock.now() + tolerance),
    ...(watchers.conduct === undefined || !declaresAnything(registry) ? {} : { conduct: watchers.conduct.parameters }),
  });
  const numbers: number[] = [];
  const refused: Refused[] = [];
  const observed = messages.map(({ id, body }): ObservedMessage => {
    const sink: ItemSink = into.sink(id);
    if (body.length > longestBody) sink.broken("the message is longer than a queue allows", { mark: "#", number: 0 });
    else readItem(body, { mark: "#", number: 0 }, sink);
    const trace = into.take();
    observe(state, trace, numbers);
    const [parked] = trace.parked;
    if (parked !== undefined) {
      const { reason } = parked;
      refused.push({ source: id, reason, body });
      return { kind: "parked", message: id, reason };
    }
    return trace.count === 0
      ? { kind: "filtered", message: id }
      : { kind: "observed", message: id, eventIDs: trace.rows.map(idOfRow) };
  });
  return { messages: observed, refused };
}

/** The disposition of an observed message: how much was found in its events. */
export function withFindings(one: ObservedMessage, findings: readonly Finding[]): Disposition {
  if (one.kind !== "observed") return one;
  const own = findings.filter((finding) => one.eventIDs.some((id) => finding.eventIDs.some((found) => found === id)));
  return { kind: "decided", message: one.message, findings: own.length };
}

const idOfRow = (row: string): string => String((JSON.parse(row) as readonly unknown[])[0]);
