import { apiOf } from "../event/decode.ts";
import { type Head, readHead } from "../event/head.ts";
import type { Instant } from "../event/instant.ts";
import type { ItemSink, Place } from "../event/items.ts";
import { fields, text } from "../event/json.ts";
import { conductFlag, entryWords, keptFlag } from "../event/record-table.ts";
import { recordWords } from "../event/record-words.ts";
import { repeatedKey } from "../event/scan.ts";
import { besideOf } from "../event/user-identity.ts";
import type { ParametersRead } from "../iam/authorisation-parameters.ts";
import { type NumberedPrincipal, principalCache } from "../identity/principal-cache.ts";
import { noPrincipal } from "../identity/principal-index.ts";
import { type ConductTrace, conductCounter } from "./conduct/conduct-counter.ts";
import type { Horizon } from "./horizon.ts";
import { keepingOf } from "./keeping.ts";
import type { Links } from "./kept-log.ts";
import { type Purposes, purposeIndex } from "./purpose.ts";
import { type Spread, spreadCounter } from "./spread.ts";
import { type UsageTrace, usageCounter } from "./usage.ts";

/** What one batch of records came to: columns of numbers, and texts only for what must be looked at again. */
export interface Trace {
  readonly count: number;
  /** Six words a record, as `record-table.ts` says; the pointer is a principal's local number. */
  readonly words: Uint32Array<ArrayBuffer>;
  /** Principals numbered in this batch; local numbers go on from batch to batch of one tracer. */
  readonly principals: readonly NumberedPrincipal[];
  readonly kept: readonly KeptRecord[];
  /** The earliest record of each principal in this batch. */
  readonly firsts: readonly First[];
  /** One row a record, when rows are wanted. */
  readonly rows: readonly string[];
  readonly spread: Spread;
  /** Who used which call, when an inventory asks. */
  readonly usage?: UsageTrace;
  /** What the records did, when manifests or a question ask for it. */
  readonly conduct?: ConductTrace;
  readonly ignored: number;
  readonly parked: readonly Parked[];
}

/** A record that wakes a detector, issues a credential or writes IAM state: masked, to be decoded again at the end. */
export interface KeptRecord {
  /** Which record of the batch. */
  readonly record: number;
  /** Why, as `purpose.ts` says. */
  readonly purposes: number;
  readonly json: string;
  readonly links: Links;
}

/** The earliest record of one principal, by local number. */
export interface First {
  readonly principal: number;
  readonly at: Instant;
  readonly id: string;
}

export interface Parked {
  readonly source: string;
  readonly reason: string;
}

export interface TracerOptions {
  /** Which calls must be looked at again at the end, and why. */
  readonly purposes: Purposes;
  readonly rows: "wanted" | "not-wanted";
  /** Also count who used which call, of the records in this window. */
  readonly usage?: Horizon;
  /** Also remember what each call did; names the request parameters that tell it. */
  readonly conduct?: ParametersRead;
  /** Keys the fingerprints of secrets in configurations; without one none is looked for. */
  readonly fingerprintKey?: string;
  /** Live input only: an event from after this moment is parked. Files may be read on a machine whose clock is wrong. */
  readonly notAfter?: Instant;
}

/** Reduces items to traces. One tracer serves one thread for a whole run. */
export interface Tracer {
  /** Where the items of one file go. */
  sink(path: string): ItemSink;
  /** Where it goes that a file as a whole cannot be read. */
  fileSink(path: string): (because: string) => void;
  readonly pending: number;
  /** Everything since the last call. */
  take(): Trace;
}

