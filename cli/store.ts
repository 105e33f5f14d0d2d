import { openStoreReadOnly, type Store } from "../adapters/local/sqlite.ts";
import { Fault } from "../core/fault.ts";
import { exit, pathFrom, type Terminal, visible } from "./terminal.ts";

/**
 * Runs `work` and resolves to its exit code. A store, or anything else outside, that could not answer is said on standard
 * error with what to do, and is exit code 4.
 */
export async function answering(terminal: Terminal, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    terminal.err(`cordon: ${visible(cause.message)}`);
    return exit.store;
  }
}

/** Opens the store that a person named for reading only, and closes it whatever `work` does. */
export async function withStore<Result>(given: string, work: (store: Store) => Promise<Result>): Promise<Result> {
  const store = openStoreReadOnly(pathFrom(given));
  try {
    return await work(store);
  } finally {
    store.close();
  }
}
