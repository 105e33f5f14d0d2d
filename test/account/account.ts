import type { Random } from "../../bench/corpus-random.ts";
import { type Instant, instant } from "../../core/event/instant.ts";
import { isObject, list } from "../../core/event/json.ts";
import { Fault } from "../../core/fault.ts";
import type { Clock } from "../../core/flow/clock.ts";
import type { Change } from "../../core/respond/change.ts";
import type { CallMark, ControlPlane, RefusalCode, Written } from "../../core/respond/control-plane.ts";
import { type Slot, sameValue, slotKey, type Value } from "../../core/respond/slot.ts";
import type { Snapshot } from "../../core/respond/snapshot.ts";
import { type Faults, noFaults } from "./faults.ts";
import { holderArnOf, type Principal, slotsOf } from "./principals.ts";

/** A mutating call as the account saw it. */
export interface LoggedCall {
  readonly at: Instant;
  readonly change: Change;
  readonly mark: CallMark;
  /** Whether a durable intent was there when it came. */
  readonly intended: boolean;
  /** Whether it changed anything. */
  readonly effect: boolean;
}

export interface AccountSet {
  readonly clock: Clock;
  readonly random: Random;
  /** Asked at the moment of the call; absent is no question. */
  readonly intended?: (change: Change, mark: CallMark) => boolean | Promise<boolean>;
  readonly faults?: Faults;
  /** A read sees the state of up to so many milliseconds ago, each from a replica of its own. */
  readonly delay?: number;
}

/** An AWS account in memory, strict where AWS is: quotas, what cannot be modified, trusts that name the deleted. */
export interface TestAccount {
  readonly plane: ControlPlane;
  readonly log: readonly LoggedCall[];
  add(principal: Principal): void;
  /** Deletes a principal with all that it holds. */
  remove(arn: string): void;
  /** Somebody else's call. */
  set(slot: Slot, value: Value): void;
  truth(slot: Slot): Value;
  /** Everything that a principal holds by slot key, without what is nothing. */
  held(arn: string): Readonly<Record<string, Value>>;
  find(arn: string): Principal | undefined;
}

/** How many policies, and how many tags, one principal may have (IAM User Guide, "IAM and AWS STS quotas"). */
export const accountQuotas = { attached: 10, tags: 50, trust: 2_048, inlineRole: 10_240, inlineUser: 2_048 } as const;

export function testAccount({ clock, random, intended, faults = noFaults, delay = 0 }: AccountSet): TestAccount {
  const principals = new Map<string, Principal>();
  const histories = new Map<string, { readonly slot: Slot; readonly past: { at: number; value: Value }[] }>();
  const log: LoggedCall[] = [];
  const truth = (slot: Slot): Value => histories.get(slotKey(slot))?.past.at(-1)?.value ?? null;
  const set = (slot: Slot, value: Value): void => {
    const key = slotKey(slot);
    const known = histories.get(key) ?? { slot, past: [] };
    known.past.push({ at: clock.now(), value });
    histories.set(key, known);
  };
  const seen = (slot: Slot): Value => {
    const lag = delay === 0 ? 0 : random.between(0, delay);
    const past = histories.get(slotKey(slot))?.past ?? [];
    return past.findLast(({ at }, place) => place === 0 || at <= clock.now() - lag)?.value ?? null;
  };
  const slotsHeld = (arn: string): readonly Slot[] =>
    [...histories.values()].flatMap(({ slot }) => (holderArnOf(slot) === arn ? [slot] : []));
  const count = (arn: string, kind: Slot["kind"]): number =>
    slotsHeld(arn).filter((slot) => slot.kind === kind && truth(slot) !== null).length;
  const refusalOf = ({ slot, after }: Change): RefusalCode | undefined => {
    const arn = holderArnOf(slot);
    const owner = arn === undefined ? undefined : principals.get(arn);
    if (arn === undefined) return undefined;
    if (owner === undefined) return "gone";
    if (owner.unmodifiable) return slot.kind === "tag" ? undefined : "unmodifiable";
    if (after === null || sameValue(truth(slot), after)) return undefined;
    if (slot.kind === "attached-policy" && count(arn, slot.kind) >= accountQuotas.attached) return "limit";
    if (slot.kind === "tag" && truth(slot) === null && count(arn, slot.kind) >= accountQuotas.tags) return "limit";
    if (slot.kind === "trust") return trustRefusal(after);
    return undefined;
  };
  const act = (change: Change): boolean => {
    if (sameValue(truth(change.slot), change.after)) return false;
    set(change.slot, change.after);
    return true;
  };
  return {
    log,
    truth,
    set,
    find: (arn) => principals.get(arn),
    add(principal) {
      principals.set(principal.holder.arn, principal);
      for (const [slot, value] of slotsOf(principal)) set(slot, value);
    },
    remove(arn) {
      principals.delete(arn);
      for (const slot of slotsHeld(arn)) set(slot, null);
    },
    held: (arn) =>
      Object.fromEntries(
        slotsHeld(arn)
          .map((slot) => [slotKey(slot), truth(slot)] as const)
          .filter(([, value]) => value !== null)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    plane: {
      async snapshot(arn): Promise<Snapshot | undefined> {
        if (faults(undefined) !== "none") throw new Fault("throttled", "Rate exceeded");
        const one = principals.get(arn);
        if (one === undefined) return undefined;
        return {
          schema: 1,
          target: { arn, id: one.id, account: one.account },
          held: slotsHeld(arn)
            .map((slot) => ({ slot, value: seen(slot) }))
            .filter(({ value }) => value !== null),
          quotas: {
            AttachedPoliciesPerRoleQuota: 10,
            AttachedPoliciesPerUserQuota: 10,
            AssumeRolePolicySizeQuota: 2_048,
          },
          ...(one.maxSessionSeconds === undefined ? {} : { maxSessionSeconds: one.maxSessionSeconds }),
        };
      },
      async read(slot) {
        if (faults(undefined) !== "none") throw new Fault("throttled", "Rate exceeded");
        return seen(slot);
      },
      async write(change, mark): Promise<Written> {
        const known = intended === undefined || (await intended(change, mark));
        const note = (effect: boolean) => log.push({ at: instant(clock.now()), change, mark, intended: known, effect });
        const fault = faults(change);
        if (fault === "throttled" || fault === "conflict") {
          note(false);
          throw new Fault(fault, fault === "throttled" ? "Rate exceeded" : "ConcurrentModification");
        }
        if (fault === "error-before" || fault === "nothing") {
          note(false);
          return fault === "nothing" ? { kind: "accepted" } : { kind: "ambiguous", because: "ServiceFailure" };
        }
        const code = typeof fault === "object" ? fault.refused : refusalOf(change);
        if (code !== undefined) {
          note(false);
          return { kind: "refused", code, because: `the account says ${code}` };
        }
        note(act(change));
        if (fault === "none") return { kind: "accepted" };
        return { kind: "ambiguous", because: fault === "error-after" ? "ServiceFailure" : "the connection was reset" };
      },
    },
  };
}

/** A trust may not be longer than its quota, nor name a principal that was deleted (IAM stores such a one by its id). */
function trustRefusal(trust: Value): RefusalCode | undefined {
  const text = JSON.stringify(trust);
  if (text.replaceAll(/\s/g, "").length > accountQuotas.trust) return "limit";
  const statements = isObject(trust) ? list(trust["Statement"]) : [];
  return statements.some((one) => isObject(one) && /"A(?:RO|ID)A[A-Z0-9]{16,}"/.test(JSON.stringify(one["Principal"])))
    ? "malformed"
    : undefined;
}
