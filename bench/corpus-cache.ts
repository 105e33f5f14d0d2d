import { createHash } from "node:crypto";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import process from "node:process";
import { type CorpusOptions, generateCorpus } from "./corpus.ts";
import { type ChainFacts, type ChainOptions, generateChains } from "./corpus-chains.ts";
import { type EstateOptions, generateEstate } from "./corpus-estates.ts";
import type { CorpusFacts } from "./corpus-facts.ts";

/** A corpus on disk and what it holds. */
export interface Cached<Facts> {
  readonly directory: string;
  readonly facts: Facts;
}

/** What to make, and where the cache is; below the working directory `.bench` when nothing is said. */
export type CachedOptions<Options> = Omit<Options, "directory"> & { readonly cache?: string };

/** The corpus of these options: from the cache if the generator has not changed since, otherwise made now. */
export const ensureCorpus = ({ cache, ...options }: CachedOptions<CorpusOptions>): Promise<Cached<CorpusFacts>> =>
  ensure({ kind: options.oneFile === true ? "one-file" : "corpus", cache, options }, (directory) =>
    generateCorpus({ ...options, directory }),
  );

/** The same for a corpus of chains. */
export const ensureChains = ({ cache, ...options }: CachedOptions<ChainOptions>): Promise<Cached<ChainFacts>> =>
  ensure({ kind: "chains", cache, options }, (directory) => generateChains({ ...options, directory }));

/** The same for a company's month. */
export const ensureEstate = ({ cache, ...options }: CachedOptions<EstateOptions>): Promise<Cached<CorpusFacts>> =>
  ensure({ kind: "estate", cache, options }, (directory) => generateEstate({ ...options, directory }));

interface Wanted {
  readonly kind: string;
  readonly cache: string | undefined;
  readonly options: object;
}

async function ensure<Facts>(wanted: Wanted, make: (directory: string) => Promise<Facts>): Promise<Cached<Facts>> {
  const { kind, cache = resolve(process.cwd(), ".bench"), options } = wanted;
  const name = `${kind}-${await keyOf(options)}`;
  const directory = join(cache, name);
  const known = await readFacts<Facts>(join(cache, `${name}.json`));
  if (known !== undefined) return { directory, facts: known };
  const unfinished = `${directory}.${process.pid}.part`;
  await rm(unfinished, { recursive: true, force: true });
  const facts = await make(unfinished);
  await rm(directory, { recursive: true, force: true });
  await rename(unfinished, directory);
  await writeFile(join(cache, `${name}.json`), JSON.stringify(facts));
  return { directory, facts };
}

/** Options and the generator's own sources: another generator is another corpus. */
async function keyOf(options: object): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(Object.entries(options).toSorted()));
  const sources = (await readdir(import.meta.dirname)).filter((file) => /^(corpus|templates).*\.ts$/.test(file));
  for (const file of sources.toSorted()) hash.update(await readFile(join(import.meta.dirname, file)));
  return hash.digest("hex").slice(0, 12);
}

/** The facts are written last: where they are missing, the corpus is not complete. */
async function readFacts<Facts>(path: string): Promise<Facts | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Facts;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
