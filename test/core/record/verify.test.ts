import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryLedger } from "../../../adapters/memory/ledger.ts";
import { canonical } from "../../../core/event/canonical.ts";
import { instant } from "../../../core/event/instant.ts";
import { emptyHead, entryText, following, headAfter } from "../../../core/record/chain.ts";
import type { StoredEntry, StoredHead, StoredLedger, Witness } from "../../../core/record/ledger.ts";
import { type Verification, verifyLedger } from "../../../core/record/verify.ts";

/** A ledger as plain values, so that a test can do to it what an attacker with a database client can. */
interface Loose {
  readonly entries: readonly StoredEntry[];
  readonly heads: readonly StoredHead[];
  readonly witness?: Witness;
}

const order = (a: StoredEntry, b: StoredEntry): number =>
  a.chain === b.chain ? a.sequence - b.sequence : a.chain < b.chain ? -1 : 1;

const verify = ({ entries, heads, witness }: Loose): Promise<Verification> =>
  verifyLedger({
    async *stored() {
      yield* entries.toSorted(order);
    },
    storedHeads: async () => heads,
    witness: async () => witness ?? { kind: "none" },
  } satisfies StoredLedger);

async function loose(chains: Readonly<Record<string, readonly unknown[]>>): Promise<Loose> {
  const ledger = memoryLedger();
  for (const [chain, bodies] of Object.entries(chains))
    for (const [place, body] of bodies.entries())
      await ledger.append(
        chain,
        [{ kind: "decided", key: String(place), body: JSON.parse(JSON.stringify({ body })) }],
        instant(place),
      );
  const entries: StoredEntry[] = [];
  for await (const entry of ledger.stored()) entries.push(entry);
  return { entries, heads: await ledger.storedHeads() };
}

/** Random ledgers of one to three chains, and a place in one of them. */
const ledgers = fc
  .dictionary(
    fc.constantFrom("a", "b", "replay"),
    fc.array(fc.jsonValue({ maxDepth: 2 }), { minLength: 1, maxLength: 8 }),
    { minKeys: 1 },
  )
  .chain((chains) =>
    fc.record({
      made: fc.constant(chains).map(loose),
      chain: fc.constantFrom(...Object.keys(chains)),
      luck: fc.infiniteStream(fc.nat()),
    }),
  );

type Attack = (
  ledger: Loose,
  own: readonly StoredEntry[],
  chain: string,
  luck: (below: number) => number,
) => (Loose & { readonly first: number }) | undefined;

const replaced = (ledger: Loose, old: StoredEntry, ...next: readonly StoredEntry[]): Loose => ({
  ...ledger,
  entries: ledger.entries.flatMap((one) => (one === old ? next : [one])),
});

