import type { ApiCall } from "../../event/event.ts";
import type { HeldPolicy } from "../../iam/account/account-model.ts";
import { awsManaged } from "../../iam/account/aws-managed.ts";
import type { KnownIdentity } from "../../iam/account/known-identity.ts";
import { isPolicyArn, parseArn } from "../../iam/arn.ts";
import { type PolicyDocument, parsePolicy } from "../../iam/policy.ts";
import { type Fact, type FactAnswer, type Facts, factKey } from "../facts/fact.ts";
import type { GrantWrite, Party } from "./grant-write.ts";

/** What one write does to one party: its policies before and after, as far as they are known. */
export interface GrantChange {
  /** Absent: whoever has the policy, or nobody yet. */
  readonly party?: Party;
  /** As it was just before; absent where nobody knows it. */
  readonly before?: KnownIdentity;
  readonly old: readonly PolicyDocument[];
  readonly now: readonly PolicyDocument[];
  /** The boundary on each side, where the text is known. */
  readonly limits: { readonly old?: PolicyDocument; readonly now?: PolicyDocument };
  /** Names of what was given and cannot be read. */
  readonly unread: readonly string[];
  /** What is not known and may change the answer, each a clause for people. */
  readonly doubts: readonly string[];
  /** What is known of policies by their names alone. */
  readonly sources: readonly Source[];
}

interface Source {
  readonly about: string;
  readonly because: string;
}

/** Everybody whom a write touches. */
export interface GrantChanges {
  readonly changes: readonly GrantChange[];
  /** Holders of the policy beyond those that were told apart. */
  readonly more: number;
  /** True when nobody has what was written. */
  readonly prepared: boolean;
}

/** What has to be known to tell what a write gives to whom. Also the limits of the account, and the groups of a user who acts on a group. */
export function grantQuestions(call: ApiCall, write: GrantWrite | undefined): readonly Fact[] {
  if (write === undefined) return [];
  const { at, id } = call;
  const before = { at, id };
  const identity = (arn: string | undefined): readonly Fact[] =>
    arn === undefined ? [] : [{ kind: "identity", arn, before }];
  const policy = (arn: string): readonly Fact[] =>
    isPolicyArn(arn) && awsManaged(arn) === undefined ? [{ kind: "managed-policy", policy: arn, at }] : [];
  const account = call.account ?? call.principal.account;
  const controls: readonly Fact[] = account === undefined ? [] : [{ kind: "controls", account, before }];
  switch (write.kind) {
    case "put":
    case "delete":
      return [...ofParty(write.party, call, identity), ...controls];
    case "attach":
    case "detach":
      return [...ofParty(write.party, call, identity), ...policy(write.policy), ...controls];
    case "version":
      if (write.prepared || write.policy === undefined) return [];
      return [{ kind: "holders", policy: write.policy, before }, ...controls];
    case "default-version":
      return [{ kind: "holders", policy: write.policy, before }, ...policy(write.policy), ...controls];
    case "join":
    case "leave":
      return [...identity(write.party.arn), ...identity(write.group.arn), ...controls];
  }
}

function ofParty(
  party: Party,
  { principal }: ApiCall,
  identity: (arn: string | undefined) => readonly Fact[],
): readonly Fact[] {
  switch (party.kind) {
    case "role":
    case "user":
    case "permission-set":
      return identity(party.arn);
    case "group":
      return [...identity(party.arn), ...(principal.kind === "iam-user" ? identity(principal.arn) : [])];
  }
}

/** Old against new for everybody touched; nothing when the write's document is none. */
export function grantChanges(call: ApiCall, write: GrantWrite, facts: Facts): GrantChanges | undefined {
  const ask = <Kind extends Fact["kind"]>(fact: Fact & { readonly kind: Kind }) => {
    const answer = facts.get(factKey(fact));
    return answer?.kind === fact.kind ? (answer as Extract<FactAnswer, { readonly kind: Kind }>) : undefined;
  };
  const before = { at: call.at, id: call.id };
  const known = (party: Party) =>
    party.arn === undefined ? undefined : ask({ kind: "identity", arn: party.arn, before });
  const textOf = (arn: string): HeldPolicy | undefined => {
    const own = awsManaged(arn);
    if (own !== undefined || !isPolicyArn(arn)) return own;
    const told = ask({ kind: "managed-policy", policy: arn, at: call.at });
    return told && { name: arn, text: undefined, document: told.document };
  };
  const one = (party: Party, answer: Answer | undefined, edit: Edit): GrantChanges => ({
    changes: [changed(party, answer, edit)],
    more: 0,
    prepared: false,
  });
  switch (write.kind) {
    case "put": {
      const parsed = parsePolicy(write.text);
      if (!parsed.ok) return undefined;
      const added = { name: write.policy, text: write.text, document: parsed.document };
      return one(write.party, known(write.party), { added: [added], removed: ownInline(write.policy) });
    }
    case "delete":
      return one(write.party, known(write.party), { added: [], removed: ownInline(write.policy) });
    case "attach": {
      const text = textOf(write.policy);
      const unread = text === undefined ? { unread: [write.policy] } : {};
      return one(write.party, known(write.party), {
        added: text === undefined ? [] : [text],
        removed: () => false,
        sources: atTheLeast(write.policy),
        ...unread,
      });
    }
    case "detach": {
      const text = textOf(write.policy);
      return one(write.party, known(write.party), {
        added: [],
        removed: ({ name }) => name === write.policy,
        ...(text === undefined ? {} : { had: [text] }),
      });
    }
    case "join":
    case "leave": {
      const group = known(write.group)?.identity;
      const theirs = group?.policies.identity ?? [];
      const unread = [
        ...(group === undefined ? [`the group ${write.group.name}`] : []),
        ...(group?.policies.missing ?? []).filter((arn) => awsManaged(arn) === undefined),
      ];
      const whole = [...theirs, ...(group?.policies.missing ?? []).flatMap((arn) => awsManaged(arn) ?? [])];
      return write.kind === "join"
        ? one(write.party, known(write.party), { added: whole, removed: () => false, unread })
        : one(write.party, known(write.party), { added: [], removed: (held) => sameIn(theirs, held), had: whole });
    }
    case "version":
    case "default-version": {
      const arn = write.policy;
      const parsed = write.kind === "version" ? parsePolicy(write.text) : undefined;
      if (parsed !== undefined && !parsed.ok) return undefined;
      const document = parsed?.document ?? (arn === undefined ? undefined : textOf(arn)?.document);
      const added: Pick<Edit, "added" | "unread"> =
        document === undefined
          ? { added: [], unread: arn === undefined ? [] : [arn] }
          : { added: [{ name: arn ?? "", text: undefined, document }] };
      const nobody = { changes: [changed(undefined, undefined, { ...added, removed: () => false })], more: 0 };
      if (arn === undefined || (write.kind === "version" && write.prepared)) return { ...nobody, prepared: true };
      const answer = ask({ kind: "holders", policy: arn, before });
      if (answer === undefined || answer.holders.length === 0) return { ...nobody, prepared: answer !== undefined };
      const edit: Edit = { ...added, removed: ({ name }) => name === arn, managed: arn };
      const changes = answer.holders.map((identity) => changed(partyOf(identity), { ...answer, identity }, edit));
      return { changes, more: answer.more, prepared: false };
    }
  }
}

