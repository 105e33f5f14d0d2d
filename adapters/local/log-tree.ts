import { lstatSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** One file to read. `given` is true when the person named it, false when it was met inside a folder. */
export interface LogFile {
  /** The path as given, or below the folder as given: what messages and `source` show. */
  readonly shown: string;
  readonly path: string;
  readonly bytes: number;
  readonly given: boolean;
}

/** Something that was named and cannot be read. */
export interface Unreadable {
  readonly shown: string;
  readonly because: string;
}

/** Something met inside a folder that is not read, with the reason. */
export interface PassedOver {
  readonly shown: string;
  readonly passedOver: string;
}

export type Met = LogFile | Unreadable | PassedOver;

/** Every file below the given paths, in a stable order. Links are followed when they were named, never inside a folder. */
export function* logFiles(paths: readonly { shown: string; path: string }[]): Generator<Met> {
  for (const { shown, path } of paths) {
    try {
      const status = statSync(path);
      if (status.isDirectory()) yield* below(shown, path);
      else yield { shown, path, bytes: status.size, given: true };
    } catch {
      yield { shown, because: "there is no such file or folder, or it cannot be read" };
    }
  }
}

function* below(shown: string, folder: string): Generator<Met> {
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch {
    yield { shown, because: "the folder cannot be read" };
    return;
  }
  for (const name of names) {
    if (isPullsOwn(name)) continue;
    const path = join(folder, name);
    const inside = `${shown.replace(/\/+$/, "")}/${name}`;
    const status = lstatSync(path, { throwIfNoEntry: false });
    if (status === undefined) {
      yield { shown: inside, because: "it was removed while its folder was read" };
      continue;
    }
    if (status.isDirectory()) yield* below(inside, path);
    // One text where both are equal: there may be a hundred thousand of them.
    else if (status.isFile())
      yield { shown: inside, path: path === inside ? inside : path, bytes: status.size, given: false };
    else yield { shown: inside, passedOver: status.isSymbolicLink() ? "links are not followed" : "not a file" };
  }
}

/** What `cordon pull` keeps beside the records: its state, and downloads that are not finished. */
const isPullsOwn = (name: string): boolean => name === ".cordon-pull";
