import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Attribution } from "../core/identity/attribution.ts";
import { type ChainTruth, type Origin, origins } from "./corpus-chain.ts";
import { logsOf, truthOf } from "./corpus-chains.ts";
import { replayed } from "./replayed.ts";

/** How many chains were resolved as they were planted. */
export interface Score {
  readonly chains: number;
  /** The far end of the chain and the number of issuing calls are right. */
  readonly chained: number;
  /** Of these, those whose root's id is right as well. */
  readonly rooted: number;
}

/** What was found out about a corpus of chains. */
export interface Check {
  readonly byOrigin: ReadonlyMap<Origin, Score>;
  /** The first few that went wrong: what was planted, and what was said. */
  readonly wrong: readonly string[];
}

/** Replays a corpus of chains and compares, for the last credential of each, what is said with what was planted. */
export async function checkChains(directory: string, workers: number): Promise<Check> {
  const { state, settlement } = await replayed(logsOf(directory), workers);
  const truths = await truthsOf(directory);
  const said = new Map<string, Attribution[]>();
  for (let number = 0; number < state.principals.count; number++) {
    const { accessKeyId } = state.principals.read(number);
    if (accessKeyId === undefined || !truths.has(accessKeyId)) continue;
    said.set(accessKeyId, [...(said.get(accessKeyId) ?? []), settlement.attributionOf(number)]);
  }
  return scored(truths, said);
}

async function truthsOf(directory: string): Promise<ReadonlyMap<string, ChainTruth>> {
  const truths = new Map<string, ChainTruth>();
  for await (const line of createInterface({ input: createReadStream(truthOf(directory)) })) {
    const truth = JSON.parse(line) as ChainTruth;
    truths.set(truth.key, truth);
  }
  return truths;
}

/** A credential that several principals signed with must be resolved alike for each of them. */
function scored(truths: ReadonlyMap<string, ChainTruth>, said: ReadonlyMap<string, readonly Attribution[]>): Check {
  const counts = new Map(origins.map((origin) => [origin, { chains: 0, chained: 0, rooted: 0 }]));
  const wrong: string[] = [];
  for (const truth of truths.values()) {
    const count = counts.get(truth.origin);
    if (count === undefined) continue;
    const all = said.get(truth.key) ?? [];
    const chained = all.length > 0 && all.every((one) => isChained(one, truth));
    const rooted = chained && all.every(({ root }) => root.id === truth.root);
    count.chains++;
    if (chained) count.chained++;
    if (rooted) count.rooted++;
    else if (wrong.length < 3) wrong.push(`${JSON.stringify(truth)} ${JSON.stringify(all[0] ?? null)}`);
  }
  return { byOrigin: counts, wrong };
}

function isChained({ hops }: Attribution, truth: ChainTruth): boolean {
  const end = hops.at(-1);
  return hops.length === truth.hops + 1 && end?.principal === truth.end && end.eventID === null;
}