const attacks: Readonly<Record<string, Attack>> = {
  "a flipped bit"(ledger, own, _chain, luck) {
    const entry = own[luck(own.length)];
    if (entry === undefined) return undefined;
    const bytes = Buffer.from(entry.text);
    const place = luck(bytes.length);
    bytes[place] = (bytes[place] ?? 0) ^ (1 << luck(8));
    return { ...replaced(ledger, entry, { ...entry, text: bytes.toString("utf8") }), first: entry.sequence };
  },
  "a deleted entry"(ledger, own, _chain, luck) {
    const entry = own[luck(own.length)];
    return entry && { ...replaced(ledger, entry), first: own.length === 1 ? 1 : entry.sequence };
  },
  "a truncated tail"(ledger, own, _chain, luck) {
    const from = luck(own.length) + 1;
    const cut = new Set(own.filter((one) => one.sequence >= from));
    return { ...ledger, entries: ledger.entries.filter((one) => !cut.has(one)), first: from };
  },
  "two swapped entries"(ledger, own, _chain, luck) {
    const [a, b] = [own[luck(own.length)], own[luck(own.length)]];
    if (a === undefined || b === undefined || a === b) return undefined;
    const swapped = replaced(replaced(ledger, a, { ...a, text: b.text }), b, { ...b, text: a.text });
    return { ...swapped, first: Math.min(a.sequence, b.sequence) };
  },
  "a duplicate sequence"(ledger, own, _chain, luck) {
    const entry = own[luck(own.length)];
    return entry && { ...replaced(ledger, entry, entry, { ...entry }), first: entry.sequence };
  },
  "an inserted copy, the rest renumbered"(ledger, own, _chain, luck) {
    const entry = own[luck(own.length)];
    if (entry === undefined) return undefined;
    const later = own.filter((one) => one.sequence > entry.sequence);
    const moved = later.reduce<Loose>((all, one) => replaced(all, one, { ...one, sequence: one.sequence + 1 }), ledger);
    return {
      ...replaced(moved, entry, entry, { ...entry, sequence: entry.sequence + 1 }),
      first: entry.sequence + 1,
    };
  },
  "an inserted entry with a right digest and a right link"(ledger, own, chain, luck) {
    const before = luck(own.length);
    const previous = own[before - 1];
    const head = previous ? { chain, entries: before, digest: JSON.parse(previous.text).digest } : emptyHead(chain);
    const [forged] = following(head, [{ kind: "decided", key: "forged", body: {} }], instant(0));
    if (forged === undefined) return undefined;
    const later = own.filter((one) => one.sequence > before);
    const moved = later.reduce<Loose>((all, one) => replaced(all, one, { ...one, sequence: one.sequence + 1 }), ledger);
    // The forged entry itself is perfect; the first one that contradicts it is the one after it.
    return {
      ...moved,
      entries: [...moved.entries, { chain, sequence: before + 1, text: entryText(forged) }],
      first: before + 2,
    };
  },
  "an edited head"(ledger, own, chain, luck) {
    const head = ledger.heads.find((one) => one.chain === chain);
    if (head === undefined) return undefined;
    const entries = luck(own.length * 2 + 1);
    const edited =
      luck(2) === 0 || entries === head.entries
        ? { ...head, digest: head.digest.replace(/^./, (d) => (d === "0" ? "1" : "0")) }
        : { ...head, entries };
    const first =
      edited.entries > own.length ? own.length + 1 : edited.entries < own.length ? edited.entries + 1 : own.length;
    return { ...ledger, heads: ledger.heads.map((one) => (one === head ? edited : one)), first };
  },
  "a deleted head"(ledger, _own, chain) {
    return { ...ledger, heads: ledger.heads.filter((one) => one.chain !== chain), first: 1 };
  },
  "a deleted chain"(ledger, _own, chain) {
    return { ...ledger, entries: ledger.entries.filter((one) => one.chain !== chain), first: 1 };
  },
  "a tail cut together with its head, where the heads were noted outside"(ledger, own, chain, luck) {
    const kept = luck(own.length);
    const last = own[kept - 1];
    const heads = ledger.heads.filter((one) => one.chain !== chain);
    return {
      entries: ledger.entries.filter((one) => one.chain !== chain || one.sequence <= kept),
      heads: last ? [...heads, { chain, entries: kept, digest: JSON.parse(last.text).digest }] : heads,
      witness: { kind: "noted", heads: ledger.heads },
      first: kept + 1,
    };
  },
  "a chain rewritten from one entry on, where the heads were noted outside"(ledger, own, chain, luck) {
    const kept = luck(own.length);
    const last = own[kept - 1];
    const before = last ? { chain, entries: kept, digest: JSON.parse(last.text).digest } : emptyHead(chain);
    const steps = own.slice(kept).map((one) => ({ kind: "decided" as const, key: `forged-${one.sequence}`, body: {} }));
    const forged = following(before, steps, instant(0));
    const texts = forged.map((one) => ({ chain, sequence: one.sequence, text: entryText(one) }));
    const others = ledger.heads.filter((one) => one.chain !== chain);
    return {
      entries: [...ledger.entries.filter((one) => one.chain !== chain || one.sequence <= kept), ...texts],
      heads: [...others, headAfter(before, forged)],
      witness: { kind: "noted", heads: ledger.heads },
      // Every link fits; the noted digest of the last entry is what does not.
      first: own.length,
    };
  },
};

describe("verifyLedger over random ledgers", () => {
  it("never alarms on a clean one", async () => {
    await fc.assert(
      fc.asyncProperty(ledgers, async ({ made }) => {
        const ledger = await made;
        expect(await verify(ledger)).toMatchObject({
          kind: "unbroken",
          entries: ledger.entries.length,
          witnessed: false,
        });
        const witness: Witness = { kind: "noted", heads: ledger.heads };
        expect(await verify({ ...ledger, witness })).toMatchObject({ kind: "unbroken", witnessed: true });
      }),
      { numRuns: 100 },
    );
  });
  it.each(Object.entries(attacks))("finds %s at the right entry", async (_name, attack) => {
    let made = 0;
    await fc.assert(
      fc.asyncProperty(ledgers, async ({ made: making, chain, luck }) => {
        const ledger = await making;
        const own = ledger.entries.filter((one) => one.chain === chain);
        const bad = attack(ledger, own, chain, (below) => (luck.next().value ?? 0) % below);
        if (bad === undefined) return;
        made += 1;
        expect(await verify(bad)).toMatchObject({ kind: "tampered", chain, sequence: bad.first });
      }),
      { numRuns: 100 },
    );
    expect(made).toBeGreaterThan(50);
  });
});

/** An entry as a forger who knows the format would write it: any fields, and the digest that belongs to them. */
function signed(fields: Readonly<Record<string, unknown>>): { readonly text: string; readonly digest: string } {
  const { digest: _, ...unsigned } = fields;
  const digest = createHash("sha256")
    .update(`cordon ledger entry 1\n${canonical(unsigned)}`)
    .digest("hex");
  return { text: canonical({ ...unsigned, digest }), digest };
}

