import { type Fact, type FactAnswer, type FactSource, factKey } from "../../core/detect/facts/fact.ts";
import type { Instant } from "../../core/event/instant.ts";
import { Fault } from "../../core/fault.ts";
import type { Clock } from "../../core/flow/clock.ts";
import { mostHolders } from "../../core/iam/account/account-history.ts";
import type { HeldPolicy } from "../../core/iam/account/account-model.ts";
import { type HeldIdentity, identityKindOf } from "../../core/iam/account/held-identity.ts";
import { knownFrom } from "../../core/iam/account/known-from-held.ts";
import type { KnownIdentity } from "../../core/iam/account/known-identity.ts";
import { accountOf, parseArn } from "../../core/iam/arn.ts";
import type { IamReader } from "./iam-reader.ts";

export interface IamFactPorts {
  /** The IAM of an account, or nothing where it may not be read from here. */
  readerFor(account: string): Promise<IamReader | undefined>;
  readonly clock: Clock;
}

/** So long an answer of IAM is good for, in milliseconds; writes that were seen since are applied to it by who asks. */
const goodFor = 300_000;
/** So many answers are kept. */
const mostKept = 2_000;

interface Kept<Value> {
  readonly value: Promise<Value>;
  readonly readAt: Instant;
}

/**
 * Facts as IAM itself tells them, when it is asked: of identities, managed policies, their holders, instance profiles.
 * Each is read once in five minutes. Policies of resources and of the organization are not read here. What IAM does not
 * know is "unknown"; what may not be read is Fault "denied", a busy IAM Fault "throttled".
 */
export function iamFacts({ readerFor, clock }: IamFactPorts): FactSource {
  const kept = new Map<string, Kept<unknown>>();
  const once = <Value>(key: string, read: () => Promise<Value>): Kept<Value> => {
    const now = clock.now();
    const known = kept.get(key) as Kept<Value> | undefined;
    if (known !== undefined && now - known.readAt < goodFor) return known;
    const made: Kept<Value> = { value: read(), readAt: now };
    kept.delete(key);
    kept.set(key, made);
    const oldest = kept.size > mostKept ? kept.keys().next().value : undefined;
    if (oldest !== undefined) kept.delete(oldest);
    // What failed is asked again; whoever waits for this answer sees the failure.
    made.value.catch(() => kept.get(key) === made && kept.delete(key));
    return made;
  };
  const answer = async (fact: Fact): Promise<FactAnswer> => {
    if (!("arn" in fact) && !("policy" in fact)) return unknown("it is not read while events come in");
    const about = fact.kind === "managed-policy" || fact.kind === "holders" ? fact.policy : fact.arn;
    const account = accountOf(about) ?? accountOf(fact.kind === "identity" ? fact.arn : "");
    const reader = account === undefined ? undefined : await readerFor(account);
    if (reader === undefined || account === undefined) return unknown("the IAM of that account is not read from here");
    try {
      return await answerBy({ reader, account, once }, fact);
    } catch (cause) {
      if (cause instanceof Fault && cause.code === "not-found") return unknown("IAM does not know it, or not any more");
      throw cause;
    }
  };
  return {
    async answer(facts) {
      const answers = new Map<string, FactAnswer>();
      // One at a time: IAM is one endpoint for all Regions and soon says that it is too much.
      for (const fact of facts) answers.set(factKey(fact), await answer(fact));
      return answers;
    },
  };
}

interface Asking {
  readonly reader: IamReader;
  readonly account: string;
  readonly once: <Value>(key: string, read: () => Promise<Value>) => Kept<Value>;
}

const because = "as IAM has it";

async function answerBy(asking: Asking, fact: Fact): Promise<FactAnswer> {
  const { reader, account, once } = asking;
  switch (fact.kind) {
    case "managed-policy": {
      const { value, readAt } = policyBy(asking, fact.policy);
      const held = await value;
      return held === undefined
        ? unknown("its text is not readable")
        : { kind: "managed-policy", document: held.document, because, readAt };
    }
    case "identity": {
      const found = await identityBy(asking, fact.arn);
      return found === undefined
        ? unknown("it is no role, user or group")
        : { kind: "identity", identity: found.identity, because, readAt: found.readAt };
    }
    case "holders": {
      const { value, readAt } = once(`holders ${account} ${fact.policy}`, () => reader.holders(fact.policy));
      const all = await value;
      const holders: KnownIdentity[] = [];
      for (const { kind, name } of all.slice(0, mostHolders)) {
        const partition = parseArn(fact.policy)?.partition ?? "";
        const found = await identityBy(asking, `arn:${partition}:iam::${account}:${kind}/${name}`);
        if (found !== undefined) holders.push(found.identity);
      }
      return { kind: "holders", holders, more: all.length - holders.length, because, readAt };
    }
    case "instance-profile": {
      const name = nameIn(fact.arn);
      const { value, readAt } = once(`profile ${account} ${name}`, () => reader.profile(name));
      const role = await value;
      return { kind: "instance-profile", ...(role === undefined ? {} : { role }), because, readAt };
    }
    case "controls":
    case "resource-policy":
    case "started-from":
    case "works-as":
    case "configuration":
      return unknown("it is not read while events come in");
  }
}

const policyBy = ({ reader, account, once }: Asking, arn: string): Kept<HeldPolicy | undefined> =>
  once(`policy ${account} ${arn}`, () => reader.policy(arn));

async function identityBy(
  asking: Asking,
  arn: string,
): Promise<{ readonly identity: KnownIdentity; readonly readAt: Instant } | undefined> {
  const kind = identityKindOf(arn);
  if (kind === undefined || kind === "permission-set") return undefined;
  const held = (of: "role" | "user" | "group", name: string): Kept<HeldIdentity> =>
    asking.once(`${of} ${asking.account} ${name}`, () => asking.reader.identity(of, name));
  const own = held(kind, nameIn(arn));
  const identity = await own.value;
  const groups = new Map<string, HeldIdentity>();
  for (const name of identity.groups) groups.set(name, await held("group", name).value);
  const attached = [identity, ...groups.values()].flatMap((one) => one.attached);
  const bounding = identity.boundary.kind === "policy" ? [identity.boundary.arn] : [];
  const texts = new Map<string, HeldPolicy | undefined>();
  for (const one of new Set([...attached, ...bounding])) texts.set(one, await policyBy(asking, one).value);
  const around = { policy: (one: string) => texts.get(one), group: (name: string) => groups.get(name) };
  return { identity: knownFrom(identity, around), readAt: own.readAt };
}

const nameIn = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

const unknown = (because: string): FactAnswer => ({ kind: "unknown", because });
