import fc from "fast-check";
import { describe, it } from "vitest";
import { sqliteLedger } from "../../../adapters/local/sqlite-ledger.ts";
import { sqliteSessions } from "../../../adapters/local/sqlite-sessions.ts";
import { sqliteWaiting } from "../../../adapters/local/sqlite-waiting.ts";
import { storeFolder } from "../../adapters/local/store-folder.ts";
import { expectReplay, faulty, inMemory, lived, livedAtOnce, livedThrough, type Stores, sets } from "./living.ts";

const { open } = storeFolder();

const onDisk = (): Stores => {
  const store = open();
  return { store: sqliteSessions(store), waiting: sqliteWaiting(store), ledger: sqliteLedger(store) };
};

describe("the live line", () => {
  it("comes to what one replay comes to, whatever the order, the repetitions, the batches and the restarts", async () => {
    await fc.assert(
      fc.asyncProperty(sets, async ([records, arrival]) => expectReplay(records, await lived(arrival, inMemory()))),
      { numRuns: 120 },
    );
  });

  it("does so with its stores on disk", async () => {
    await fc.assert(
      fc.asyncProperty(sets, async ([records, arrival]) => expectReplay(records, await lived(arrival, onDisk()))),
      { numRuns: 8 },
    );
  });

  it("does so when batches are audited at the same time by processes that know nothing of each other", async () => {
    const orders = fc.array(fc.nat(12), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(sets, orders, async ([records, arrival], delays) =>
        expectReplay(records, await livedAtOnce(arrival, inMemory(), delays)),
      ),
      { numRuns: 80 },
    );
  });

  it("does so when any port fails before or after its effect, and the batch comes again", async () => {
    const faults = fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.boolean()), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(sets, faults, async ([records, arrival], plan) =>
        expectReplay(records, await livedThrough(arrival, faulty(inMemory(), plan))),
      ),
      { numRuns: 80 },
    );
  });
});
