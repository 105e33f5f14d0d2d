import { createHash } from "node:crypto";
import { mkdir, open, readFile, realpath, rename, rmdir, stat } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { Fault } from "../../core/fault.ts";
import type { PulledFolder, PullState, Unfinished } from "../../core/flow/pull/pull-folder.ts";
import { lockFolder } from "./pull-lock.ts";
import { printState, readState, readUnfinished, stateNote } from "./pull-state.ts";

/** A folder on this disk that one pull at a time fills; close it, so that the next may. */
export interface OpenFolder extends PulledFolder {
  close(): Promise<void>;
}

/** Beside the fetched files, in a folder that replay passes over because its name begins with a dot. */
const own = ".cordon-pull";

/** Opens or makes the folder; refuses when another pull is filling it, or when a newer version of cordon has. */
export async function openFolder(root: string): Promise<OpenFolder> {
  await onDisk(root, () => mkdir(join(root, own), { recursive: true }));
  const real = await realpath(root);
  const unlock = lockFolder(join(root, own, "lock"), root);
  const safe = new Set<string>();
  const statePath = join(root, own, "state");
  const placePath = join(root, own, "unfinished");
  let state = await remembered(statePath, placePath).catch(async (cause: unknown) => {
    await unlock();
    throw cause;
  });
  const partOf = (path: string): string =>
    join(root, own, `${createHash("sha256").update(path).digest("hex").slice(0, 32)}.part`);

  /** The file's path, once its folder is known to lie in this folder also when links are followed. */
  const target = async (path: string): Promise<string> => {
    const folder = dirname(join(root, path));
    if (!safe.has(folder)) {
      await onDisk(folder, () => mkdir(folder, { recursive: true }));
      if (!`${await realpath(folder)}${sep}`.startsWith(`${real}${sep}`))
        throw new Fault(
          "misconfigured",
          `${folder} is a link that leads out of ${root}; remove the link and run again`,
        );
      safe.add(folder);
    }
    return join(root, path);
  };

  return {
    async remembered() {
      return state;
    },
    async remember(next) {
      if (next.objects !== state.objects || next.settled !== state.settled) await replace(statePath, printState(next));
      if (next.unfinished !== state.unfinished) await replace(placePath, printUnfinished(next.unfinished));
      state = next;
    },
    async sizeOf(path) {
      const found = await present(join(root, path));
      return found?.isFile() === true ? found.size : undefined;
    },
    async write(path, content, size) {
      const file = await target(path);
      const part = partOf(path);
      await onDisk(file, async () => {
        await fill(part, content, size, path);
        await rename(part, file);
      });
    },
    async partialSize(path) {
      return (await present(partOf(path)))?.size ?? 0;
    },
    async extend(path, bytes, content) {
      const part = partOf(path);
      return onDisk(part, async () => {
        const file = await open(part, "a");
        try {
          await file.truncate(bytes);
          await file.appendFile(content);
          await file.datasync();
        } finally {
          await file.close();
        }
        return bytes + content.length;
      });
    },
    async finish(path) {
      const file = await target(path);
      await onDisk(file, () => rename(partOf(path), file));
    },
    async close() {
      await unlock();
      // A pull that was declined leaves nothing behind; folders with something in them stay.
      for (const folder of [join(root, own), root]) await rmdir(folder).catch(() => undefined);
    },
  };
}

async function remembered(statePath: string, placePath: string): Promise<PullState> {
  return { ...readState(await text(statePath), statePath), unfinished: readUnfinished(await text(placePath)) };
}

async function fill(part: string, content: AsyncIterable<Uint8Array>, size: number, path: string): Promise<void> {
  const file = await open(part, "w");
  let bytes = 0;
  try {
    for await (const chunk of content) {
      bytes += chunk.length;
      if (bytes > size) throw new Fault("conflict", `${path} is longer than the ${size} bytes that were listed`);
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  if (bytes < size)
    throw new Fault("unreachable", `${path} ended after ${bytes} of ${size} bytes; run the command again`);
}

/** Replaces a file in one step: a crash leaves the old or the new content, never a mixture. */
async function replace(path: string, content: string): Promise<void> {
  await onDisk(path, async () => {
    const file = await open(`${path}.new`, "w");
    try {
      await file.writeFile(content);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  });
}

const printUnfinished = (unfinished: Unfinished | undefined): string =>
  `${stateNote}${unfinished === undefined ? "" : JSON.stringify(unfinished)}\n`;

async function text(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return "";
    throw diskFault(cause, path);
  }
}

async function present(path: string) {
  try {
    return await stat(path);
  } catch (cause) {
    if (codeOf(cause) === "ENOENT" || codeOf(cause) === "ENOTDIR") return undefined;
    throw diskFault(cause, path);
  }
}

async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw diskFault(cause, path);
  }
}

function diskFault(cause: unknown, path: string): unknown {
  const code = codeOf(cause);
  if (cause instanceof Fault || code === undefined) return cause;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new Fault("full", `the disk of ${path} is full; make room and run the same command again, it goes on`, {
      cause,
    });
  return new Fault("misconfigured", `${path} cannot be written (${code}); check the path of -o and its rights`, {
    cause,
  });
}

const codeOf = (cause: unknown): string | undefined =>
  cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
