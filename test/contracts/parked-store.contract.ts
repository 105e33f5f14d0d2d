import { expect, it } from "vitest";
import { instant } from "../../core/event/instant.ts";
import type { ParkedItem, ParkedStore } from "../../core/record/parked.ts";

/** What every store of parked items must do: lose nothing, and keep the same body from the same source once. */
export function parkedStoreContract(make: () => ParkedStore): void {
  const item = (source: string, body: string): ParkedItem => ({
    schema: 1,
    source,
    reason: "not valid JSON",
    body,
    at: instant(5),
  });

  it("keeps each item with its body", async () => {
    const store = make();
    await store.park(item("message-1", "{"));
    await store.park(item("message-2", "\u0000é"));
    const bodies = (await store.list()).map(({ source, body }) => [source, body]);
    expect(bodies.toSorted()).toEqual([
      ["message-1", "{"],
      ["message-2", "\u0000é"],
    ]);
  });

  it("keeps the same body from the same source once, as it was first parked", async () => {
    const store = make();
    await store.park(item("message-1", "{"));
    await store.park({ ...item("message-1", "{"), at: instant(9) });
    expect(await store.list()).toEqual([item("message-1", "{")]);
  });
}
