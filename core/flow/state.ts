import { hashInto, type Lanes } from "../event/hash.ts";
import { type PackedTable, packedTable } from "../event/packed-table.ts";
import { conductFlag, entryWords, keptFlag, type RecordTable, recordTable } from "../event/record-table.ts";
import type { Spool } from "../event/spool.ts";
import { noPrincipal, type PrincipalIndex, principalIndex } from "../identity/principal-index.ts";
import type { ConductTrace } from "./conduct/conduct-counter.ts";
import { type ConductSpools, type ConductTable, conductTable, noRow } from "./conduct/conduct-table.ts";
import { type KeptLog, keptLog } from "./kept-log.ts";
import type { Trace } from "./trace.ts";
import { emptyUsage, type Usage } from "./usage.ts";

/**
 * Everything that must be remembered to the end. It is a join: the same records in any order, any number of times, give
 * the same state, so nothing in it may depend on arrival.
 */
export interface State {
  readonly records: RecordTable;
  readonly principals: PrincipalIndex;
  readonly kept: KeptLog;
  /** From a hash of a key (what a record issued or started) to the kept records that are found under it. */
  readonly index: PackedTable;
  readonly counts: Counts;
  /** Rows of records, when attributions are wanted: the entry's words and what is printed about it. */
  readonly rows: Spool;
  /** Who used which call, when an inventory asks; otherwise empty. */
  readonly usage: Usage;
  /** What was done, when manifests or a question ask for it; otherwise empty. */
  readonly conduct: ConductTable;
}

export interface Counts {
  records: number;
  duplicates: number;
  ignored: number;
  parked: number;
}

/** Where the state puts its texts. */
export interface Spools {
  readonly principals: Spool;
  readonly kept: Spool;
  readonly rows: Spool;
  /** Without one, what an inventory remembers stays in memory. */
  readonly usage?: Spool;
  /** Without them, what was done stays in memory. */
  readonly conduct?: ConductSpools;
}

export function emptyState(spools: Spools): State {
  const principals = principalIndex(spools.principals);
  const kept = keptLog(spools.kept);
  const conduct = conductTable(spools.conduct);
  const outranks = (pointer: number, other: number, flags: number): boolean => {
    if ((flags & keptFlag) !== 0) {
      if (kept.outranks(pointer, other)) return true;
      return !kept.outranks(other, pointer) && conduct.outranks(kept.conductRow(pointer), kept.conductRow(other));
    }
    if ((flags & conductFlag) === 0) return principals.outranks(pointer, other);
    const [mine, theirs] = [conduct.principal(pointer), conduct.principal(other)];
    return mine === theirs ? conduct.outranks(pointer, other) : principals.outranks(mine, theirs);
  };
  return {
    records: recordTable(outranks),
    principals,
    kept,
    index: packedTable(3, 2),
    counts: { records: 0, duplicates: 0, ignored: 0, parked: 0 },
    rows: spools.rows,
    usage: emptyUsage(spools.usage),
    conduct,
  };
}

/** The numbers that one tracer's principals have in the state. */
export type Numbers = number[];

/**
 * Folds one trace into the state: synchronous, commutative, idempotent. `numbers` belongs to the tracer that made the
 * trace and is extended here.
 */
export function observe(state: State, trace: Trace, numbers: Numbers): void {
  for (const principal of trace.principals) numbers.push(state.principals.join(principal));
  const { counts } = state;
  for (const { principal, at, id } of trace.firsts) state.principals.saw(numbers[principal] ?? noPrincipal, at, id);
  if (trace.usage !== undefined) state.usage.join(trace.usage, numbers);
  const notes = trace.usage?.notes ?? [];
  let nextNote = 0;
  counts.ignored += trace.ignored;
  counts.parked += trace.parked.length;
  counts.records += trace.count;
  const { words, kept, rows, count } = trace;
  const done = rowsDone(state, trace.conduct);
  let nextDone = 0;
  const noted: string[] = [];
  let nextKept = 0;
  let keptAt = kept[0]?.record ?? -1;
  for (let i = 0; i < count; i++) {
    const base = i * entryWords;
    for (let word = 0; word < entryWords; word++) entry[word] = words[base + word] ?? 0;
    const local = entry[5] ?? noPrincipal;
    const principal = local === noPrincipal ? noPrincipal : (numbers[local] ?? noPrincipal);
    const record = keptAt === i ? kept[nextKept++] : undefined;
    if (record !== undefined) keptAt = nextKept < kept.length ? (kept[nextKept]?.record ?? -1) : -1;
    const did = done.records[nextDone * 2] === i ? nextDone++ : -1;
    const row = did < 0 ? noRow : state.conduct.row(principal, done.conducts[done.records[did * 2 + 1] ?? 0] ?? 0);
    entry[4] = row === noRow ? (entry[4] ?? 0) & ~conductFlag : (entry[4] ?? 0) | conductFlag;
    entry[5] = record !== undefined ? state.kept.propose(record.json, principal, row) : row === noRow ? principal : row;
    const joined = state.records.join(entry);
    const note = notes[nextNote]?.record === i ? notes[nextNote++] : undefined;
    if (joined !== "new") counts.duplicates++;
    if (joined === "known") continue;
    if (did >= 0) noted.push(trace.conduct?.ids[did] ?? "");
    if (record !== undefined) {
      const number = state.kept.accept(entry, record.links, record.purposes);
      for (const key of record.links.keys) indexed(state, key, number);
    }
    if (note !== undefined) state.usage.note(entry, principal, note.json);
    if (rows.length > 0) state.rows.add(JSON.stringify([[...entry], principal, rows[i]]));
  }
  state.conduct.note(noted);
}

/** The numbers that a batch's conducts have in the state, and which of its records did something. */
function rowsDone({ conduct }: State, trace: ConductTrace | undefined) {
  return { records: trace?.records ?? nothing, conducts: trace?.conducts.map((one) => conduct.join(one)) ?? [] };
}

const nothing = new Uint32Array(0);

/** Who made the call of a record with this pointer and these flags. */
export function signerAt(state: State, pointer: number, flags: number): number {
  if ((flags & keptFlag) !== 0) return state.kept.principal(pointer);
  return (flags & conductFlag) === 0 ? pointer : state.conduct.principal(pointer);
}

/** What the record did, as a row of the state's conduct. */
export function rowAt(state: State, pointer: number, flags: number): number | undefined {
  if ((flags & conductFlag) === 0) return undefined;
  return (flags & keptFlag) === 0 ? pointer : state.kept.conductRow(pointer);
}

// Scratch space: a view made for each record would cost more than all the rest.
const entry = new Uint32Array(entryWords);
const lanes: Lanes = { high: 0, low: 0 };
const indexEntry = new Uint32Array(3);

/** Notes that a kept record is found under a key. */
export function indexed({ index }: State, key: string, kept: number): void {
  hashInto(key, lanes);
  indexEntry[0] = lanes.high;
  indexEntry[1] = lanes.low;
  indexEntry[2] = kept;
  index.add(indexEntry);
}

/** Numbers of the kept records that may be found under a key: a hash can collide, so the caller compares the key itself. */
export function foundUnder({ index }: State, key: string): readonly number[] {
  hashInto(key, lanes);
  indexEntry[0] = lanes.high;
  indexEntry[1] = lanes.low;
  const found: number[] = [];
  for (let handle = index.find(indexEntry); handle >= 0; handle = index.next(handle, indexEntry))
    found.push(index.word(handle, 2));
  return found;
}
