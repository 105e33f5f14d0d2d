import { type PolicyDocument, parsePolicy } from "../policy.ts";
import { type Fields, fieldsOf, type IamWrite, listOf, type OfResource } from "./iam-change.ts";

/** The policy on a resource at one moment. */
export type OnResource =
  | { readonly kind: "unseen" }
  | {
      readonly kind: "seen";
      /** `part`: the resource was there before the records, and only single statements were seen. */
      readonly extent: "whole" | "part";
      /** Absent: there is none. */
      readonly document?: PolicyDocument;
    }
  | { readonly kind: "unreadable"; readonly because: string };

interface Memory {
  readonly extent: "unseen" | "part" | "whole";
  readonly version: unknown;
  /** By `Sid`; those without one by their place. */
  readonly statements: ReadonlyMap<string, unknown>;
  readonly broken?: string;
}

const bare: Memory = { extent: "whole", version: "2012-10-17", statements: new Map() };

/** What was on a resource after the first `count` writes of its log. */
export function onResource(log: readonly IamWrite[], count: number): OnResource {
  // What a whole policy or a new resource says, it says alone.
  const from = log.slice(0, count).findLastIndex(({ change }) => wholes.has(change.kind));
  let memory: Memory = { ...bare, extent: "unseen" };
  for (let at = Math.max(0, from); at < count; at++) memory = after(memory, changeOf(log[at]));
  const { extent, version, statements, broken } = memory;
  if (broken !== undefined) return { kind: "unreadable", because: broken };
  if (extent === "unseen") return { kind: "unseen" };
  if (statements.size === 0) return extent === "whole" ? { kind: "seen", extent } : { kind: "unseen" };
  const read = parsePolicy({ Version: version, Statement: [...statements.values()] });
  return read.ok ? { kind: "seen", extent, document: read.document } : { kind: "unreadable", because: read.because };
}

const wholes: ReadonlySet<string> = new Set([
  "resource-created",
  "resource-deleted",
  "resource-policy-put",
  "resource-policy-deleted",
] satisfies readonly OfResource["kind"][]);

function after(memory: Memory, change: OfResource | undefined): Memory {
  switch (change?.kind) {
    case "resource-created":
      return change.document === undefined ? bare : put(change.document);
    case "resource-deleted":
    case "resource-policy-deleted":
      return bare;
    case "resource-policy-put":
      return put(change.document);
    case "statement-put": {
      const statements = new Map(memory.statements).set(change.sid, change.statement);
      return { ...memory, extent: memory.extent === "unseen" ? "part" : memory.extent, statements };
    }
    case "statement-deleted": {
      const statements = new Map(memory.statements);
      if (change.sid === undefined) statements.clear();
      else statements.delete(change.sid);
      return { ...memory, extent: memory.extent === "unseen" ? "part" : memory.extent, statements };
    }
    case undefined:
      return memory;
  }
}

function put(document: unknown): Memory {
  const read = parsePolicy(document);
  if (!read.ok) return { ...bare, broken: read.because };
  const raw = rawOf(document);
  const given = Array.isArray(raw["Statement"]) ? listOf(raw["Statement"]) : [raw["Statement"]];
  const statements = given.map((one, at) => [sidOf(one) ?? `#${at}`, one] as const);
  return { extent: "whole", version: raw["Version"], statements: new Map(statements) };
}

/** It was read before, so one of the spellings is JSON. */
function rawOf(document: unknown): Fields {
  if (typeof document !== "string") return fieldsOf(document);
  try {
    return fieldsOf(JSON.parse(document));
  } catch {
    return fieldsOf(JSON.parse(decodeURIComponent(document)));
  }
}

function sidOf(statement: unknown): string | undefined {
  const sid = fieldsOf(statement)["Sid"];
  return typeof sid === "string" && sid !== "" ? sid : undefined;
}

const changeOf = (write: IamWrite | undefined): OfResource | undefined =>
  write !== undefined && "resource" in write.change ? write.change : undefined;
