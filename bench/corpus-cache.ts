import { createHash } from "node:crypto";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import process from "node:process";
import { type CorpusOptions, generateCorpus } from "./corpus.ts";
import type { CorpusFacts } from "./corpus-facts.ts";

/** A corpus on disk and what it holds. */
export interface CachedCorpus {
  readonly directory: string;
  readonly facts: CorpusFacts;
}

/** What to make, and where the cache is; below the working directory `.bench` when nothing is said. */
export type CachedOptions = Omit<CorpusOptions, "directory"> & { readonly cache?: string };

/** The corpus of these options: from the cache if the generator has not changed since, otherwise made now. */
export async function ensureCorpus({
  cache = resolve(process.cwd(), ".bench"),
  ...options
}: CachedOptions): Promise<CachedCorpus> {
  const name = `${options.oneFile === true ? "one-file" : "corpus"}-${await keyOf(options)}`;
  const directory = join(cache, name);
  const known = await readFacts(join(cache, `${name}.json`));
  if (known !== undefined) return { directory, facts: known };
  const unfinished = `${directory}.${process.pid}.part`;
  await rm(unfinished, { recursive: true, force: true });
  const facts = await generateCorpus({ ...options, directory: unfinished });
  await rm(directory, { recursive: true, force: true });
  await rename(unfinished, directory);
  await writeFile(join(cache, `${name}.json`), JSON.stringify(facts));
  return { directory, facts };
}

/** Options and the generator's own sources: another generator is another corpus. */
async function keyOf(options: Omit<CorpusOptions, "directory">): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(Object.entries(options).toSorted()));
  const sources = (await readdir(import.meta.dirname)).filter((file) => /^(corpus|templates).*\.ts$/.test(file));
  for (const file of sources.toSorted()) hash.update(await readFile(join(import.meta.dirname, file)));
  return hash.digest("hex").slice(0, 12);
}

/** The facts are written last: where they are missing, the corpus is not complete. */
async function readFacts(path: string): Promise<CorpusFacts | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as CorpusFacts;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
