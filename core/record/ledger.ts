import type { Instant } from "../event/instant.ts";
import type { JsonObject } from "../event/json.ts";
import type { Branded } from "../iam/brand.ts";

/** SHA-256 as 64 lower-case hex digits. */
export type Digest = Branded<string, "Digest">;

/** One thing that happened to a case. `key` is deterministic: the same step is never recorded twice. */
export interface Step {
  readonly kind:
    | "found"
    | "decided"
    | "case-opened"
    | "case-merged"
    | "replayed"
    | "approved"
    | "acted"
    | "released"
    | "verified";
  readonly key: string;
  readonly caseId?: string;
  readonly body: JsonObject;
}

/** Append-only, hash-linked within one chain: every entry carries the digest of the one before it. */
export interface LedgerEntry {
  readonly schema: 1;
  readonly chain: string;
  /** 1 for the first entry of the chain, then without gaps. */
  readonly sequence: number;
  readonly at: Instant;
  readonly step: Step;
  readonly previous: Digest;
  readonly digest: Digest;
}

/** What a chain claims to hold; kept apart from the entries so that a cut tail shows. */
export interface ChainHead {
  readonly chain: string;
  readonly entries: number;
  readonly digest: Digest;
}

/** Remembers every decision. There is no update and no delete. */
export interface Ledger {
  /** Appends the steps that are not recorded yet, in order, all or none; returns the new entries. Throws Fault "conflict" when another writer was first. */
  append(chain: string, steps: readonly Step[], at: Instant): Promise<readonly LedgerEntry[]>;
  /** Entries of one chain in order, or of one case. */
  read(question: { readonly chain: string; readonly caseId?: string }): AsyncIterable<LedgerEntry>;
  /** One head per chain, sorted by chain. */
  heads(): Promise<readonly ChainHead[]>;
}

/** One entry exactly as a store holds it, unparsed: a verifier trusts nothing that was read for it. */
export interface StoredEntry {
  readonly chain: string;
  readonly sequence: number;
  readonly text: string;
}

/** One head exactly as it was noted. */
export interface StoredHead {
  readonly chain: string;
  readonly entries: number;
  readonly digest: string;
}

/** The heads as noted outside the store after each append. They may lag behind it, never run ahead. */
export type Witness =
  | { readonly kind: "none" }
  | { readonly kind: "noted"; readonly heads: readonly StoredHead[] }
  | { readonly kind: "unusable"; readonly why: string };

/** A ledger as it lies in its store, for verification only. */
export interface StoredLedger {
  /** Every entry of every chain, sorted by (chain, sequence). */
  stored(): AsyncIterable<StoredEntry>;
  storedHeads(): Promise<readonly StoredHead[]>;
  witness(): Promise<Witness>;
}

/** Makes a digest of 64 lower-case hex digits, or undefined when the text is something else. */
export const asDigest = (text: string): Digest | undefined =>
  /^[0-9a-f]{64}$/.test(text) ? (text as Digest) : undefined;
