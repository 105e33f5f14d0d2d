import { open } from "node:fs/promises";
import type { Json } from "../../core/event/json.ts";
import type { ParsedFile } from "../../core/flow/suggest/owner-terraform.ts";

/** A larger file is refused: a state of ten thousand resources has some tens of megabytes. */
export const ownerFileLimit = 268_435_456;

/** What could not be read, and why. */
export interface Unread {
  readonly file: string;
  readonly because: string;
}

/** Reads JSON files, named as the person wrote them. */
export async function readOwnerFiles(
  paths: readonly { readonly path: string; readonly shown: string }[],
): Promise<{ readonly files: readonly ParsedFile[]; readonly unread: readonly Unread[] }> {
  const files: ParsedFile[] = [];
  const unread: Unread[] = [];
  for (const { path, shown } of paths) {
    const read = await jsonOf(path);
    if ("because" in read) unread.push({ file: shown, because: read.because });
    else files.push({ file: shown, value: read.value });
  }
  return { files, unread };
}

async function jsonOf(path: string): Promise<{ readonly value: Json } | { readonly because: string }> {
  try {
    const handle = await open(path);
    try {
      const { size } = await handle.stat();
      if (size > ownerFileLimit) return { because: `is larger than ${ownerFileLimit} bytes` };
      const text = (await handle.readFile("utf8")).replace(/^\ufeff/, "");
      return parsed(text);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    return {
      because: `cannot be read (${cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable"})`,
    };
  }
}

function parsed(text: string): { readonly value: Json } | { readonly because: string } {
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return { because: "is not JSON" };
  }
}
