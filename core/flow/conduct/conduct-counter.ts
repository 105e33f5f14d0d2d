import { hash } from "node:crypto";
import type { Head } from "../../event/head.ts";
import { fields } from "../../event/json.ts";
import type { ParametersRead } from "../../iam/authorisation-parameters.ts";
import { conductKey, isCall, mayBeDeclared, parametersThatCount, recordedConduct } from "../../identity/conduct-of.ts";
import type { DigestedConduct } from "./conduct-table.ts";

/** What the records of one batch did. */
export interface ConductTrace {
  /** Distinct conducts, numbered in this batch. */
  readonly conducts: readonly DigestedConduct[];
  /** Two words for each record that did something, by record: which of the batch, and its conduct's number. */
  readonly records: Uint32Array;
  /** The event ids of these records, in the same order. */
  readonly ids: readonly string[];
}

/** Reduces records to conduct while a tracer reads. */
export interface ConductCounter {
  /** True when the record is remembered by what it did. */
  add(head: Head, record: number): boolean;
  take(): ConductTrace;
}

/** So many distinct conducts are remembered over batches; a tracer that forgets them makes them anew. */
const mostKnown = 8_000;

export function conductCounter(read: ParametersRead): ConductCounter {
  const countingOf = parametersThatCount(read);
  const callOf = callCache();
  let known = 0;
  let numbers = new Map<DigestedConduct, number>();
  let records: number[] = [];
  let ids: string[] = [];
  const digested = (head: Head): DigestedConduct => {
    const call = callOf(head, countingOf);
    const key = conductKey(head, call.counting);
    const before = call.conducts.get(key);
    if (before !== undefined) return before;
    const json = JSON.stringify(recordedConduct(head, call.counting));
    const made = { json, digest: new Uint32Array(hash("sha256", json, "buffer").buffer.slice(0, 16)) };
    call.conducts.set(key, made);
    if (++known >= mostKnown) {
      callOf.forget();
      known = 0;
    }
    return made;
  };
  return {
    add(head, record) {
      if (head.form === "envelope" || !isCall(head) || !mayBeDeclared(fields(head.body["userIdentity"]))) return false;
      const conduct = digested(head);
      let number = numbers.get(conduct);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(conduct, number);
      }
      records.push(record, number);
      ids.push(head.id);
      return true;
    },
    take() {
      const taken = { conducts: [...numbers.keys()], records: Uint32Array.from(records), ids };
      numbers = new Map();
      records = [];
      ids = [];
      return taken;
    },
  };
}

/** One call of one service in one account and Region, and what was done with it. */
interface CallSeen {
  readonly source: string;
  readonly counting: readonly string[];
  readonly conducts: Map<string, DigestedConduct>;
}

interface CallCache {
  (head: Head, countingOf: (source: string) => readonly string[]): CallSeen;
  forget(): void;
}

/** Records of one file mostly share account and Region, so these are looked up when they change. */
function callCache(): CallCache {
  let places = new Map<string, Map<string, CallSeen[]>>();
  let last = { account: "", region: "", names: new Map<string, CallSeen[]>() };
  const find = ({ account, region, source, name }: Head, countingOf: (source: string) => readonly string[]) => {
    if (account !== last.account || region !== last.region) {
      const place = `${account} ${region}`;
      const names = places.get(place) ?? new Map<string, CallSeen[]>();
      places.set(place, names);
      last = { account, region, names };
    }
    const alike = last.names.get(name);
    const same = alike?.find((one) => one.source === source);
    if (same !== undefined) return same;
    const made: CallSeen = { source, counting: countingOf(source), conducts: new Map() };
    if (alike === undefined) last.names.set(name, [made]);
    else alike.push(made);
    return made;
  };
  return Object.assign(find, {
    forget() {
      places = new Map();
      last = { account: "", region: "", names: new Map() };
    },
  });
}
