import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach } from "vitest";
import { readLogs } from "../../../adapters/local/log-reader.ts";
import { type LogFile, logFiles } from "../../../adapters/local/log-tree.ts";
import { purposesOf } from "../../../core/flow/purpose.ts";

/** What reading came to, each list sorted, so that two readings can be compared. */
export interface Reading {
  /** One a record: its id, time, account, Region and call. */
  readonly rows: readonly string[];
  readonly ids: readonly string[];
  readonly kept: readonly string[];
  /** `source: reason`, sources below the folder. */
  readonly parked: readonly string[];
  readonly passedOver: readonly string[];
  readonly ignored: number;
  /** As the last progress said. */
  readonly files: number;
}

/** Gives each test of a file a folder of its own, removed after it. */
export function logFolder() {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  return {
    /** Writes files below a new folder and gives its path. */
    write(files: Readonly<Record<string, string | Uint8Array>>): string {
      const folder = mkdtempSync(join(tmpdir(), "cordon-test-"));
      folders.push(folder);
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), content);
      }
      return folder;
    },
  };
}

/** Reads what is below a folder, or some files that are named. */
export async function reading(folder: string, threads = 1, names?: readonly string[]): Promise<Reading> {
  const given = names?.map((name) => ({ shown: name, path: join(folder, name) })) ?? [{ shown: "in", path: folder }];
  const files = [...logFiles(given)].filter((one): one is LogFile => "path" in one);
  const rows: string[] = [];
  const kept: string[] = [];
  const parked: string[] = [];
  const passedOver: string[] = [];
  let [ignored, read] = [0, 0];
  await readLogs(
    files,
    threads,
    { purposes: purposesOf(["s3:GetObject"]), rows: "wanted" },
    {
      trace(_, trace) {
        rows.push(...trace.rows.map((row) => JSON.stringify((JSON.parse(row) as unknown[]).slice(0, -1))));
        kept.push(...trace.kept.map((one) => one.json));
        parked.push(...trace.parked.map(({ source, reason }) => `${source}: ${reason}`));
        ignored += trace.ignored;
      },
      progress(done) {
        read += done;
      },
      passedOver: (shown) => passedOver.push(shown),
    },
  );
  const ids = rows.map((row) => String((JSON.parse(row) as unknown[])[0]));
  return {
    rows: rows.sort(),
    ids: ids.sort(),
    kept: kept.sort(),
    parked: parked.sort(),
    passedOver: passedOver.sort(),
    ignored,
    files: read,
  };
}
