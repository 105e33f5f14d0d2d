import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { textAt } from "../../core/event/located.ts";
import { parseYaml, yamlLimits } from "./yaml.ts";

/** A file to write: a draft manifest under its name. */
export interface DraftFile {
  readonly name: string;
  readonly text: string;
}

/** A file that stands in the way, and what to do. */
export interface InTheWay {
  readonly file: string;
  readonly because: string;
}

export const fileOf = (name: string): string => `${name}.yaml`;

/** What must not be overwritten: whatever is no draft, and drafts unless `over` says so. */
export async function inTheWay(
  folder: string,
  drafts: readonly DraftFile[],
  over: "drafts" | "nothing",
): Promise<readonly InTheWay[]> {
  const found: InTheWay[] = [];
  for (const { name } of drafts) {
    const file = fileOf(name);
    const standing = await standingAt(join(folder, file));
    if (standing === "other") found.push({ file, because: "is no draft, and stays: move it or choose another folder" });
    else if (standing === "draft" && over === "nothing")
      found.push({ file, because: "is a draft that is there already: --force replaces it" });
  }
  return found;
}

/** Writes them all, each whole or not at all. */
export async function writeDrafts(folder: string, drafts: readonly DraftFile[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, text } of drafts) {
    const file = join(folder, fileOf(name));
    const half = join(folder, `.${name}.${randomBytes(6).toString("hex")}`);
    try {
      await writeFile(half, text, { flag: "wx" });
      // Renaming replaces a link itself, never what it points to.
      await rename(half, file);
    } catch (cause) {
      await rm(half, { force: true });
      throw cause;
    }
  }
}

async function standingAt(path: string): Promise<"nothing" | "draft" | "other"> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const status = await handle.stat();
      if (!status.isFile() || status.size > yamlLimits.bytes) return "other";
      return isDraft(path, await handle.readFile("utf8")) ? "draft" : "other";
    } finally {
      await handle.close();
    }
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "ENOENT" ? "nothing" : "other";
  }
}

/** Every document of the file is a workload's draft. */
function isDraft(path: string, text: string): boolean {
  const read = parseYaml(path, text);
  return (
    read.ok &&
    read.documents.length > 0 &&
    read.documents.every((one) => textAt(one, "kind") === "Workload" && textAt(one, "metadata", "status") === "draft")
  );
}
