import type { FactSource } from "../../detect/facts/fact.ts";
import { factsOverTime } from "../../detect/facts/facts-over-time.ts";
import { historyFacts, storedFacts } from "../../detect/facts/history-facts.ts";
import { writtenBy } from "../../detect/facts/iam-writes.ts";
import { accountHistory, type InitialState, nothingInitial } from "../../iam/account/account-history.ts";
import type { IamWrite } from "../../iam/account/iam-change.ts";
import { type WriteStore, writeLog } from "../../iam/account/write-log.ts";
import { keptEvent } from "../kept-record.ts";
import { purpose } from "../purpose.ts";
import type { State } from "../state.ts";

/** What is known of IAM beside the records of a state. */
export interface IamKnown {
  /** What IAM and the organization held at first. */
  readonly initial?: InitialState;
  /** Where writes of earlier batches are; they must have learned this state's before it is asked about. A whole replay needs none. */
  readonly writes?: WriteStore;
}

/**
 * Answers from IAM's history over the state's writes, and from `beyond` what the history does not tell in full. The
 * history is made when something is asked: a run that asks nothing pays nothing.
 */
export function iamFactsOf(
  state: State,
  { initial = nothingInitial, writes }: IamKnown,
  beyond?: FactSource,
): FactSource {
  let made: FactSource | undefined;
  const build = (): FactSource => {
    if (writes !== undefined) return factsOverTime(storedFacts(writes, initial), (keys) => writes.read(keys), beyond);
    const log = writeLog();
    for (const write of writesIn(state)) log.add(write);
    const read = async (keys: readonly string[]) => new Map(keys.map((key) => [key, log.of(key)]));
    return factsOverTime(historyFacts(accountHistory(initial, log.of)), read, beyond);
  };
  return {
    answer(facts) {
      made ??= build();
      return made.answer(facts);
    },
  };
}

/** Every write of IAM in a state. */
export function writesIn(state: State): readonly IamWrite[] {
  const found: IamWrite[] = [];
  for (let number = 0; number < state.kept.count; number++) {
    const write = writeAt(state, number);
    if (write !== undefined) found.push(write);
  }
  return found;
}

/** What a kept record changed of IAM. */
export function writeAt(state: State, number: number): IamWrite | undefined {
  if ((state.kept.purposes(number) & purpose.state) === 0) return undefined;
  const event = keptEvent(state, number);
  return event && writtenBy(event);
}