describe("verifyLedger, where the forger computed a right digest and moved the head along", () => {
  const first = {
    schema: 1,
    chain: "a",
    sequence: 1,
    at: 0,
    previous: emptyHead("a").digest,
    step: { kind: "found", key: "k", body: {} },
  };
  it.each([
    ["takes the entry it is made from", {}, undefined],
    ["finds that it follows another entry", { previous: emptyHead("b").digest }, "does not follow"],
    ["finds that it was written for another chain", { chain: "b" }, "another chain"],
    ["finds that it was written under another number", { sequence: 7 }, "as number 7"],
  ])("%s", async (_title, change, why) => {
    const { text, digest } = signed({ ...first, ...change });
    const found = await verify({
      entries: [{ chain: "a", sequence: 1, text }],
      heads: [{ chain: "a", entries: 1, digest }],
    });
    expect(found).toMatchObject(
      why === undefined ? { kind: "unbroken" } : { kind: "tampered", sequence: 1, why: expect.stringContaining(why) },
    );
  });
  it("finds a gap in the numbers that only the rows have", async () => {
    const ledger = await loose({ a: [1, 2] });
    const entries = ledger.entries.map((one) => ({ ...one, sequence: one.sequence === 2 ? 3 : 1 }));
    expect(await verify({ ...ledger, entries })).toMatchObject({
      kind: "tampered",
      sequence: 2,
      why: expect.stringContaining("missing"),
    });
  });
});

describe("verifyLedger", () => {
  it("has nothing to say about an empty ledger", async () => {
    expect(await verify({ entries: [], heads: [] })).toMatchObject({ kind: "incomplete" });
  });
  it("accepts a note that lags behind the chain, as after a crash between commit and note", async () => {
    const short = await loose({ a: [1, 2] });
    const long = await loose({ a: [1, 2, 3] });
    expect(await verify({ ...long, witness: { kind: "noted", heads: short.heads } })).toMatchObject({
      kind: "unbroken",
    });
  });
  it("is incomplete where the note cannot be used, and still tampered where the chain is", async () => {
    const ledger = await loose({ a: [1, 2] });
    const witness: Witness = { kind: "unusable", why: "the note is damaged" };
    expect(await verify({ ...ledger, witness })).toEqual({ kind: "incomplete", why: "the note is damaged" });
    expect(await verify({ ...ledger, entries: ledger.entries.slice(1), witness })).toMatchObject({ kind: "tampered" });
  });
  it("calls an entry of a newer schema incomplete only when its digest is right: a forged number hides nothing", async () => {
    const ledger = await loose({ a: [1] });
    const [entry] = ledger.entries;
    const forged = { chain: "a", sequence: 1, text: (entry?.text ?? "").replace('"schema":1', '"schema":2') };
    expect(await verify({ ...ledger, entries: [forged] })).toMatchObject({ kind: "tampered", sequence: 1 });
    const { text, digest } = signed({ ...JSON.parse(forged.text), schema: 2 });
    const newer = { ...forged, text };
    const heads = [{ chain: "a", entries: 1, digest }];
    expect(await verify({ entries: [newer], heads })).toMatchObject({
      kind: "incomplete",
      why: expect.stringContaining("entry 1 of chain a has schema 2"),
    });
  });
  it("finds a change that parses to the same value: another spelling, a doubled key, a space", async () => {
    const ledger = await loose({ a: ["x"] });
    const [entry] = ledger.entries;
    for (const [from, to] of [
      ['"x"', '"\\u0078"'],
      ['"schema":1', '"schema":1.0'],
      ['"schema":1', '"schema":1,"schema":1'],
      ["{", "{ "],
    ] as const) {
      const text = (entry?.text ?? "").replace(from, to);
      expect(text).not.toBe(entry?.text);
      expect(await verify({ ...ledger, entries: [{ chain: "a", sequence: 1, text }] })).toMatchObject({
        kind: "tampered",
      });
    }
  });
  it("survives a forged entry that is nested too deep to walk", async () => {
    const text = `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    const heads = (await loose({ a: [1] })).heads;
    expect(await verify({ entries: [{ chain: "a", sequence: 1, text }], heads })).toMatchObject({ kind: "tampered" });
  });
  it("names the first bad chain in the order of their names", async () => {
    const ledger = await loose({ b: [1, 2], a: [1, 2], c: [1] });
    const entries = ledger.entries.filter((one) => one.chain === "c" || one.sequence === 1);
    expect(await verify({ ...ledger, entries })).toMatchObject({ kind: "tampered", chain: "a", sequence: 2 });
  });
  it("imports nothing that writes: a mistake cannot be made on both sides", () => {
    const source = readFileSync(new URL("../../../core/record/verify.ts", import.meta.url), "utf8");
    const imports = [...source.matchAll(/^import (.*) from "(.*)";$/gm)].map(
      ([, what, from]) => `${what} from ${from}`,
    );
    expect(imports).toEqual([
      "{ createHash } from node:crypto",
      "type { StoredEntry, StoredHead, StoredLedger } from ./ledger.ts",
    ]);
    expect(source).not.toMatch(/\bimport\(/);
  });
});
