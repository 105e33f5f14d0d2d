import { fileSpool } from "../adapters/local/file-spool.ts";
import { touchedBy } from "../core/detect/touched.ts";
import { apiOf, decodeHead } from "../core/event/decode.ts";
import type { AuditEvent } from "../core/event/event.ts";
import type { Head } from "../core/event/head.ts";
import { fields, list, text } from "../core/event/json.ts";
import { packedTable } from "../core/event/packed-table.ts";
import { conductFlag, entryWords, keptFlag } from "../core/event/record-table.ts";
import { recordWords } from "../core/event/record-words.ts";
import { scattered } from "../core/event/scattered.ts";
import { within } from "../core/flow/horizon.ts";
import { keptEvent } from "../core/flow/kept-record.ts";
import { signerAt } from "../core/flow/state.ts";
import { noPrincipal } from "../core/identity/principal-index.ts";
import type { Meant } from "./identity-match.ts";
import type { IdentitySource } from "./identity-source.ts";
import { lookAgain } from "./second-look.ts";
import { type TimeOrder, timeOrder } from "./time-order.ts";

/** One record of a timeline, without its id and time, which it is sorted by. */
export interface Row {
  readonly principal: number;
  readonly account: string;
  readonly region: string;
  readonly api: string;
  /** What became of it, and what it touched, where the record says so. */
  readonly outcome: string;
  readonly resource: string;
}

/** The principals through which whoever is meant acted: as the signer, as the answer, or as somebody on the way to it. */
export function actorsOf({ state, attributionOf }: IdentitySource, meant: Meant): Uint8Array {
  const { principals } = state;
  const actors = new Uint8Array(principals.count);
  for (let number = 0; number < principals.count; number++) {
    const attribution = attributionOf(number);
    if (meant.signed(principals.read(number)) || meant.named(attribution) || meant.behind(attribution))
      actors[number] = 1;
  }
  return actors;
}

/** How many records the actors have within the horizon. */
export function recordsOf({ state, horizon }: IdentitySource, actors: Uint8Array): number {
  let count = 0;
  state.records.each((pointer, flags, second) => {
    const number = signerAt(state, pointer, flags);
    if (number !== noPrincipal && actors[number] === 1 && within(horizon, second)) count++;
  });
  return count;
}

/** The actors' records, in time order: of files all of them, of a store those that it kept. `met` hears of each first. */
export async function rowsOf(
  source: IdentitySource,
  actors: Uint8Array,
  met: (eventID: string) => void,
): Promise<TimeOrder> {
  const order = timeOrder(fileSpool);
  const rows: Rows = {
    add(item) {
      met(item.id);
      order.add(item);
    },
  };
  if (source.inputs === undefined) fromStore(source, actors, rows);
  else await fromFiles(source, source.inputs, actors, rows);
  return order;
}

type Rows = Pick<TimeOrder, "add">;

function fromStore({ state, horizon }: IdentitySource, actors: Uint8Array, rows: Rows): void {
  for (let number = 0; number < state.kept.count; number++) {
    const principal = state.kept.principal(number);
    if (actors[principal] !== 1) continue;
    const event = keptEvent(state, number);
    if (event === undefined || !within(horizon, Math.floor(event.at / 1_000))) continue;
    const api = event.kind === "api-call" ? event.api : event.kind;
    const { id, at, account = "", region } = event;
    const row: Row = { principal, account, region, api, ...whatCameOf(event) };
    rows.add({ at, id, text: JSON.stringify(row) });
  }
}

/** Told apart from every principal's number and from none. */
const taken = noPrincipal - 1;

async function fromFiles(
  { state, horizon }: IdentitySource,
  inputs: NonNullable<IdentitySource["inputs"]>,
  actors: Uint8Array,
  rows: Rows,
): Promise<void> {
  const wanted = packedTable(entryWords, 2);
  const all = state.records.dump();
  for (const place of scattered(all.length / entryWords)) {
    const entry = all.slice(place * entryWords, (place + 1) * entryWords);
    const [second = 0, flags = 0, pointer = 0] = [entry[2], entry[4], entry[5]];
    const principal = signerAt(state, pointer, flags);
    if (principal === noPrincipal || actors[principal] !== 1 || !within(horizon, second)) continue;
    entry[5] = principal;
    wanted.add(entry);
  }
  if (wanted.size === 0) return;
  const write = recordWords();
  const entry = new Uint32Array(entryWords);
  await lookAgain(inputs, (head) => {
    write(head, entry, 0);
    for (let handle = wanted.find(entry); handle >= 0; handle = wanted.next(handle, entry)) {
      const principal = wanted.word(handle, 5);
      const same = wanted.word(handle, 2) === entry[2] && wanted.word(handle, 3) === entry[3];
      // Of several copies the one that stayed, once.
      if (
        !same ||
        principal === taken ||
        ((wanted.word(handle, 4) ^ (entry[4] ?? 0)) & ~(keptFlag | conductFlag)) !== 0
      )
        continue;
      wanted.setWord(handle, 5, taken);
      const id = `${head.id}${state.records.suffix(entry)}`;
      rows.add({ at: head.at, id, text: JSON.stringify(rowOf(head, principal)) });
    }
    return "go-on";
  });
}

function rowOf(head: Head, principal: number): Row {
  const { account, region, form, source, name } = head;
  const decoded = decodeHead(head);
  const api = form === "record" ? apiOf(source, name) : `${source}:${name}`;
  const came = decoded.kind === "event" ? whatCameOf(decoded.event) : { outcome: "unknown", resource: "" };
  return { principal, account, region, api, ...came };
}

function whatCameOf(event: AuditEvent): Pick<Row, "outcome" | "resource"> {
  if (event.kind !== "api-call") return { outcome: "done", resource: "" };
  const [named] = list(event.record["resources"]).map((one) => text(fields(one)["ARN"]) || text(fields(one)["arn"]));
  const touched = touchedBy(event);
  return { outcome: event.outcome, resource: (named ?? "") || (touched?.arn ?? "") };
}
