import { memorySpool } from "../../../core/event/spool.ts";
import { keptEvent } from "../../../core/flow/kept-record.ts";
import { purposesOf } from "../../../core/flow/purpose.ts";
import { emptyState, type Numbers, observe, type State } from "../../../core/flow/state.ts";
import { type Trace, tracer } from "../../../core/flow/trace.ts";
import { noPrincipal } from "../../../core/identity/principal-index.ts";

export const judged = ["s3:GetObject", "iam:PutRolePolicy"];

/** Traces items in one batch, as if each stood in a file of its own form. */
export function traced(items: readonly unknown[], rows: "wanted" | "not-wanted" = "not-wanted"): Trace {
  const into = tracer({ purposes: purposesOf(judged), rows });
  const sink = into.sink("in");
  for (const [number, item] of items.entries())
    sink.item(JSON.parse(JSON.stringify(item)), () => JSON.stringify(item), { mark: "#", number });
  return into.take();
}

/** Traces one text as the only item of a file. */
export function tracedText(text: string): Trace {
  const into = tracer({ purposes: purposesOf(judged), rows: "not-wanted" });
  into.sink("in").item(JSON.parse(text), () => text, { mark: ":", number: 1 });
  return into.take();
}

/** Folds batches into a new state; each inner list of batches is one thread with a tracer of its own. */
export function folded(threads: readonly (readonly (readonly unknown[])[])[]): State {
  const state = emptyState({ principals: memorySpool(), kept: memorySpool(), rows: memorySpool() });
  for (const batches of threads) {
    const into = tracer({ purposes: purposesOf(judged), rows: "wanted" });
    const numbers: Numbers = [];
    for (const batch of batches) {
      const sink = into.sink("in");
      for (const [number, item] of batch.entries()) sink.item(item, () => JSON.stringify(item), { mark: "#", number });
      observe(state, into.take(), numbers);
    }
  }
  return state;
}

/** Everything in a state that anything to the right can see, by content and not by number. */
export function seen(state: State) {
  const principal = (number: number): string => (number === noPrincipal ? "nobody" : state.principals.json(number));
  const records: string[] = [];
  const keptNumbers: number[] = [];
  state.records.each((pointer, flags, second) => {
    const kept = (flags & (1 << 21)) !== 0;
    if (kept) keptNumbers.push(pointer);
    records.push(`${second} ${flags} ${principal(kept ? state.kept.principal(pointer) : pointer)}`);
  });
  const kept = keptNumbers.map((number) => {
    const event = keptEvent(state, number);
    return `${event?.id} ${JSON.stringify(state.kept.links(number))} ${principal(state.kept.principal(number))} ${state.kept.json(number)}`;
  });
  const firsts = Array.from({ length: state.principals.count }, (_, number) =>
    JSON.stringify([state.principals.json(number), state.principals.first(number)]),
  );
  return {
    distinct: state.records.size,
    conflicts: state.records.conflicts,
    records: records.sort(),
    kept: kept.sort(),
    firsts: firsts.sort(),
  };
}

/** The rows that would be printed: of every record the copy that stayed, once. */
export function rowsOf(state: State): readonly string[] {
  const rows: string[] = [];
  for (let number = 0; number < state.rows.count; number++) {
    const [words, who, row] = JSON.parse(state.rows.read(number)) as [number[], number, string];
    const entry = Uint32Array.from(words);
    if (!state.records.stayed(entry) || !state.records.markOnce(entry)) continue;
    const printed = (JSON.parse(row) as unknown[]).slice(0, -1);
    rows.push(
      JSON.stringify([...printed, state.records.suffix(entry), who === noPrincipal ? "" : state.principals.json(who)]),
    );
  }
  return rows.sort();
}
