import { type Anchors, anchorsOf } from "./account-anchors.ts";
import type { AccountState, HeldPolicy } from "./account-model.ts";
import { noAccounts } from "./account-state.ts";
import { type Held, type HeldIdentity, unseen } from "./held-identity.ts";
import { type HeldUnder, heldStates, includedIn } from "./held-states.ts";
import type { IamWrite, WriteMoment } from "./iam-change.ts";
import { knownFrom } from "./known-from-held.ts";
import type { KnownIdentity } from "./known-identity.ts";
import { type Content, contentStates } from "./managed-content.ts";
import { type ControlLevels, controlsOver, type OrgState, orgAfter } from "./org-state.ts";
import { type OnResource, onResource } from "./resource-policy-states.ts";
import {
  countBefore,
  holdersKey,
  identityKey,
  organizationKey,
  policyKey,
  profileKey,
  resourceKey,
  type WriteKey,
} from "./write-key.ts";
import type { LogOf } from "./write-log.ts";

/** What IAM held when somebody looked, before or beside the writes. */
export interface InitialState {
  readonly accounts: AccountState;
  readonly organization?: OrgState;
}

export const nothingInitial: InitialState = { accounts: noAccounts };

export type KnownHistory =
  | { readonly kind: "unseen" }
  | { readonly kind: "gone" }
  | { readonly kind: "known"; readonly identity: KnownIdentity; readonly from: Origin };

/** What an answer rests on. */
export type Origin = "account-state" | "account-state-and-writes" | "creation" | "writes";

/** Holders of a policy; `more` of them are known and left out. */
export interface Holders {
  readonly holders: readonly KnownIdentity[];
  readonly more: number;
}

/** What a role profile hands out; without a role it is known to hold none. */
export type InProfile = { readonly kind: "unseen" } | { readonly kind: "seen"; readonly role?: string };

/** IAM as it was at any moment: a log of writes by event time over what was known at first. */
export interface AccountHistory {
  identityBefore(arn: string, moment: WriteMoment): KnownHistory;
  holdersBefore(policy: string, moment: WriteMoment): Holders;
  contentBefore(policy: string, moment: WriteMoment): Content;
  profileBefore(arn: string, moment: WriteMoment): InProfile;
  controlsBefore(account: string, moment: WriteMoment): ControlLevels | undefined;
  onResourceBefore(resource: string, moment: WriteMoment): OnResource;
}

/** So many holders are told in full. */
export const mostHolders = 32;

