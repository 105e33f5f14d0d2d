import { describe, expect, it } from "vitest";
import { memorySessions } from "../../../../adapters/memory/sessions.ts";
import { instant } from "../../../../core/event/instant.ts";
import type { Issuance } from "../../../../core/identity/lineage/issuance.ts";
import { sessionMemory } from "../../../../core/identity/lineage/session-memory.ts";
import { issuanceLinks, type SessionStore } from "../../../../core/identity/lineage/session-store.ts";
import { accessKey, eventId } from "../../../contracts/examples.ts";
import { callers } from "../../../contracts/session-store.contract.ts";

/** A store that counts the calls it gets. */
function counted(inner: SessionStore = memorySessions()) {
  const calls = { reads: 0, writes: 0 };
  const store: SessionStore = {
    ...inner,
    put(links) {
      calls.writes++;
      return inner.put(links);
    },
    find(keys) {
      calls.reads++;
      return inner.find(keys);
    },
  };
  return { store, calls };
}

const links = issuanceLinks(callers);
const key = `key ${callers.accessKeyId}`;
const other: Issuance = { ...callers, accessKeyId: accessKey("ASIAI44QH8DHBEXAMPLE"), eventID: eventId("other") };

function remembering(limit = 100) {
  let time = 0;
  const { store, calls } = counted();
  const memory = sessionMemory(store, { limit, now: () => time });
  const wait = (milliseconds: number): void => {
    time += milliseconds;
  };
  return { memory, calls, store, wait };
}

describe("what a process remembers of its sessions", () => {
  it("writes a new link once, and not again when it is settled", async () => {
    const { memory, calls } = remembering();
    expect(await memory.learn(links)).toEqual(links);
    expect(await memory.learn(links)).toEqual(links);
    expect(calls.writes).toBe(2);
    memory.settled(links);
    expect(await memory.learn(links)).toEqual([]);
    expect(calls).toEqual({ reads: 0, writes: 2 });
  });

  it("asks for nothing that a write or a read has answered, and for all that is new in one call", async () => {
    const { memory, calls, store } = remembering();
    await store.put(issuanceLinks(other));
    calls.writes = 0;
    await memory.learn(links);
    expect((await memory.find([key])).get(key)).toHaveLength(1);
    expect(calls).toEqual({ reads: 0, writes: 1 });
    const wanted = [key, `key ${other.accessKeyId}`, "key ASIAEXAMPLEEXAMPLE00"];
    for (let again = 0; again < 3; again++)
      expect([...(await memory.find(wanted)).values()].map((one) => one.length).sort()).toEqual([0, 1, 1]);
    expect(calls).toEqual({ reads: 1, writes: 1 });
  });

  it("believes for a minute that nothing is there, for 15 that a list is whole, and always that a key was issued", async () => {
    const { memory, calls, wait } = remembering();
    const [, session = missing()] = links;
    await memory.learn(links);
    await memory.find(["key ASIAEXAMPLEEXAMPLE00"]);
    wait(59_999);
    await memory.find(["key ASIAEXAMPLEEXAMPLE00", session.key, key]);
    expect(calls.reads).toBe(1);
    wait(1);
    await memory.find(["key ASIAEXAMPLEEXAMPLE00", session.key, key]);
    expect(calls.reads).toBe(2);
    wait(15 * 60_000);
    await memory.find([session.key]);
    expect(calls.reads).toBe(3);
    wait(1e12);
    await memory.find([key]);
    expect(calls.reads).toBe(3);
  });

  it("asks again for a key whose caller only an account is known by: the caller's copy may come", async () => {
    const { memory, calls, wait } = remembering();
    await memory.learn(issuanceLinks({ ...callers, caller: { kind: "aws-account" } }));
    await memory.find([key]);
    wait(15 * 60_000);
    await memory.find([key]);
    expect(calls.reads).toBe(1);
  });

  it("reads past what it remembers when it must be sure, and remembers that", async () => {
    const { memory, calls, store } = remembering();
    await memory.find([key]);
    await store.put(links);
    expect((await memory.find([key])).get(key)).toEqual([]);
    expect((await memory.findNow([key])).get(key)).toHaveLength(1);
    expect((await memory.find([key])).get(key)).toHaveLength(1);
    expect(await memory.findNow([])).toEqual(new Map());
    expect(calls.reads).toBe(2);
  });

  it("remembers no more than it may, the latest first", async () => {
    const { memory, calls } = remembering(4);
    const keys = Array.from({ length: 50 }, (_, n) => `key ASIA${String(n).padStart(16, "0")}`);
    for (const one of keys) await memory.find([one]);
    calls.reads = 0;
    await memory.find(keys.slice(-2));
    expect(calls.reads).toBe(0);
    await memory.find(keys.slice(0, 2));
    expect(calls.reads).toBe(1);
  });

  it("keeps issuing calls apart by their time as well", () => {
    const later = issuanceLinks({ ...callers, at: instant(callers.at + 1) });
    expect(later.map((link) => link.id)).not.toEqual(links.map((link) => link.id));
  });
});

function missing(): never {
  throw new Error("an issuing call is found under its session too");
}
