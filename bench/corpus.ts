import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { createGzip, gzip } from "node:zlib";
import { type CorpusFacts, makeTally, type Tally } from "./corpus-facts.ts";
import { seededRandom } from "./corpus-random.ts";
import { logFileText } from "./corpus-record.ts";
import { type LogFile, traffic } from "./corpus-traffic.ts";
import { makeWorld } from "./corpus-world.ts";

/** What corpus to make. The same options make the same bytes. */
export interface CorpusOptions {
  readonly seed: number;
  readonly directory: string;
  readonly files?: number;
  /** The mean; file sizes are long-tailed. */
  readonly recordsPerFile?: number;
  /** Multiplies the number of files. */
  readonly scale?: number;
  /** Everything in one file of one account and Region instead of many. */
  readonly oneFile?: boolean;
}

/** The size of `npm run bench`: about 220,000 records and 400 MB in 3,300 files. */
export const benchSize = { files: 3_300, recordsPerFile: 67 } as const;

/** One big file: about 110,000 records and 200 MB. */
export const oneFileSize = { files: 1_650, recordsPerFile: 67 } as const;

/** Writes a corpus below a directory and says what it planted. Memory does not grow with the size. */
export async function generateCorpus(options: CorpusOptions): Promise<CorpusFacts> {
  const { seed, directory, oneFile = false } = options;
  const size = oneFile ? oneFileSize : benchSize;
  const random = seededRandom(seed);
  const world = makeWorld(random, { accountCount: oneFile ? 1 : 12 });
  const tally = makeTally();
  const files = traffic(
    random,
    {
      world,
      regions: oneFile ? ["us-east-1"] : ["us-east-1", "us-west-2", "eu-west-1"],
      files: Math.round((options.files ?? size.files) * (options.scale ?? 1)),
      recordsPerFile: options.recordsPerFile ?? size.recordsPerFile,
      secondsPerFile: oneFile ? 20 : 300,
    },
    tally,
  );
  await mkdir(directory, { recursive: true });
  await (oneFile ? writeOne(directory, files, tally) : writeMany(directory, files, tally));
  return tally.facts();
}

const compress = promisify(gzip);
const level = 4;

/** Writes gzip files. Compression runs beside the making of the next files; a few are under way at any time. */
export async function writeMany(directory: string, files: Iterable<LogFile>, tally: Tally): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const folders = new Set<string>();
  for (const { path, records } of files) {
    const target = join(directory, path);
    const folder = dirname(target);
    if (!folders.has(folder)) await mkdir(folder, { recursive: true });
    folders.add(folder);
    const job = writeFileOf(target, records, tally).finally(() => underWay.delete(job));
    underWay.add(job);
    if (underWay.size >= 4) await Promise.race(underWay);
  }
  await Promise.all(underWay);
}

async function writeFileOf(target: string, records: readonly string[], tally: Tally): Promise<void> {
  const bytes = Buffer.from(logFileText(records));
  const packed = await compress(bytes, { level });
  await writeFile(target, packed);
  tally.addFile(bytes.length, packed.length);
}

/** The name of the file is that of the first batch. */
async function writeOne(directory: string, batches: Iterable<LogFile>, tally: Tally): Promise<void> {
  let zip: ReturnType<typeof createGzip> | undefined;
  let written: Promise<unknown> | undefined;
  let file: ReturnType<typeof createWriteStream> | undefined;
  let bytes = 0;
  const write = async (text: string): Promise<void> => {
    const chunk = Buffer.from(text);
    bytes += chunk.length;
    if (zip !== undefined && !zip.write(chunk)) await once(zip, "drain");
  };
  for (const { path, records } of batches) {
    if (file === undefined) {
      const target = join(directory, path);
      await mkdir(dirname(target), { recursive: true });
      file = createWriteStream(target);
      zip = createGzip({ level });
      zip.pipe(file);
      written = once(file, "finish");
      await write('{"Records":[');
    } else await write(",");
    await write(records.join(","));
  }
  await write("]}");
  zip?.end();
  await written;
  tally.addFile(bytes, file?.bytesWritten ?? 0);
}
