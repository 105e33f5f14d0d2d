import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { isObject } from "../../core/event/json.ts";
import { Fault } from "../../core/fault.ts";
import type { StoredHead, Witness } from "../../core/record/ledger.ts";
import type { Store } from "./sqlite.ts";

/** Where the heads of a store are noted a second time, outside it: a store that loses its newest entries cannot take these along. */
export const witnessFile = (store: string): string => `${store}-heads`;

/** Notes the heads after a commit. Written beside and renamed, so that the note is always whole: the old one or the new one. */
export function writeWitness(store: Store, heads: readonly StoredHead[]): void {
  const file = witnessFile(store.file);
  const draft = openSync(`${file}.new`, "w", 0o600);
  try {
    writeSync(draft, `${JSON.stringify({ schema: 1, store: store.id, heads })}\n`);
    fsyncSync(draft);
  } finally {
    closeSync(draft);
  }
  renameSync(`${file}.new`, file);
}

/** The heads noted for this store. A note that cannot be used is named, never passed over. */
export function readWitness(store: Store): Witness {
  const file = witnessFile(store.file);
  if (!existsSync(file)) return { kind: "none" };
  const note = parsed(readFileSync(file, "utf8"));
  if (note === undefined) return { kind: "unusable", why: `${file} is damaged; ${keep}` };
  const { schema, store: id, heads } = note;
  if (schema !== 1)
    return {
      kind: "unusable",
      why: `${file} has schema ${JSON.stringify(schema)}, this version reads 1; upgrade Cordon to read it`,
    };
  if (id !== store.id)
    return {
      kind: "unusable",
      why: `${file} was noted for another store than the one beside it: one of them was replaced; ${keep}`,
    };
  const known = Array.isArray(heads) ? heads.map(headIn) : [undefined];
  return known.includes(undefined)
    ? { kind: "unusable", why: `${file} is damaged; ${keep}` }
    : { kind: "noted", heads: known.filter((head) => head !== undefined) };
}

/** Refuses to go on with a store that holds less than was noted: appending to it would cover up the loss. */
export function checkWitness(store: Store, heads: readonly StoredHead[]): void {
  const witness = readWitness(store);
  if (witness.kind === "none") return;
  // A store without entries is new, and the note is of one that lay here before; the next append replaces it.
  if (witness.kind === "unusable" && heads.length === 0) return;
  if (witness.kind === "unusable") throw new Fault("misconfigured", witness.why);
  for (const noted of witness.heads) {
    const held = heads.find(({ chain }) => chain === noted.chain)?.entries ?? 0;
    if (held >= noted.entries) continue;
    throw new Fault(
      "misconfigured",
      `${store.file} holds ${held} ledger entries of chain ${noted.chain}, but ${noted.entries} were recorded; run "cordon ledger verify", then restore a copy or start another --store file`,
    );
  }
}

const keep = "keep both as evidence, and restore a copy or move the note away if that was meant";

function headIn(value: unknown): StoredHead | undefined {
  if (!isObject(value)) return undefined;
  const { chain, entries, digest } = value;
  return typeof chain === "string" && typeof entries === "number" && typeof digest === "string"
    ? { chain, entries, digest }
    : undefined;
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // Named as damaged by the caller.
  }
}
