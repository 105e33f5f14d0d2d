import { Fault, type FaultCode } from "../../core/fault.ts";

interface Meaning {
  readonly code: FaultCode;
  readonly says: string;
}

/** SQLite's primary result codes (sqlite.org/rescode.html) that a store can meet, and what the person can do. */
const results: ReadonlyMap<number, Meaning> = new Map([
  [5, { code: "conflict", says: "is in use by another process; wait until it ends, or give another --store file" }],
  [6, { code: "conflict", says: "is in use by another part of this process; close it there first" }],
  [8, { code: "misconfigured", says: "is read-only; make it and its folder writable, or give another --store file" }],
  [10, { code: "unreachable", says: "could not be read or written by the disk; check the disk and try again" }],
  [
    11,
    { code: "misconfigured", says: "is damaged; keep it as evidence and restore a copy, or give another --store file" },
  ],
  [
    13,
    { code: "full", says: "cannot grow: the disk is full; free some space and run again, nothing was half written" },
  ],
  [14, { code: "misconfigured", says: "cannot be opened; check that its folder exists and may be written" }],
  [23, { code: "denied", says: "may not be used like this; check its permissions" }],
  [26, { code: "misconfigured", says: "is not a Cordon store; give another --store file, this one was not touched" }],
]);

/** What the file system answers before SQLite is asked. */
const system: ReadonlyMap<string, Meaning> = new Map([
  ["ENOENT", { code: "misconfigured", says: "cannot be made: its folder does not exist; make the folder first" }],
  ["ENOTDIR", { code: "misconfigured", says: "cannot be made: a part of its path is a file; check the path" }],
  ["EISDIR", { code: "misconfigured", says: "is a folder; give a file" }],
  ["EACCES", { code: "denied", says: "may not be written; check the permissions of the file and its folder" }],
  ["EPERM", { code: "denied", says: "may not be written; check the permissions of the file and its folder" }],
  ["EROFS", { code: "misconfigured", says: "lies on a read-only disk; give another --store file" }],
  ["ENOSPC", { code: "full", says: "cannot grow: the disk is full; free some space and run again" }],
]);

/** Turns what SQLite or the file system threw into a Fault naming the file. Anything else is a bug and stays what it is. */
export function toFault(cause: unknown, file: string, doing: "open" | "read" | "write" | "close"): unknown {
  if (!(cause instanceof Error) || cause instanceof Fault) return cause;
  const { code, errcode } = cause as Error & { readonly code?: unknown; readonly errcode?: unknown };
  const meaning =
    code === "ERR_SQLITE_ERROR" && typeof errcode === "number"
      ? results.get(errcode & 0xff)
      : system.get(typeof code === "string" ? code : "");
  return meaning === undefined ? cause : new Fault(meaning.code, `${file} ${meaning.says} (${doing})`, { cause });
}
