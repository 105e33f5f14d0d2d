import type { AccountState } from "../../iam/account/account-model.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Noted } from "./noted.ts";
import { guessedClass } from "./suggest-class.ts";
import type { PassedOver, Suggested } from "./suggest-identity.ts";
import { daysOf, draftOf, type History } from "./suggest-manifest.ts";
import { namesFor } from "./suggest-name.ts";
import { factsOf, type OwnerFact, ownersIn, ranks, type Sourced, subjectsOf } from "./suggest-owner.ts";
import { type Gathering, gathered, sessionsOf } from "./suggest-seen.ts";
import { type SuggestedStatement, statementsOf } from "./suggest-statements.ts";
import { pathsIn, type Unused, unusedIn } from "./suggest-unused.ts";

/** The owner of what nobody is known to own. */
export const undeclaredOwner = "undeclared";

/** What drafts are made from. */
export interface SuggestQuestion extends Gathering {
  readonly accounts: AccountState;
  readonly tables: IamTables;
  readonly facts: readonly OwnerFact[];
  /** Names that a draft must not have: of manifests in the folder it is written to. */
  readonly taken: ReadonlySet<string>;
  readonly history: History;
}

/** One draft manifest and what a table says of it. */
export interface Draft {
  readonly name: string;
  /** Other names that it may be asked for by: attribution ids, ARNs of roles and users, the declared workload. */
  readonly asked: ReadonlySet<string>;
  readonly owner: Sourced;
  readonly environment?: Sourced;
  /** Principals: sessions, users, keys. */
  readonly identities: number;
  readonly calls: number;
  /** Days with a call, of the days from its first call to the last record. */
  readonly active: number;
  readonly days: number;
  readonly statements: number;
  readonly unused?: Unused;
  readonly document: Noted;
}

export interface Suggestions {
  /** By name. */
  readonly drafts: readonly Draft[];
  /** Calls of those who need no draft, by why. */
  readonly passedOver: ReadonlyMap<PassedOver, number>;
}

/** One draft for everybody who acted and is not a person or a service. The order of the input does not matter. */
export function suggest(question: SuggestQuestion): Suggestions {
  const { seen, passedOver } = gathered(question);
  const { registry, accounts, tables, history } = question;
  const active = registry.workloads.filter((one) => one.status === "active").map(({ name }) => name);
  const names = namesFor(
    [...seen.values()].map(({ who }) => who),
    new Set([...question.taken, ...active]),
  );
  const said = [...seen.values()].flatMap((one) => [...one.said.values()]);
  const owners = ownersIn([...question.facts, ...accountFacts(accounts), ...said]);
  const unusedOf = unusedIn(accounts, tables);
  const drafts = [...seen.entries()].map(([key, one]): Draft => {
    const { who, use, capacity, callees } = one;
    const name = names.get(key) ?? "workload";
    const selector = who.kind === "declared" ? undefined : who.selector;
    const subjects = [...subjectsOf(selector, one.holders), sessionsOf(who)];
    const statements = statementsOf(use, tables.table);
    const unused = unusedOf([...one.holders].sort(), use, statements);
    const owner = ownerOf(who, subjects, owners);
    const environment = environmentOf(who, subjects, owners);
    const guessed = guessedClass(who, use, capacity);
    const document = draftOf({
      name,
      who,
      use,
      statements,
      history,
      owner,
      identities: one.principals,
      opens: pathsIn(statements.filter(isGranted), tables),
      modelProfiles: tables.modelProfiles,
      callees,
      ...(capacity === undefined ? {} : { capacity }),
      ...(one.hops === undefined ? {} : { hops: one.hops }),
      ...(environment === undefined ? {} : { environment }),
      ...(guessed === undefined ? {} : { guessed }),
      ...(unused === undefined ? {} : { unused }),
    });
    return {
      name,
      asked: new Set([...one.ids, ...one.holders, ...(who.kind === "declared" ? [who.workload.name] : [])]),
      owner,
      ...(environment === undefined ? {} : { environment }),
      identities: one.principals,
      calls: use.calls,
      active: use.days.size,
      days: daysOf({ first: use.first, last: history.last }),
      statements: statements.length,
      ...(unused === undefined ? {} : { unused }),
      document,
    };
  });
  return { drafts: drafts.sort((a, b) => (a.name < b.name ? -1 : 1)), passedOver };
}

/** Who takes a role with a token needs no policy of its own for that: the role's trust decides. */
const isGranted = ({ actions }: SuggestedStatement): boolean =>
  !actions.every((action) => /^sts:AssumeRoleWith(?:WebIdentity|SAML)$/.test(action));

/** Tags of roles and users as IAM holds them. */
function* accountFacts({ roles, users }: AccountState): Generator<OwnerFact> {
  for (const { arn, tags } of [...roles.values(), ...users.values()])
    yield* factsOf(Object.entries(tags), { subject: arn, source: `tag in IAM of ${arn}`, rank: ranks.account });
}

type Owners = ReturnType<typeof ownersIn>;

function ownerOf(who: Suggested, subjects: readonly string[], owners: Owners): Sourced {
  if (who.kind === "declared")
    return { value: who.workload.owner, source: `as ${who.workload.where} says`, others: [] };
  const nobody: Sourced = { value: undeclaredOwner, source: "no tag, file or record names an owner", others: [] };
  return owners(subjects, "owner") ?? nobody;
}

function environmentOf(who: Suggested, subjects: readonly string[], owners: Owners): Sourced | undefined {
  if (who.kind === "undeclared") return owners(subjects, "environment");
  const { environment, where } = who.workload;
  return environment === undefined ? undefined : { value: environment, source: `as ${where} says`, others: [] };
}
