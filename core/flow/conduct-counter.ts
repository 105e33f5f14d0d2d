import { hash } from "node:crypto";
import type { Head } from "../event/head.ts";
import { fields } from "../event/json.ts";
import type { ParametersRead } from "../iam/authorisation-parameters.ts";
import { conductKey, isCall, mayBeDeclared, parametersThatCount, recordedConduct } from "../identity/conduct-of.ts";
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
const mostKnown = 20_000;

export function conductCounter(read: ParametersRead): ConductCounter {
  const countingOf = parametersThatCount(read);
  let known = new Map<string, DigestedConduct>();
  let numbers = new Map<DigestedConduct, number>();
  let records: number[] = [];
  let ids: string[] = [];
  const digested = (head: Head): DigestedConduct => {
    const counting = countingOf(head.source);
    const key = conductKey(head, counting);
    const before = known.get(key);
    if (before !== undefined) return before;
    const json = JSON.stringify(recordedConduct(head, counting));
    const made = { json, digest: new Uint32Array(hash("sha256", json, "buffer").buffer.slice(0, 16)) };
    if (known.size >= mostKnown) known = new Map();
    known.set(key, made);
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