export function tracer(options: TracerOptions): Tracer {
  const principals = principalCache();
  const purposeOf = purposeIndex(options.purposes);
  const writeWords = recordWords();
  let words = new Uint32Array(1024 * entryWords);
  let count = 0;
  let ignored = 0;
  let kept: KeptRecord[] = [];
  let parked: Parked[] = [];
  let rows: string[] = [];
  let firsts = new Map<number, First>();
  let spread = spreadCounter();
  const usage = options.usage === undefined ? undefined : usageCounter(options.usage);
  const conduct = options.conduct === undefined ? undefined : conductCounter(options.conduct);

  const record = (head: Head, value: unknown, raw: () => string): string | undefined => {
    if (options.notAfter !== undefined && head.at > options.notAfter) return "the event is dated in the future";
    if (mustBeUnambiguous(head)) {
      // A LookupEvents entry holds the record as text of its own.
      const key = repeatedKey(raw()) ?? repeatedKey(text(fields(value)["CloudTrailEvent"]));
      if (key !== undefined) return "one object has the same key twice, so two readers could see two different calls";
    }
    const keeping = keepingOf(head, purposeOf(head), options.fingerprintKey);
    if (keeping.kind === "parked") return keeping.because;
    if (keeping.kind === "ignored") {
      ignored++;
      return undefined;
    }
    const number =
      head.form === "envelope"
        ? noPrincipal
        : principals.numberOf(fields(head.body["userIdentity"]), besideOf(head.body));
    spread.add(head);
    usage?.add(head, number, count);
    const first = firsts.get(number);
    if (
      number !== noPrincipal &&
      (first === undefined || head.at < first.at || (head.at === first.at && head.id < first.id))
    )
      firsts.set(number, { principal: number, at: head.at, id: head.id });
    const did = conduct?.add(head, count) === true;
    write(head, number, (keeping.kind === "kept" ? keptFlag : 0) | (did ? conductFlag : 0));
    if (options.rows === "wanted")
      rows.push(JSON.stringify([head.id, head.at, head.account, head.region, printedApi(head), number]));
    if (keeping.kind === "kept") {
      const { form, id, at, account, region, source, name, guessed } = head;
      const { body, purposes, links, configured } = keeping;
      kept.push({
        record: count,
        purposes,
        json: JSON.stringify({ form, id, at, account, region, source, name, guessed, body, configured }),
        links,
      });
    }
    count++;
    return undefined;
  };

  const write = (head: Head, number: number, flags: number): void => {
    const base = count * entryWords;
    if (base === words.length) {
      const wider = new Uint32Array(words.length * 2);
      wider.set(words);
      words = wider;
    }
    writeWords(head, words, base);
    words[base + 4] = (words[base + 4] ?? 0) | flags;
    words[base + 5] = number;
  };

  return {
    sink: (path) => ({
      item(value, raw, place) {
        const read = readHead(value);
        switch (read.kind) {
          case "parked":
            parked.push({ source: sourceOf(path, place), reason: read.because });
            return;
          case "ignored":
            ignored++;
            return;
          case "read": {
            const refused = record(read.head, value, raw);
            if (refused !== undefined) parked.push({ source: sourceOf(path, place), reason: refused });
          }
        }
      },
      broken(because, place) {
        parked.push({ source: sourceOf(path, place), reason: because });
      },
    }),
    fileSink: (path) => (because) => parked.push({ source: path, reason: because }),
    get pending() {
      return count + parked.length;
    },
    take() {
      const trace: Trace = {
        count,
        words: words.slice(0, count * entryWords),
        principals: principals.fresh(),
        kept,
        firsts: [...firsts.values()],
        rows,
        spread: spread.total,
        ...(usage === undefined ? {} : { usage: usage.take() }),
        ...(conduct === undefined ? {} : { conduct: conduct.take() }),
        ignored,
        parked,
      };
      count = 0;
      ignored = 0;
      kept = [];
      parked = [];
      rows = [];
      firsts = new Map();
      spread = spreadCounter();
      return trace;
    },
  };
}

/** `<path>:<line>` or `<path>#<index>`; a path alone where the whole file is meant. */
const sourceOf = (path: string, { mark, number }: Place): string => `${path}${mark}${number}`;

/** IAM writes, and records so large that somebody may have hidden something in them. */
const mustBeUnambiguous = (head: Head): boolean =>
  head.length > 65_536 || (head.source === "iam.amazonaws.com" && !/^(?:Get|List|Generate|Simulate)/.test(head.name));

const printedApi = (head: Head): string =>
  head.form === "record" ? apiOf(head.source, head.name) : `${head.source}:${head.name}`;
