import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { gzipSync } from "node:zlib";
import { seededRandom } from "../bench/corpus-random.ts";
import { cast } from "./sample-cast.ts";
import { deliver, type SampleFile } from "./sample-delivery.ts";
import { envelopes } from "./sample-envelopes.ts";
import { incident } from "./sample-incident.ts";
import { ordinaryHour } from "./sample-traffic.ts";

/** The sample and what it holds. */
export interface Sample {
  readonly files: readonly SampleFile[];
  /** Lines of `events.ndjson`. */
  readonly envelopes: readonly string[];
  readonly facts: SampleFacts;
}

/** What a replay of the sample must count. */
export interface SampleFacts {
  /** Distinct records of ordinary traffic. */
  readonly ordinary: number;
  /** Distinct records of the incident. */
  readonly incident: number;
  /** Records that came in two log files. */
  readonly repeated: number;
  /** Records of the log files that EventBridge delivers too. */
  readonly streamed: number;
  /** EventBridge events that are not records. */
  readonly notices: number;
}

/** The sample incident: an ordinary hour and a prompt-injected agent in it. Always the same. */
export function makeSample(): Sample {
  const random = seededRandom(20_261_120);
  const hour = ordinaryHour(random);
  const actors = cast();
  const [agent, launcher] = ["train-orch", "gpu-launcher"].map((name) => actors.find(({ role }) => role.name === name));
  if (agent === undefined || launcher === undefined)
    throw new Error("sample: train-orch and gpu-launcher must be in the cast (scripts/sample-cast.ts)");
  const story = incident(random, agent, launcher);
  const lines = envelopes(random, story);
  const delivery = deliver(random, [...hour.records, ...story.records], new Set([story.issuing.eventId]));
  return {
    files: delivery.files,
    envelopes: lines,
    facts: {
      ordinary: hour.records.length,
      incident: story.records.length,
      repeated: delivery.repeated,
      streamed: story.streamed.length,
      notices: lines.length - story.streamed.length,
    },
  };
}

/** Writes the sample below a folder, which it empties first; returns the bytes written. */
export async function writeSample(folder: string): Promise<number> {
  const { files, envelopes: lines } = makeSample();
  await rm(folder, { recursive: true, force: true });
  let bytes = 0;
  const write = async (path: string, content: Buffer): Promise<void> => {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
    bytes += content.length;
  };
  for (const { path, text } of files) await write(path, gzipSync(text, { level: 9 }));
  await write("events.ndjson", Buffer.from(`${lines.join("\n")}\n`));
  return bytes;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === import.meta.filename) {
  const folder = resolve(import.meta.dirname, "../examples/sample");
  const bytes = await writeSample(folder);
  const { ordinary, incident: deeds } = makeSample().facts;
  process.stdout.write(`examples/sample: ${ordinary} ordinary records, ${deeds} of the incident, ${bytes} bytes\n`);
}
