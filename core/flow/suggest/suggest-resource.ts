import { type ArnFields, parseArn } from "../../iam/arn.ts";

/** Patterns that cover resources, and how many texts were no resource that a policy could name. */
export interface Generalised {
  /** Sorted. */
  readonly patterns: readonly string[];
  readonly odd: number;
}

/** Names that share a beginning become one pattern from this many on. */
export const sharing = 3;

/** A beginning is shared when it has so many characters: less is chance. */
export const leastShared = 3;

/** Names of one kind that share no beginning are listed up to this number; more become the whole kind. */
export const mostListed = 20;

/**
 * `listed`: each name by itself, while there are few. `without-endings`: secrets are already named without the six
 * characters that AWS adds; otherwise both spellings are written.
 */
export type Generalising = "by-prefix" | "listed" | "without-endings";

/**
 * The patterns that stand for these resources. Names of one kind in one account, Region and service are cut into words (at
 * `/ : - _ . =` and before digits); where three or more share their first words, those words and a `*` stand for them, from
 * the longest shared beginning up. Buckets stay exact: their names belong to no account. A name with a character that a
 * policy reads otherwise is cut before it. Equal sets give equal answers, in whatever order they come.
 */
export function generalise(resources: Iterable<string>, how: Generalising): Generalised {
  const groups = new Map<string, { readonly kind: Kind; readonly names: Set<string> }>();
  let odd = 0;
  for (const resource of resources) {
    if (resource === "*") return { patterns: ["*"], odd: 0 };
    const split = kindOf(resource, how);
    if (split === undefined) odd++;
    else {
      const group = groups.get(split.kind.start) ?? { kind: split.kind, names: new Set<string>() };
      groups.set(split.kind.start, group);
      group.names.add(split.name);
    }
  }
  const patterns = [...groups.values()].flatMap(({ kind, names }) =>
    (how === "listed" && names.size <= mostListed ? [...names] : folded(kind, names)).flatMap((name) =>
      written(kind, name, how),
    ),
  );
  return { patterns: uncovered(patterns), odd };
}

interface Kind {
  /** Everything of the ARN before the name: partition, service, Region, account, kind; of an object also its bucket. */
  readonly start: string;
  readonly service: string;
  /** A bucket itself, which has no name below it. */
  readonly alone: boolean;
}

/** An ARN cut where its name begins; nothing for a text whose fields are not what AWS puts there. */
function kindOf(resource: string, how: Generalising): { readonly kind: Kind; readonly name: string } | undefined {
  const arn = parseArn(resource);
  if (arn === undefined || !isPlain(arn)) return undefined;
  const { partition, service, region, account } = arn;
  const before = `arn:${partition}:${service}:${region}:${account}:`;
  const cut = arn.resource.search(/[/:]/);
  const bucket = service === "s3" && account === "";
  const alone = bucket && cut < 0;
  const begin = alone ? arn.resource.length : cut + 1;
  const kind = arn.resource.slice(0, begin);
  if (bucket ? !/^[\w.-]+\/?$/.test(kind) : unreadable.test(kind)) return undefined;
  return { kind: { start: before + kind, service, alone }, name: nameIn(arn, begin, how) };
}

/** Fields that a caller may have filled with a wildcard would make a pattern of the account or the service. */
const isPlain = ({ partition, service, region, account, resource }: ArnFields): boolean =>
  resource !== "" && [partition, service, region, account].every((field) => /^[a-z0-9-]*$/.test(field));

/** What a policy or a manifest reads otherwise: wildcards, variables, white space, what is no character. */
const unreadable = /[\s\p{C}*?$]/u;

/** Longer names are cut: nobody lists them. */
const longest = 1_024;

function nameIn({ service, resource }: ArnFields, begin: number, how: Generalising): string {
  const name = resource.slice(begin);
  const stop = name.search(unreadable);
  if (stop >= 0 || name.length > longest) return `${name.slice(0, stop < 0 ? longest : stop)}*`;
  // A secret's ARN ends in six random characters, which a request may leave out.
  return service === "secretsmanager" && how !== "without-endings" ? name.replace(/-[A-Za-z0-9]{6}$/, "") : name;
}

interface Branch {
  readonly words: Map<string, Branch>;
  ends: boolean;
}

const branch = (): Branch => ({ words: new Map(), ends: false });

function folded({ alone }: Kind, names: ReadonlySet<string>): readonly string[] {
  if (alone || names.size < sharing) return [...names];
  const root = branch();
  for (const name of names) {
    let here = root;
    for (const word of wordsOf(name)) {
      const next = here.words.get(word) ?? branch();
      here.words.set(word, next);
      here = next;
    }
    here.ends = true;
  }
  const left = below(root, "");
  return left.length > mostListed ? ["*"] : left;
}

function below(here: Branch, prefix: string): readonly string[] {
  const found = [...here.words].flatMap(([word, next]) => below(next, prefix + word));
  const all = here.ends ? [prefix, ...found] : found;
  return all.length >= sharing && prefix.length >= leastShared ? [`${prefix}*`] : all;
}

/** More words than this are somebody's own text: the rest is one word. */
const mostWords = 64;

/** The words of a name, each with the character that ends it; joined they are the name. */
function wordsOf(name: string): readonly string[] {
  const words: string[] = [];
  let [begin, letters] = [0, 0];
  for (let at = 0; at < name.length && words.length < mostWords; at++) {
    const character = name.charAt(at);
    if (letters >= leastShared && /\d/.test(character)) {
      words.push(name.slice(begin, at));
      begin = at;
    }
    letters = /[A-Za-z]/.test(character) ? letters + 1 : 0;
    if ("/:-_.=".includes(character)) {
      words.push(name.slice(begin, at + 1));
      begin = at + 1;
    }
  }
  return begin < name.length ? [...words, name.slice(begin)] : words;
}

function written({ start, service }: Kind, name: string, how: Generalising): readonly string[] {
  const whole = `${start}${name.replace(/\*+$/, "*")}`;
  return service === "secretsmanager" && how !== "without-endings" && !whole.endsWith("*")
    ? [whole, `${whole}-??????`]
    : [whole];
}

/** Without those that another one's beginning covers, sorted. */
function uncovered(patterns: readonly string[]): readonly string[] {
  const open = [...new Set(patterns)].filter((one) => one.endsWith("*")).map((one) => one.slice(0, -1));
  return [...new Set(patterns)]
    .filter((one) => !open.some((start) => one.startsWith(start) && one !== `${start}*`))
    .sort();
}
