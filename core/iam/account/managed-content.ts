import type { PolicyDocument } from "../policy.ts";
import { readDocument } from "./held-identity.ts";
import type { IamWrite, OfManagedPolicy } from "./iam-change.ts";

/** What a managed policy says at one moment: its default version. */
export type Content =
  | { readonly kind: "unseen" }
  | { readonly kind: "gone" }
  | {
      readonly kind: "there";
      /** The default version's id, where it is known. */
      readonly version?: string;
      readonly text?: unknown;
      /** Absent where the text of that version was not seen or is not readable. */
      readonly document?: PolicyDocument;
    };

/** What an account state said of a policy. */
export interface PolicyAnchor {
  readonly version: string;
  readonly text: unknown;
  readonly document: PolicyDocument;
  /** The account state is not older than this. */
  readonly asOf: number;
}

/** So many versions of a policy are there at once (IAM quotas); more are remembered than that, and not all there ever were. */
const mostVersions = 16;

interface Memory {
  readonly chosen: string | undefined;
  readonly gone: boolean;
  readonly texts: ReadonlyMap<string, unknown>;
}

/** What a policy said before each write of its log and after the last: one more than there are writes. */
export function contentStates(log: readonly IamWrite[], anchor: PolicyAnchor | undefined): readonly Content[] {
  const included =
    anchor === undefined
      ? 0
      : log.findLastIndex((one) => one.at <= anchor.asOf || versionOf(changeOf(one)) === anchor.version) + 1;
  const states: Content[] = [];
  let memory: Memory = { chosen: undefined, gone: false, texts: new Map() };
  for (let at = 0; at <= log.length; at++) {
    // What the log told before stays true before; from here on the account state knows.
    if (anchor !== undefined && at === included)
      memory = { chosen: anchor.version, gone: false, texts: remembering(memory.texts, anchor.version, anchor.text) };
    states.push(contentOf(memory));
    memory = after(memory, log[at]);
  }
  return states;
}

function contentOf({ chosen, gone, texts }: Memory): Content {
  if (gone) return { kind: "gone" };
  if (chosen === undefined) return { kind: "unseen" };
  const text = texts.get(chosen);
  const read = text === undefined ? undefined : readDocument(text);
  return { kind: "there", version: chosen, ...(read?.ok ? { text, document: read.document } : {}) };
}

function after(memory: Memory, write: IamWrite | undefined): Memory {
  const change = changeOf(write);
  if (write === undefined || change === undefined) return memory;
  switch (change.kind) {
    case "policy-created":
      return { chosen: "v1", gone: false, texts: new Map([["v1", change.document]]) };
    case "version-created": {
      // The answer names the version; without it, the event does.
      const version = change.version ?? write.id;
      const texts = remembering(memory.texts, version, change.document);
      return { chosen: change.isDefault ? version : memory.chosen, gone: false, texts };
    }
    case "default-set":
      return { ...memory, gone: false, chosen: change.version };
    case "version-deleted": {
      const texts = new Map(memory.texts);
      texts.delete(change.version);
      return { ...memory, texts };
    }
    case "policy-deleted":
      return { chosen: undefined, gone: true, texts: new Map() };
  }
}

function remembering(
  texts: ReadonlyMap<string, unknown>,
  version: string,
  text: unknown,
): ReadonlyMap<string, unknown> {
  const more = new Map(texts);
  more.delete(version);
  const oldest = more.size >= mostVersions ? more.keys().next().value : undefined;
  if (oldest !== undefined) more.delete(oldest);
  return more.set(version, text);
}

const versionOf = (change: OfManagedPolicy | undefined): string | undefined =>
  change?.kind === "version-created" || change?.kind === "default-set" ? change.version : undefined;

function changeOf(write: IamWrite | undefined): OfManagedPolicy | undefined {
  return write !== undefined && "policy" in write.change && !("identity" in write.change) ? write.change : undefined;
}
