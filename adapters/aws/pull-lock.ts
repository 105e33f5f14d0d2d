import { rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { Fault } from "../../core/fault.ts";

/**
 * Holds a folder until the answer is called. The lock is the operating system's, taken by SQLite: it ends with the process
 * however that dies, which a process id in a file does not (ids come back, and in a container the dead may stay).
 */
export function lockFolder(path: string, root: string): () => Promise<void> {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path);
    db.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  } catch (cause) {
    if (db?.isOpen === true) db.close();
    throw lockFault(cause, path, root);
  }
  const held = db;
  return async () => {
    await rm(path, { force: true });
    held.close();
  };
}

/** https://www.sqlite.org/rescode.html#busy */
const busy = 5;

function lockFault(cause: unknown, path: string, root: string): unknown {
  if (!(cause instanceof Error && "errcode" in cause)) return cause;
  if (cause.errcode === busy)
    return new Fault("conflict", `another cordon pull is filling ${root}; wait for it, or choose another -o`, {
      cause,
    });
  return new Fault(
    "misconfigured",
    `${path} cannot be locked (${cause.message}); check the path of -o and its rights`,
    {
      cause,
    },
  );
}
