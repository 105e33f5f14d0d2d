import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { AccountState } from "../../core/iam/account/account-model.ts";
import type { AccountProblem } from "../../core/iam/account/account-reader.ts";
import { type AccountFile, readAccountState } from "../../core/iam/account/account-state.ts";

/** Larger ones are refused: a large account's answer has some tens of megabytes. */
export const accountLimits = { files: 1_000, bytes: 268_435_456 } as const;

const unzip = promisify(gunzip);

/** A path as it is opened and as the person wrote it. */
export interface AccountPath {
  readonly path: string;
  readonly shown: string;
}

export interface LoadedAccounts {
  readonly state: AccountState;
  readonly problems: readonly AccountProblem[];
  /** Of the problems, those of a path that was named and of which nothing could be read. */
  readonly unread: readonly AccountProblem[];
}

/**
 * Reads the answers of `aws iam get-account-authorization-details` from files, plain or gzip, or from the `.json` and
 * `.json.gz` files of a folder and the folders in it. What cannot be read is named; the rest counts.
 */
export async function loadAccountState(paths: readonly AccountPath[]): Promise<LoadedAccounts> {
  const files: AccountFile[] = [];
  const problems: AccountProblem[] = [];
  const fail = (file: string, message: string): void => void problems.push({ file, path: "", message });
  const found: AccountPath[] = [];
  for (const one of paths) found.push(...(await filesOf(one, fail)));
  if (found.length > accountLimits.files)
    fail(found[0]?.shown ?? "", `more than ${accountLimits.files} files: split them`);
  for (const { path, shown } of found.slice(0, accountLimits.files)) {
    const text = await textOf(path).catch((cause: unknown) => fail(shown, `cannot be read (${reasonOf(cause)})`));
    if (text === undefined) continue;
    try {
      files.push({ file: shown, value: JSON.parse(text) });
    } catch {
      fail(shown, "is not JSON");
    }
  }
  const read = readAccountState(files);
  const named = new Set(paths.map(({ shown }) => shown));
  const unread = problems.filter(({ file }) => named.has(file) && !files.some((one) => one.file === file));
  return { state: read.state, problems: [...problems, ...read.problems], unread };
}

async function filesOf(
  { path, shown }: AccountPath,
  fail: (file: string, message: string) => void,
): Promise<readonly AccountPath[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [{ path, shown }];
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const names = entries
      .filter((one) => one.isFile() && /\.json(?:\.gz)?$/.test(one.name))
      .map((one) => join(one.parentPath, one.name))
      .sort();
    if (names.length === 0) fail(shown, "the folder has no .json or .json.gz file");
    return names.map((name) => ({ path: name, shown: `${shown}${name.slice(path.length)}` }));
  } catch (cause) {
    fail(shown, `cannot be read (${reasonOf(cause)})`);
    return [];
  }
}

async function textOf(path: string): Promise<string> {
  const bytes = await readFile(path);
  const plain =
    bytes[0] === 0x1f && bytes[1] === 0x8b ? await unzip(bytes, { maxOutputLength: accountLimits.bytes }) : bytes;
  if (plain.length > accountLimits.bytes) throw Object.assign(new Error(), { code: "too large" });
  return plain.toString("utf8").replace(/^\ufeff/, "");
}

const reasonOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
