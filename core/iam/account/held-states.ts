import {
  changed,
  type Held,
  type HeldIdentity,
  heldAfter,
  including,
  readDocument,
  unseen,
  withoutInline,
  withoutKeys,
  withoutTrust,
} from "./held-identity.ts";
import type { IamWrite, OfIdentity } from "./iam-change.ts";
import { identityKey, type WriteKey } from "./write-key.ts";

/** What an account state or IAM itself said of an identity, and how many writes of its log were in it by then. */
export interface Anchor {
  readonly identity: HeldIdentity;
  readonly included: number;
}

/** What another identity held when it was renamed to this one. */
export type HeldUnder = (arn: string, write: IamWrite) => Held;

interface Told {
  readonly key: WriteKey;
  readonly anchor: Anchor | undefined;
  readonly heldUnder: HeldUnder;
}

/**
 * What an identity held before each write of its log and after the last: one more than there are writes. Forward from
 * its creation or from what was told; backward from what was told later, where a write can be taken back.
 */
export function heldStates(log: readonly IamWrite[], { key, anchor, heldUnder }: Told): readonly Held[] {
  const states: Held[] = [unseen];
  const forward = (from: number, to: number): void => {
    for (let at = from; at < to; at++) states[at + 1] = after(states[at] ?? unseen, log[at], { key, heldUnder });
  };
  forward(0, log.length);
  if (anchor === undefined) return states;
  const { included } = anchor;
  const earlier = earlierOfSlot(log);
  states[included] = { kind: "there", identity: anchor.identity };
  forward(included, log.length);
  for (let at = included - 1; at >= 0; at--) {
    const change = changeOf(log[at]);
    // What came before its creation was another identity; after it, the log alone tells everything.
    if (change === undefined || change.kind === "created" || change.kind === "deleted" || change.kind === "renamed")
      break;
    states[at] = before(states[at + 1] ?? unseen, change, earlier[at]);
  }
  const made = log.slice(0, included).findLastIndex((one) => changeOf(one)?.kind === "created");
  if (made >= 0) forward(made, included);
  states[included] = { kind: "there", identity: anchor.identity };
  return states;
}

/** How many writes of a log an account state has in it: those up to its own time, and those whose effect it shows. */
export function includedIn(identity: HeldIdentity, log: readonly IamWrite[], asOf: number): number {
  const shown = log.findLastIndex((one) => one.at <= asOf || shows(identity, changeOf(one)));
  return shown + 1;
}

function shows({ id, attached, inline, groups, boundary }: HeldIdentity, change: OfIdentity | undefined): boolean {
  switch (change?.kind) {
    case "created":
      return change.id !== undefined && change.id === id;
    case "attached":
      return attached.includes(change.policy);
    case "joined":
      return groups.includes(change.group);
    case "boundary-put":
      return boundary.kind === "policy" && boundary.arn === change.policy;
    case "inline-put": {
      const held = inline.find((one) => one.name === change.name);
      const read = held && readDocument(change.document);
      return read?.ok === true && JSON.stringify(read.document) === JSON.stringify(held?.document);
    }
    default:
      return false;
  }
}

function after(state: Held, write: IamWrite | undefined, told: Pick<Told, "key" | "heldUnder">): Held {
  const change = changeOf(write);
  if (write === undefined || change === undefined) return state;
  if (change.kind !== "renamed") return heldAfter(state, change);
  const [from, to] = [identityKey(change.identity), identityKey(change.to)];
  if (from !== to && told.key === from) return { kind: "gone" };
  const known = from === to ? state : told.heldUnder(change.identity, write);
  return heldAfter(known, change);
}

/** What was held before a change, as far as it can be taken back; what cannot makes it known in part. */
const before = (state: Held, change: Reversible, earlier: OfIdentity | undefined): Held =>
  state.kind === "there" ? { kind: "there", identity: takenBack(state.identity, change, earlier) } : state;

type Reversible = Exclude<OfIdentity, { kind: "created" | "deleted" | "renamed" }>;

/** `earlier` is the last change of the same policy, boundary, trust or duration before this one: it says again what was there. */
function takenBack(held: HeldIdentity, change: Reversible, earlier: OfIdentity | undefined): HeldIdentity {
  const replayed = (otherwise: HeldIdentity): HeldIdentity =>
    earlier === undefined || earlier.kind === "created" || earlier.kind === "deleted"
      ? otherwise
      : changed(held, earlier);
  switch (change.kind) {
    case "attached":
      return { ...held, attached: held.attached.filter((one) => one !== change.policy) };
    case "detached":
      return { ...held, attached: including(held.attached, change.policy) };
    case "joined":
      return { ...held, groups: held.groups.filter((one) => one !== change.group) };
    case "left":
      return { ...held, groups: including(held.groups, change.group) };
    case "inline-put":
    case "inline-deleted": {
      const bare = withoutInline(held, change.name);
      const unread = change.kind === "inline-deleted" ? [...bare.unread, change.name] : bare.unread;
      return replayed({ ...held, ...bare, unread, extent: "part" });
    }
    case "boundary-put":
    case "boundary-deleted":
      return replayed({ ...held, boundary: { kind: "unknown" } });
    case "trust-put":
      return replayed({ ...withoutTrust(held), extent: "part" });
    case "tagged":
      return { ...held, tags: withoutKeys(held.tags, Object.keys(change.tags)) };
    case "untagged":
      return held;
    case "session-set": {
      const { maxSessionSeconds: _, ...rest } = held;
      return replayed(rest);
    }
  }
}

/** For each write, the last one before it that set the same thing. */
function earlierOfSlot(log: readonly IamWrite[]): readonly (OfIdentity | undefined)[] {
  const last = new Map<string, OfIdentity>();
  return log.map((write) => {
    const change = changeOf(write);
    const slot = change && slotOf(change);
    if (change === undefined || slot === undefined) return undefined;
    const found = last.get(slot);
    last.set(slot, change);
    return found;
  });
}

function slotOf(change: OfIdentity): string | undefined {
  switch (change.kind) {
    case "inline-put":
    case "inline-deleted":
      return `inline ${change.name}`;
    case "boundary-put":
    case "boundary-deleted":
      return "boundary";
    case "trust-put":
    case "session-set":
      return change.kind;
    default:
      return undefined;
  }
}

/** A log under an identity's key has its changes only. */
function changeOf(write: IamWrite | undefined): OfIdentity | undefined {
  return write !== undefined && "identity" in write.change ? write.change : undefined;
}
