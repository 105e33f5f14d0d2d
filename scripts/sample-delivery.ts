import type { Random } from "../bench/corpus-random.ts";
import { logFilePath, logFileText } from "../bench/corpus-record.ts";
import { account } from "./sample-cast.ts";
import { clock, type SampleRecord, start } from "./sample-record.ts";

/** One log file of the sample. */
export interface SampleFile {
  readonly path: string;
  readonly text: string;
}

/** Log files as a trail delivers them, and how many records came twice. */
export interface Delivery {
  readonly files: readonly SampleFile[];
  readonly repeated: number;
}

/** Puts records into files of five minutes. Some come one file late, some twice; `late` ones two files late. */
export function deliver(random: Random, records: readonly SampleRecord[], late: ReadonlySet<string>): Delivery {
  const files = new Map<string, { readonly region: string; readonly slot: number; readonly records: SampleRecord[] }>();
  const put = (record: SampleRecord, slot: number): void => {
    const key = `${record.region}/${slot}`;
    const file = files.get(key) ?? { region: record.region, slot, records: [] };
    file.records.push(record);
    files.set(key, file);
  };
  let repeated = 0;
  for (const record of records.toSorted((a, b) => a.at - b.at || (a.eventId < b.eventId ? -1 : 1))) {
    const own = Math.floor((record.at - start) / slotLength);
    const slot = Math.min(own + (late.has(record.eventId) ? 2 : oneInMany(random)), lastSlot);
    put(record, slot);
    if (slot === lastSlot || !random.chance(0.004)) continue;
    put(record, slot + 1);
    repeated++;
  }
  return {
    repeated,
    files: [...files.values()].map((file) => ({
      path: logFilePath(account, file.region, clock((file.slot + 1) * 5), random.id(16)),
      text: logFileText(mixed(random, file.records).map(({ text }) => text)),
    })),
  };
}

const oneInMany = (random: Random): number => (random.chance(0.03) ? 1 : 0);

const slotLength = 5 * 60_000;
const lastSlot = 12;

/** Not in order of time: each record moves a few places. */
const mixed = (random: Random, records: readonly SampleRecord[]): readonly SampleRecord[] =>
  records
    .map((record, index) => ({ record, place: index + random.below(9) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ record }) => record);
