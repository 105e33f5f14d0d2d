import { decodeHead } from "../core/event/decode.ts";
import type { AuditEvent } from "../core/event/event.ts";
import { hashInto, type Lanes } from "../core/event/hash.ts";
import type { Principal } from "../core/event/principal.ts";
import { entryWords } from "../core/event/record-table.ts";
import { keptEvent } from "../core/flow/kept-record.ts";
import { signerAt } from "../core/flow/state.ts";
import type { Attribution } from "../core/identity/attribution.ts";
import { noPrincipal } from "../core/identity/principal-index.ts";
import type { Meant } from "./identity-match.ts";
import type { IdentitySource } from "./identity-source.ts";
import { lookAgain } from "./second-look.ts";

/** One credential, or one caller without a key, and what was seen of it. */
export interface Sighting {
  readonly principal?: Principal;
  readonly attribution: Attribution;
  /** Records it signed; times in whole seconds. */
  readonly calls: number;
  readonly first: number;
  readonly last: number;
  /** The record it is shown by. */
  readonly eventID: string;
}

/** At most this many are shown, the newest first. */
export const mostSightings = 10;

/** The newest sessions of whoever is meant, and how many there are. */
export function sightingsOf(
  { state, attributionOf }: IdentitySource,
  meant: Meant,
): { readonly all: number; readonly newest: readonly Sighting[] } {
  const { principals } = state;
  const calls = new Uint32Array(principals.count);
  const first = new Uint32Array(principals.count).fill(0xffffffff);
  const last = new Uint32Array(principals.count);
  state.records.each((pointer, flags, second) => {
    const number = signerAt(state, pointer, flags);
    if (number === noPrincipal) return;
    calls[number] = (calls[number] ?? 0) + 1;
    first[number] = Math.min(first[number] ?? 0, second);
    last[number] = Math.max(last[number] ?? 0, second);
  });
  const found: number[] = [];
  for (let number = 0; number < principals.count; number++)
    if (calls[number] !== 0 && (meant.signed(principals.read(number)) || isNamed(attributionOf(number), meant)))
      found.push(number);
  found.sort((a, b) => (last[b] ?? 0) - (last[a] ?? 0) || (principals.outranks(a, b) ? -1 : 1));
  // One key can be several principals: alone, and when a service calls on its behalf.
  const groups = new Map<string, Sighting>();
  const all = new Set<string>();
  for (const number of found) {
    const principal = principals.read(number);
    const attribution = attributionOf(number);
    const { accessKeyId, arn, id } = principal;
    const who = attribution.kind === "contested" ? "" : attribution.id;
    const key = JSON.stringify([accessKeyId ?? arn ?? id ?? number, who]);
    all.add(key);
    const known = groups.get(key);
    if (known === undefined && groups.size === mostSightings) continue;
    const seen = { calls: calls[number] ?? 0, first: first[number] ?? 0, last: last[number] ?? 0 };
    const eventID = principals.first(number)?.eventID ?? "";
    groups.set(
      key,
      known === undefined
        ? { principal, attribution, ...seen, eventID }
        : { ...known, calls: known.calls + seen.calls, first: Math.min(known.first, seen.first) },
    );
  }
  return { all: all.size, newest: [...groups.values()] };
}

const isNamed = (attribution: Attribution, meant: Meant): boolean =>
  attribution.kind !== "contested" &&
  attribution.kind !== "unattributed" &&
  meant.named(attribution) &&
  !onlyRoot(attribution, meant);

/** The chain merely begins with whoever is meant, and the answer is somebody else. */
const onlyRoot = (attribution: Attribution, meant: Meant): boolean =>
  !meant.named({ ...attribution, root: { kind: "unknown", id: "" } });

/** Whoever signed the record with this id; ids that carry the suffix of a conflict mean that one record. */
export function callersOf({ state, attributionOf }: IdentitySource, eventID: string): readonly Sighting[] {
  const [, id = eventID, suffix = ""] = /^(.*?)(#[0-9a-f]{8})?$/s.exec(eventID) ?? [];
  const lanes: Lanes = { high: 0, low: 0 };
  hashInto(id, lanes);
  const found: Sighting[] = [];
  const words = state.records.dump();
  for (let from = 0; from < words.length; from += entryWords) {
    if (words[from] !== (lanes.high || 1) || words[from + 1] !== lanes.low) continue;
    const entry = words.subarray(from, from + entryWords);
    if (state.records.suffix(entry) !== suffix) continue;
    const [second = 0, flags = 0, pointer = 0] = [entry[2], entry[4], entry[5]];
    const number = signerAt(state, pointer, flags);
    found.push({
      ...(number === noPrincipal ? {} : { principal: state.principals.read(number) }),
      attribution: attributionOf(number, pointer),
      calls: 1,
      first: second,
      last: second,
      eventID,
    });
  }
  return found;
}

/** A record that proves something, decoded again, and where it stands. */
export interface Proof {
  readonly event: AuditEvent;
  /** Every place it was found in; none where only a store was read. */
  readonly sources: readonly string[];
}

/** The records with these ids: from the files, each with its places, or from what the store kept. */
export async function proofsOf(
  { state, inputs }: IdentitySource,
  ids: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Proof>> {
  const proofs = new Map<string, Proof>();
  if (inputs === undefined) {
    for (let number = 0; number < state.kept.count; number++) {
      const event = keptEvent(state, number);
      if (event !== undefined && ids.has(event.id)) proofs.set(event.id, { event, sources: [] });
    }
    return proofs;
  }
  await lookAgain(inputs, (head, source) => {
    if (!ids.has(head.id)) return "go-on";
    const known = proofs.get(head.id);
    const decoded = known === undefined ? decodeHead(head) : undefined;
    if (known !== undefined) proofs.set(head.id, { ...known, sources: [...known.sources, source] });
    else if (decoded?.kind === "event") proofs.set(head.id, { event: decoded.event, sources: [source] });
    return "go-on";
  });
  return proofs;
}