/** An answer with the identity in it, whatever else it answers. */
type Answer = { readonly identity: KnownIdentity };

interface Edit {
  readonly added: readonly HeldPolicy[];
  readonly removed: (held: HeldPolicy) => boolean;
  /** What surely was there, where the identity is not known. */
  readonly had?: readonly HeldPolicy[];
  readonly unread?: readonly string[];
  readonly sources?: readonly Source[];
  /** The managed policy whose content changes, wherever it is: attached, or as a boundary. */
  readonly managed?: string;
}

function changed(party: Party | undefined, answer: Answer | undefined, edit: Edit): GrantChange {
  const before = answer?.identity;
  const held = before === undefined ? (edit.had ?? []) : withMissing(before);
  const bounds = edit.managed !== undefined && bounding(before) === edit.managed;
  const attached = edit.managed === undefined || before === undefined || !bounds || held.some(edit.removed);
  const kept = held.filter((one) => before !== undefined && !edit.removed(one));
  const now = attached ? [...kept, ...edit.added] : kept;
  const [added] = edit.added;
  // What a boundary newly lets through, because its text changed, is for guardrail-boundary to say.
  const limit = bounds && added !== undefined ? added.document : before?.policies.boundary?.document;
  return {
    ...(party === undefined ? {} : { party }),
    ...(before === undefined ? {} : { before }),
    old: held.map(({ document }) => document),
    now: now.map(({ document }) => document),
    limits: limit === undefined ? {} : { old: limit, now: limit },
    unread: edit.unread ?? [],
    doubts: party === undefined ? [] : doubtsOf(before),
    sources: edit.sources ?? [],
  };
}

/** AWS's own policies are known by the services that they give away; what else is in them may be more. */
const atTheLeast = (arn: string): readonly Source[] =>
  awsManaged(arn) === undefined || /\/(?:AdministratorAccess|AWSDenyAll)$/.test(arn)
    ? []
    : [{ about: arn, because: "what it grants at the least is known by its name" }];

const withMissing = ({ policies, boundary }: KnownIdentity): readonly HeldPolicy[] => [
  ...policies.identity,
  ...policies.missing.flatMap((arn) =>
    boundary.kind === "policy" && boundary.arn === arn ? [] : (awsManaged(arn) ?? []),
  ),
];

const bounding = (identity: KnownIdentity | undefined): string | undefined =>
  identity?.boundary.kind === "policy" ? identity.boundary.arn : undefined;

function doubtsOf(identity: KnownIdentity | undefined): readonly string[] {
  if (identity === undefined) return ["what it had before is not known, so all of it counts as new"];
  const { extent, policies, boundary } = identity;
  return [
    ...(extent === "part" ? ["only some writes to it were seen, so it may have had this already"] : []),
    ...(policies.missing.length > 0 ? [`the text of ${policies.missing.length} of its policies is not known`] : []),
    ...(boundary.kind === "policy" && policies.boundary === undefined ? ["the text of its boundary is not known"] : []),
  ];
}

/** An inline policy of the party's own: managed ones are named by ARN, and its groups' come after its own. */
function ownInline(policy: string): (held: HeldPolicy) => boolean {
  let found: HeldPolicy | undefined;
  return (held) => {
    if (held.name !== policy || parseArn(held.name) !== undefined) return false;
    found ??= held;
    return found === held;
  };
}

const sameIn = (theirs: readonly HeldPolicy[], { name, text }: HeldPolicy): boolean =>
  theirs.some((one) => one.name === name && JSON.stringify(one.text) === JSON.stringify(text));

const partyOf = ({ kind, arn }: KnownIdentity): Party => ({
  kind,
  name: arn.slice(arn.lastIndexOf("/") + 1),
  path: "requestParameters.policyArn",
  arn,
});
