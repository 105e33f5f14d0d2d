import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { isObject } from "../../core/event/json.ts";
import { Fault } from "../../core/fault.ts";
import { asDigest, type ChainHead } from "../../core/record/ledger.ts";
import type { Store } from "./sqlite.ts";

/** Where the heads of a store are noted a second time, outside it: a store that loses its newest entries cannot take these along. */
export const witnessFile = (store: string): string => `${store}-heads`;

/** Notes the heads after a commit. Written beside and renamed, so that the note is always whole: the old one or the new one. */
export function writeWitness(store: Store, heads: readonly ChainHead[]): void {
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

/** The heads noted for this store; empty where there is no note, or only one of a store that was here before. */
export function readWitness(store: Store): readonly ChainHead[] {
  const file = witnessFile(store.file);
  if (!existsSync(file)) return [];
  const note = parsed(readFileSync(file, "utf8"));
  if (typeof note?.["schema"] === "number" && note["schema"] > 1)
    throw new Fault(
      "misconfigured",
      `${file} has schema ${note["schema"]}, this version reads 1; upgrade Cordon to read it`,
    );
  if (note === undefined || !Array.isArray(note["heads"])) throw damaged(file);
  return note["store"] === store.id ? note["heads"].map((head) => headIn(head, file)) : [];
}

/** Refuses to go on with a store that holds less than was noted: appending to it would cover up the loss. */
export function checkWitness(store: Store, heads: readonly ChainHead[]): void {
  for (const noted of readWitness(store)) {
    const held = heads.find(({ chain }) => chain === noted.chain)?.entries ?? 0;
    if (held >= noted.entries) continue;
    throw new Fault(
      "misconfigured",
      `${store.file} holds ${held} ledger entries of chain ${noted.chain}, but ${noted.entries} were recorded; run "cordon ledger verify", then restore a copy or start another --store file`,
    );
  }
}

function headIn(value: unknown, file: string): ChainHead {
  if (!isObject(value)) throw damaged(file);
  const { chain, entries, digest } = value;
  const known = typeof digest === "string" ? asDigest(digest) : undefined;
  if (typeof chain !== "string" || typeof entries !== "number" || known === undefined) throw damaged(file);
  return { chain, entries, digest: known };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // Named as damaged by the caller.
  }
}

const damaged = (file: string): Fault =>
  new Fault(
    "misconfigured",
    `${file} is damaged; keep it as evidence, move it away and run "cordon ledger verify" again`,
  );