/** The log may grow; what was computed from a log that has changed is computed anew. */
export function accountHistory(initial: InitialState, logOf: LogOf): AccountHistory {
  const anchors = anchorsOf(initial.accounts);
  // A name that was given back and forth leads in a circle: the old name's own log tells what it held.
  const before = timelines<Held>((key, log) => timelineOf(key, log, () => unseen));
  const heldIn = timelines<Held>((key, log) =>
    timelineOf(key, log, (arn, write) => before(identityKey(arn), logOf(identityKey(arn)), write) ?? unseen),
  );
  const timelineOf = (key: WriteKey, log: readonly IamWrite[], heldUnder: HeldUnder): readonly Held[] =>
    heldStates(log, { key, anchor: anchorFor(anchors, key, log), heldUnder });
  const originIn = timelines<Origin>((key, log) => origins(log, anchors.identity(key) !== undefined));
  const contentIn = timelines<Content>((key, log) =>
    contentStates(log, anchors.policy(key.slice(policyKey("").length))),
  );
  const held = (key: WriteKey, moment: WriteMoment): Held => heldIn(key, logOf(key), moment) ?? unseen;
  const content = (arn: string, moment: WriteMoment): Content =>
    contentIn(policyKey(arn), logOf(policyKey(arn)), moment) ?? { kind: "unseen" };
  const resolved = (identity: HeldIdentity, moment: WriteMoment): KnownIdentity => {
    const account = identity.arn.split(":")[4] ?? "";
    return knownFrom(identity, {
      policy(arn): HeldPolicy | undefined {
        const said = content(arn, moment);
        return said.kind === "there" && said.document !== undefined
          ? { name: arn, text: said.text, document: said.document }
          : undefined;
      },
      group(name) {
        const found = held(`group ${account} ${name.toLowerCase()}`, moment);
        return found.kind === "there" ? found.identity : undefined;
      },
    });
  };
  const controls = organizationAt(initial.organization);
  return {
    identityBefore(arn, moment) {
      const key = identityKey(arn);
      const found = held(key, moment);
      if (found.kind !== "there") return found;
      const from = originIn(key, logOf(key), moment) ?? "writes";
      return { kind: "known", identity: resolved(found.identity, moment), from };
    },
    holdersBefore(policy, moment) {
      const log = logOf(holdersKey(policy));
      const named = log
        .slice(0, countBefore(log, moment))
        .map(({ change }) => ("identity" in change ? change.identity : ""));
      const keys = new Set([...anchors.holders(policy), ...named.map(identityKey)]);
      const found: HeldIdentity[] = [];
      let more = 0;
      for (const key of [...keys].sort()) {
        const one = held(key, moment);
        if (one.kind !== "there" || !holds(one.identity, policy)) continue;
        if (found.length < mostHolders) found.push(one.identity);
        else more++;
      }
      return { holders: found.map((one) => resolved(one, moment)), more };
    },
    contentBefore: content,
    profileBefore(arn, moment) {
      const log = logOf(profileKey(arn));
      const last = log[countBefore(log, moment) - 1]?.change;
      const told = log.length === 0 ? anchors.profile(arn) : undefined;
      if (told !== undefined) return { kind: "seen", role: told };
      if (last === undefined || !("profile" in last)) return { kind: "unseen" };
      return last.kind === "profile-filled" ? { kind: "seen", role: last.role } : { kind: "seen" };
    },
    controlsBefore: (account, moment) => controls(logOf(organizationKey), account, moment),
    onResourceBefore(resource, moment) {
      const log = logOf(resourceKey(resource));
      return onResource(log, countBefore(log, moment));
    },
  };
}

const holds = ({ attached, boundary }: HeldIdentity, policy: string): boolean =>
  attached.includes(policy) || (boundary.kind === "policy" && boundary.arn === policy);

function anchorFor(anchors: Anchors, key: WriteKey, log: readonly IamWrite[]) {
  const found = anchors.identity(key);
  return found && { identity: found.identity, included: includedIn(found.identity, log, found.asOf) };
}

/** What an answer about an identity rests on, before each write and after the last. */
function origins(log: readonly IamWrite[], anchored: boolean): readonly Origin[] {
  const made = log.findIndex(({ change }) => change.kind === "created");
  return Array.from({ length: log.length + 1 }, (_, count): Origin => {
    if (made >= 0 && made < count) return "creation";
    if (anchored) return count === 0 ? "account-state" : "account-state-and-writes";
    return "writes";
  });
}

/** Answers from what a log comes to, which is computed once for each log as it is. */
function timelines<State>(
  make: (key: WriteKey, log: readonly IamWrite[]) => readonly State[],
): (key: WriteKey, log: readonly IamWrite[], moment: WriteMoment) => State | undefined {
  const known = new Map<WriteKey, { readonly log: readonly IamWrite[]; readonly states: readonly State[] }>();
  return (key, log, moment) => {
    let found = known.get(key);
    if (found?.log !== log) {
      found = { log, states: make(key, log) };
      known.set(key, found);
    }
    return found.states[countBefore(log, moment)];
  };
}

/** Goes on from the last question where that is earlier: events come nearly in order. */
function organizationAt(
  initial: OrgState | undefined,
): (log: readonly IamWrite[], account: string, moment: WriteMoment) => ControlLevels | undefined {
  let last: { readonly log: readonly IamWrite[]; readonly count: number; readonly state: OrgState } | undefined;
  return (log, account, moment) => {
    if (initial === undefined) return undefined;
    const count = countBefore(log, moment);
    const from = last?.log === log && last.count <= count ? last : { log, count: 0, state: initial };
    const state = log.slice(from.count, count).reduce(orgAfter, from.state);
    last = { log, count, state };
    return controlsOver(state, account);
  };
}
