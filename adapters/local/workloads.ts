import { constants } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { type Located, type Problem, problemAt } from "../../core/event/located.ts";
import { type Manifests, readManifests } from "../../core/identity/manifest/manifest.ts";
import { parseYaml, yamlLimits } from "./yaml.ts";

const extensions: ReadonlySet<string> = new Set([".yaml", ".yml", ".json"]);

/** What a folder of manifests may hold. */
export const folderLimits = { files: 10_000, bytes: 67_108_864, depth: 16 } as const;

/**
 * Reads every `*.yaml`, `*.yml` and `*.json` of a folder and the folders in it: all that is declared, or all that is
 * wrong in any file. Links are not followed, and a link is an error rather than a manifest that silently is not there.
 * Files are named in messages and claims as below `shown`, the folder as the person wrote it.
 */
export async function loadWorkloads(folder: string, shown: string = folder): Promise<Manifests> {
  const named = (file: string): string => (file.startsWith(folder) ? `${shown}${file.slice(folder.length)}` : file);
  const problems: Problem[] = [];
  const documents: Located[] = [];
  const files = await listed(folder, 0, problems);
  if (files.length > folderLimits.files)
    problems.push(atStart(folder, `holds more than ${folderLimits.files} manifests: split the folder`));
  let bytes = 0;
  for (const file of files.slice(0, folderLimits.files)) {
    const text = await textOf(file, problems);
    if (text === undefined) continue;
    bytes += text.length;
    if (bytes > folderLimits.bytes) {
      problems.push(
        atStart(file, `the manifests read so far are larger than ${folderLimits.bytes} bytes: split the folder`),
      );
      break;
    }
    const parsed = parseYaml(named(file), text);
    if (parsed.ok) documents.push(...parsed.documents);
    else problems.push(...parsed.problems);
  }
  return readManifests(
    documents,
    problems.map((one) => ({ ...one, file: named(one.file) })),
  );
}

const atStart = (file: string, message: string): Problem => problemAt({ file, line: 1, column: 1 }, message);

/** Sorted, so that messages and the registry do not depend on the file system. Names that begin with a dot are not read. */
async function listed(folder: string, depth: number, problems: Problem[]): Promise<readonly string[]> {
  if (depth > folderLimits.depth) {
    problems.push(atStart(folder, `folders are nested deeper than ${folderLimits.depth} levels`));
    return [];
  }
  const found = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    problems.push(atStart(folder, unreadable(cause, "a folder of manifests")));
    return [];
  });
  const files: string[] = [];
  for (const one of found.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, one.name);
    if (one.name.startsWith(".")) continue;
    if (one.isDirectory()) files.push(...(await listed(path, depth + 1, problems)));
    else if (one.isSymbolicLink())
      problems.push(atStart(path, "is a symbolic link, which is not followed: put the file itself here"));
    else if (extensions.has(extname(one.name).toLowerCase())) files.push(path);
  }
  return files;
}

async function textOf(file: string, problems: Problem[]): Promise<string | undefined> {
  // Opened without following a link and without waiting for a pipe's writer; judged by what was opened, not by its name.
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (cause: NodeJS.ErrnoException) => {
      problems.push(atStart(file, unreadable(cause, "a file")));
      return undefined;
    },
  );
  if (handle === undefined) return undefined;
  try {
    const status = await handle.stat();
    if (!status.isFile()) problems.push(atStart(file, "is not a regular file: put the file itself here"));
    else if (status.size > yamlLimits.bytes)
      problems.push(atStart(file, `is larger than ${yamlLimits.bytes} bytes: split it`));
    else return new TextDecoder("utf-8", { fatal: true }).decode(await handle.readFile());
    return undefined;
  } catch (cause) {
    problems.push(atStart(file, unreadable(cause, "a file in UTF-8")));
    return undefined;
  } finally {
    await handle.close();
  }
}

function unreadable(cause: unknown, wanted: string): string {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
  return `cannot be read as ${wanted} (${code}): check that it is there, readable and in UTF-8`;
}
