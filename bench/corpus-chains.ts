import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { writeMany } from "./corpus.ts";
import { makeStage } from "./corpus-chain.ts";
import { type CorpusFacts, makeTally } from "./corpus-facts.ts";
import { seededRandom } from "./corpus-random.ts";
import { type ChainCounts, scattered } from "./corpus-scatter.ts";
import { makeWorld } from "./corpus-world.ts";

/** What corpus of chains to make. The same options make the same bytes. */
export interface ChainOptions {
  readonly seed: number;
  readonly directory: string;
  readonly records?: number;
  readonly chains?: number;
  readonly recordsPerFile?: number;
}

/** What it holds. */
export interface ChainFacts extends Readonly<ChainCounts>, Omit<CorpusFacts, "chains" | "chainsByHops"> {
  readonly chains: number;
}

/** The size of `npm run bench -- --chains`. */
export const chainSize = { records: 1_000_000, chains: 20_000, recordsPerFile: 120 } as const;

/** Below the corpus's folder: the log files, and one line of `ChainTruth` for each chain. */
export const logsOf = (directory: string): string => join(directory, "logs");
export const truthOf = (directory: string): string => join(directory, "truth.ndjson");

/** Writes chains of one to five issuing calls over three accounts, and beside the logs what is true of each of them. */
export async function generateChains(options: ChainOptions): Promise<ChainFacts> {
  const { seed, directory } = options;
  const { records, chains, recordsPerFile } = { ...chainSize, ...options };
  const random = seededRandom(seed);
  const stage = makeStage(random, makeWorld(random, { accountCount: 3 }));
  const tally = makeTally();
  const counts: ChainCounts = {
    byHops: [0, 0, 0, 0, 0],
    byOrigin: { "long-term-key": 0, ec2: 0, irsa: 0, "pod-identity": 0, sso: 0, github: 0 },
    crossings: 0,
    childrenFirst: 0,
  };
  await mkdir(logsOf(directory), { recursive: true });
  const truths = createWriteStream(truthOf(directory));
  const files = scattered(
    random,
    { stage, regions: ["us-east-1", "us-west-2", "eu-west-1"], records, chains, recordsPerFile },
    { tally, counts, truth: (truth) => truths.write(`${JSON.stringify(truth)}\n`) },
  );
  await writeMany(logsOf(directory), files, tally);
  await finished(truths.end());
  const { chainsByHops: _, ...facts } = tally.facts();
  return { ...facts, ...counts, chains };
}
