import { hash } from "node:crypto";
import type { Instant } from "../../core/event/instant.ts";
import { entryWords } from "../../core/event/record-table.ts";
import type { Links } from "../../core/flow/kept-log.ts";
import { emptyState, indexed, type Spools, type State } from "../../core/flow/state.ts";
import { blobStore } from "./blob-store.ts";
import { inTransaction, type Store } from "./sqlite.ts";

/** Texts are stored together in parts of about this size. */
const part = 4 * 1_048_576;

/** Writes the whole state in one transaction: a run that dies leaves the state before it. */
export function saveState(store: Store, state: State): void {
  const blobs = blobStore(store);
  inTransaction(store, () => {
    const records = state.records.dump();
    blobs.replaceAll("records", cut(new Uint8Array(records.buffer, records.byteOffset, records.byteLength)));
    blobs.replaceAll(
      "principals",
      packed(state.principals.count, (n) => [state.principals.json(n), state.principals.first(n) ?? null]),
    );
    blobs.replaceAll(
      "kept",
      packed(state.kept.count, (n) => [
        [...state.kept.entry(n)],
        state.kept.principal(n),
        state.kept.purposes(n),
        state.kept.links(n),
        state.kept.json(n),
        state.kept.conductRow(n),
      ]),
    );
    const { conduct } = state;
    blobs.replaceAll(
      "conducts",
      packed(conduct.conducts, (n) => conduct.json(n)),
    );
    blobs.replaceAll(
      "conduct-rows",
      packed(conduct.size, (n) => [conduct.principal(n), conduct.conduct(n)]),
    );
    blobs.replaceAll("conduct-ids", packedIds(conduct.noted()));
  });
}

/** The state that was saved last, or an empty one. */
export function loadState(store: Store, spools: Spools): State {
  const state = emptyState(spools);
  const blobs = blobStore(store);
  for (const row of unpacked(blobs.read("principals"))) {
    const [json, first] = row as [string, { at: Instant; eventID: string } | null];
    const digest = new Uint32Array(hash("sha256", json, "buffer").buffer.slice(0, 16));
    const number = state.principals.join({ json, digest });
    if (first !== null) state.principals.saw(number, first.at, first.eventID);
  }
  for (const row of unpacked(blobs.read("kept"))) {
    const [entry, principal, purposes, links, json, done] = row as [number[], number, number, Links, string, number?];
    state.kept.propose(json, principal, done);
    const number = state.kept.accept(Uint32Array.from(entry), links, purposes);
    for (const key of links.keys) indexed(state, key, number);
  }
  loadConduct(state, blobs);
  const bytes = Buffer.concat(blobs.read("records"));
  state.records.restore(
    new Uint32Array(new Uint8Array(bytes).buffer, 0, Math.floor(bytes.length / 4 / entryWords) * entryWords),
  );
  return state;
}

/** Numbers stay: everything is joined in the order in which it was saved. */
function loadConduct({ conduct }: State, blobs: ReturnType<typeof blobStore>): void {
  for (const row of unpacked(blobs.read("conducts"))) {
    const json = row as string;
    conduct.join({ json, digest: new Uint32Array(hash("sha256", json, "buffer").buffer.slice(0, 16)) });
  }
  for (const row of unpacked(blobs.read("conduct-rows"))) {
    const [principal, done] = row as [number, number];
    conduct.row(principal, done);
  }
  for (const row of unpacked(blobs.read("conduct-ids"))) conduct.note(row as string[]);
}

function* packedIds(ids: Iterable<string>): Generator<Uint8Array> {
  let lines: string[] = [];
  let some: string[] = [];
  for (const id of ids) {
    if (some.push(id) < idsTogether) continue;
    lines.push(JSON.stringify(some));
    some = [];
    if (lines.length < linesTogether) continue;
    yield Buffer.from(lines.join("\n"));
    lines = [];
  }
  if (some.length > 0) lines.push(JSON.stringify(some));
  if (lines.length > 0) yield Buffer.from(lines.join("\n"));
}

const idsTogether = 2_048;
const linesTogether = 50;

function* cut(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += part) yield bytes.subarray(from, from + part);
}

function* packed(count: number, row: (n: number) => unknown): Generator<Uint8Array> {
  let lines: string[] = [];
  let length = 0;
  for (let n = 0; n < count; n++) {
    const line = JSON.stringify(row(n));
    lines.push(line);
    length += line.length;
    if (length < part) continue;
    yield Buffer.from(lines.join("\n"));
    lines = [];
    length = 0;
  }
  if (lines.length > 0) yield Buffer.from(lines.join("\n"));
}

function* unpacked(parts: readonly Uint8Array[]): Generator<unknown> {
  for (const bytes of parts) for (const line of Buffer.from(bytes).toString("utf8").split("\n")) yield JSON.parse(line);
}
