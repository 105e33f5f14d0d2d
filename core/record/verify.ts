import { createHash } from "node:crypto";
import type { StoredEntry, StoredHead, StoredLedger } from "./ledger.ts";

/** What a ledger turned out to be. `sequence` is the first entry of `chain` that cannot be trusted, present or missing. */
export type Verification =
  | {
      readonly kind: "unbroken";
      readonly entries: number;
      readonly heads: readonly StoredHead[];
      readonly witnessed: boolean;
    }
  | {
      readonly kind: "tampered";
      readonly chain: string;
      readonly sequence: number;
      readonly why: string;
      readonly text?: string;
    }
  | { readonly kind: "incomplete"; readonly why: string };

type Bad = Extract<Verification, { readonly kind: "tampered" }>;

/** Where the walk through one chain stands. */
interface Walk {
  readonly chain: string;
  readonly entries: number;
  readonly digest: string;
}

/**
 * Reads a stored ledger from end to end and trusts none of it. Shares no code with the writer, so that one mistake cannot
 * be made on both sides. Proves that nothing was changed, inserted, moved or cut since the heads were noted; whoever
 * can rewrite entries, heads and witnesses alike is only shown by a copy of the heads kept elsewhere.
 */
export async function verifyLedger(ledger: StoredLedger): Promise<Verification> {
  const heads = await ledger.storedHeads();
  const witness = await ledger.witness();
  const witnesses = witness.kind === "noted" ? witness.heads : [];
  let walk: Walk | undefined;
  let entries = 0;
  let newer: string | undefined;
  const walked = new Set<string>();
  for await (const stored of ledger.stored()) {
    if (walk?.chain !== stored.chain) {
      const bad = (walk && ended(walk, heads, witnesses)) ?? skipped(walk?.chain, stored.chain, heads, witnesses);
      if (bad) return bad;
      walk = { chain: stored.chain, entries: 0, digest: start(stored.chain) };
      walked.add(stored.chain);
    }
    const step = follow(walk, stored, witnesses);
    if (step.kind === "tampered") return step;
    newer ??= step.newer;
    walk = step.walk;
    entries += 1;
  }
  const bad = (walk && ended(walk, heads, witnesses)) ?? skipped(walk?.chain, undefined, heads, witnesses);
  if (bad) return bad;
  if (newer !== undefined) return { kind: "incomplete", why: newer };
  if (walked.size === 0) return { kind: "incomplete", why: "the ledger is empty: there is nothing to verify" };
  if (witness.kind === "unusable") return { kind: "incomplete", why: witness.why };
  return { kind: "unbroken", entries, heads, witnessed: witness.kind === "noted" };
}

/** One entry further, or why not. */
function follow(
  walk: Walk,
  stored: StoredEntry,
  witnesses: readonly StoredHead[],
): Bad | { readonly kind: "fine"; readonly walk: Walk; readonly newer?: string } {
  const { chain, text } = stored;
  const sequence = walk.entries + 1;
  const bad = (why: string, at = sequence): Bad => ({ kind: "tampered", chain, sequence: at, why, text });
  if (stored.sequence > sequence) return { ...bad(`entry ${sequence} is missing; entry ${stored.sequence} follows`) };
  if (stored.sequence < sequence) return bad(`entry ${stored.sequence} is there more than once`, stored.sequence);
  const entry = parsed(text);
  if (entry === undefined) return bad("the entry is not the JSON object it was written as");
  if (written(entry, deepest) !== text) return bad("the entry is not spelled as it was written");
  if (entry["chain"] !== chain) return bad("the entry was written for another chain");
  if (entry["sequence"] !== sequence)
    return bad(`the entry was written as number ${JSON.stringify(entry["sequence"])}`);
  if (entry["previous"] !== walk.digest) return bad("the entry does not follow the one before it");
  const { digest, ...rest } = entry;
  if (digest !== sha256(`cordon ledger entry 1\n${written(rest, deepest) ?? ""}`))
    return bad("the entry does not have the digest it was written with");
  const witness = witnesses.find((one) => one.chain === chain && one.entries === sequence);
  if (witness !== undefined && witness.digest !== digest)
    return bad("another entry stood here when its digest was noted outside the store");
  const next = { chain, entries: sequence, digest };
  if (entry["schema"] === 1) return { kind: "fine", walk: next };
  const newer = `entry ${sequence} of chain ${chain} has schema ${JSON.stringify(entry["schema"])}, this version reads 1; verify with the version of Cordon that wrote it`;
  return { kind: "fine", walk: next, newer };
}

/** What the head and the witness of a chain say about its end. */
function ended(walk: Walk, heads: readonly StoredHead[], witnesses: readonly StoredHead[]): Bad | undefined {
  const { chain, entries } = walk;
  const bad = (sequence: number, why: string): Bad => ({ kind: "tampered", chain, sequence, why });
  const head = heads.find((one) => one.chain === chain);
  const witness = witnesses.find((one) => one.chain === chain);
  if (head === undefined) return bad(1, "the chain has entries and no head");
  if (head.entries > entries)
    return bad(entries + 1, `the chain ends at ${entries}; its head holds ${head.entries} entries`);
  if (head.entries < entries)
    return bad(head.entries + 1, `the head holds ${head.entries} entries; the chain goes on to ${entries}`);
  if (head.digest !== walk.digest) return bad(entries, "the head holds another digest than the last entry");
  if (witness !== undefined && witness.entries > entries)
    return bad(entries + 1, `${witness.entries} entries were noted outside the store; the chain ends at ${entries}`);
  return undefined;
}

/** The first chain between two walked ones that a head or a witness knows and no entry belongs to. */
function skipped(
  after: string | undefined,
  before: string | undefined,
  heads: readonly StoredHead[],
  witnesses: readonly StoredHead[],
): Bad | undefined {
  const lost = [...heads, ...witnesses]
    .filter(({ chain }) => (after === undefined || chain > after) && (before === undefined || chain < before))
    .sort((a, b) => (a.chain < b.chain ? -1 : 1))[0];
  if (lost === undefined) return undefined;
  const why = `all entries of the chain are missing; ${lost.entries} were noted`;
  return { kind: "tampered", chain: lost.chain, sequence: 1, why };
}

/** Deeper than any entry may be; a bound, so that a forged one cannot exhaust the stack. */
const deepest = 256;

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined; // Not JSON at all: the caller says so.
  }
}

/** The only spelling an entry may have: keys sorted, no spaces. Undefined when nested too deep. */
function written(value: unknown, levels: number): string | undefined {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (levels === 0) return undefined;
  const parts: string[] = [];
  const object = value as Readonly<Record<string, unknown>>;
  for (const key of Array.isArray(value) ? Object.keys(value) : Object.keys(value).sort()) {
    const inner = written(object[key], levels - 1);
    if (inner === undefined) return undefined;
    parts.push(Array.isArray(value) ? inner : `${JSON.stringify(key)}:${inner}`);
  }
  return Array.isArray(value) ? `[${parts.join(",")}]` : `{${parts.join(",")}}`;
}

const start = (chain: string): string => sha256(`cordon ledger chain 1\n${JSON.stringify(chain)}`);

const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");
