import { excerpt } from "../../event/excerpt.ts";
import { parseArn } from "../../iam/arn.ts";
import { words } from "../../identity/manifest/manifest-value.ts";
import type { Selector } from "../../identity/manifest/selector.ts";
import { readsAs } from "./suggest-readable.ts";

/** What some file or record says about who owns a thing. */
export interface OwnerFact {
  /** An ARN, or `role`, `function`, `group` with a name (`role 111122223333/bot` where the account is known), `pod` or `namespace`. */
  readonly subject: string;
  readonly part: "owner" | "environment";
  readonly value: string;
  /** Where it is written, for people. */
  readonly source: string;
  /** Lower counts more. */
  readonly rank: number;
}

/** How much the sources count: what IAM holds, what records show being set, then files, then what a session said of itself. */
export const ranks = { account: 1, record: 2, terraform: 3, cloudFormation: 4, kubernetes: 5, session: 6 } as const;

/** The two facts that tags of a thing tell, from the key that says it most plainly. */
export function factsOf(
  tags: Iterable<readonly [key: string, value: string]>,
  about: Pick<OwnerFact, "subject" | "rank"> & { readonly source: string },
): readonly OwnerFact[] {
  const found = [...tags].map(([key, value]) => ({ key, word: wordOf(key), value: excerpt(value.trim()) as string }));
  return (["owner", "environment"] as const).flatMap((part): readonly OwnerFact[] => {
    const [best] = found
      .filter(({ word, value }) => keys[part].includes(word) && value !== "" && readsAs(words, value))
      .toSorted((a, b) => keys[part].indexOf(a.word) - keys[part].indexOf(b.word) || (a.key < b.key ? -1 : 1));
    return best === undefined
      ? []
      : [{ ...about, part, value: best.value, source: `${about.source}, ${excerpt(best.key)}` }];
  });
}

/** Keys in the order in which they count, without case, marks and what stands before `:` or `/`. */
const keys: Readonly<Record<OwnerFact["part"], readonly string[]>> = {
  owner: ["owner", "owningteam", "ownerteam", "teamowner", "ownedby", "serviceowner", "team", "squad", "contact"],
  environment: ["environment", "env", "stage"],
};

const wordOf = (key: string): string =>
  key
    .slice(0, 256)
    .slice(Math.max(key.lastIndexOf(":"), key.lastIndexOf("/")) + 1)
    .replaceAll(/[-_. ]/g, "")
    .toLowerCase();

/** A value and where it is from. */
export interface Sourced {
  readonly value: string;
  readonly source: string;
  /** What less weighty sources say instead. */
  readonly others: readonly string[];
}

/** Facts found by their subjects. */
export function ownersIn(
  facts: readonly OwnerFact[],
): (subjects: readonly string[], part: OwnerFact["part"]) => Sourced | undefined {
  const bySubject = Map.groupBy(facts, ({ subject }) => subject);
  return (subjects, part) => {
    const about = subjects.flatMap((subject, place) =>
      (bySubject.get(subject) ?? []).filter((one) => one.part === part).map((fact) => ({ fact, place })),
    );
    const groups = Map.groupBy(about, ({ fact, place }) => `${fact.rank} ${String(place).padStart(4, "0")}`);
    // Two things of one name may belong to two owners: such a fact names nobody.
    const certain = [...groups]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, members]) => members.map(({ fact }) => fact).toSorted((a, b) => (a.source < b.source ? -1 : 1)))
      .filter((members) => new Set(members.map(({ value }) => value)).size === 1)
      .flatMap(([first]) => first ?? []);
    const [best, ...rest] = certain;
    if (best === undefined) return undefined;
    const others = rest.filter(({ value }) => value !== best.value).map(({ value, source }) => `${value} (${source})`);
    return { value: best.value, source: best.source, others: [...new Set(others)].slice(0, 3) };
  };
}

/** What facts about an identity may be filed under, the nearest first. */
export function subjectsOf(selector: Selector | undefined, roles: Iterable<string>): readonly string[] {
  return [
    ...new Set([...(selector === undefined ? [] : selectorSubjects(selector)), ...[...roles].sort().flatMap(named)]),
  ];
}

function selectorSubjects({ kind, value }: Selector): readonly string[] {
  if (typeof value === "string") return kind === "ec2AutoScalingGroup" ? [`group ${value}`] : named(value);
  if (kind === "eksServiceAccount")
    return [`pod ${String(value["namespace"])}/${String(value["name"])}`, `namespace ${String(value["namespace"])}`];
  return Object.values(value).flatMap((one) => (typeof one === "string" ? named(one) : []));
}

/** An ARN, and its name with and without the account. */
function named(arn: string): readonly string[] {
  const parsed = parseArn(arn);
  if (parsed === undefined) return [];
  const { service, account, resource } = parsed;
  const kind =
    service === "iam" && resource.startsWith("role/") ? "role" : service === "lambda" ? "function" : undefined;
  const name = resource.slice(Math.max(resource.lastIndexOf("/"), resource.lastIndexOf(":")) + 1);
  return kind === undefined ? [arn] : [arn, `${kind} ${account}/${name}`, `${kind} ${name}`];
}
