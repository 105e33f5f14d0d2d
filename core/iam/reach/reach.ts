import { type ActionSet, complement, emptySet, has, union } from "../action-set.ts";
import type { ActionTable } from "../action-table.ts";
import { globCovers } from "../glob-meet.ts";
import type { Scope } from "../policy.ts";
import { type ConditionTest, type Holds, holdsAll, type KnownContext } from "./reach-condition.ts";
import { covers, type ResourceFields, resourceFields } from "./resource-fields.ts";

/** A statement, ready to be asked what it could allow. */
export interface ReachStatement {
  readonly effect: "Allow" | "Deny";
  readonly actions: Scope;
  readonly resources: Scope;
  readonly tests: readonly ConditionTest[];
}

/** What a policy could allow some caller, in some circumstances. */
export interface Reach {
  /** Every resource pattern that some statement names, each once. */
  readonly patterns: readonly string[];
  /**
   * What it could allow of one action where this much is known of the request; nothing when no resource can be allowed.
   * The function takes an ARN (or `*` where the action takes no resource), which may hold `${aws:username}` for the
   * caller's own name, and answers with the pattern that allows it, as written.
   */
  grants(action: string, known: KnownContext): ((resource: string) => string | undefined) | undefined;
}

/**
 * Doubt counts as reachable: a condition that may hold opens an Allow and does not close by a Deny, and a policy variable
 * other than the caller's name may be anything. `/` and `:` count as one character in resources, since `function/x` written
 * for `function:x` is a slip that a later edit mends.
 */
export function reachOf(statements: readonly ReachStatement[], table: ActionTable): Reach {
  const ready = statements.map((one) => prepared(one, table));
  return {
    patterns: [...new Set(ready.flatMap(({ opening }) => opening))],
    grants(action, known) {
      const place = table.find(action)?.place;
      const named = ready.filter((one) => namesAction(one, action.toLowerCase(), place));
      const applying = (effect: "Allow" | "Deny", wanted: (holds: Holds) => boolean): readonly Ready[] =>
        named.filter(({ statement }) => statement.effect === effect && wanted(holdsAll(statement.tests, known)));
      const allows = applying("Allow", (holds) => holds !== "no");
      const denies = applying("Deny", (holds) => holds === "yes");
      if (allows.length === 0 || denies.some(deniesAll)) return undefined;
      return (resource) => {
        const asked = resourceFields(resource);
        const allow = allows.find((one) => coversResource(one, asked));
        if (allow === undefined || denies.some((one) => coversResource(one, asked))) return undefined;
        return patternFor(allow, asked);
      };
    },
  };
}

interface Ready {
  readonly statement: ReachStatement;
  readonly places: ActionSet;
  readonly actionPatterns: readonly string[];
  /** Resource patterns as they are compared: wide where that opens, narrow where that closes. */
  readonly resources: readonly ResourceFields[];
  /** The same, always wide: what texts may be looked for. */
  readonly opening: readonly string[];
}

function prepared(statement: ReachStatement, table: ActionTable): Ready {
  const { actions, resources } = statement;
  const listed = actions.patterns.map((pattern) => table.expand(pattern)).reduce(union, emptySet(table.size));
  const widens = (statement.effect === "Allow") === (resources.kind === "only");
  const opening = resources.patterns.map((pattern) => withVariables(pattern, "*"));
  return {
    statement,
    places: actions.kind === "only" ? listed : complement(listed, table.size),
    actionPatterns: actions.patterns.map((pattern) => pattern.toLowerCase()),
    resources: (widens ? opening : resources.patterns.map((one) => withVariables(one, undefined))).map(resourceFields),
    opening,
  };
}

const namesAction = (
  { statement, places, actionPatterns }: Ready,
  action: string,
  place: number | undefined,
): boolean =>
  place === undefined
    ? actionPatterns.some((pattern) => globCovers(pattern, action)) === (statement.actions.kind === "only")
    : has(places, place);

const coversResource = ({ statement, resources }: Ready, asked: ResourceFields): boolean =>
  resources.some((pattern) => covers(pattern, asked)) === (statement.resources.kind === "only");

const deniesAll = ({ statement, resources }: Ready): boolean =>
  statement.resources.kind === "only" ? resources.some(({ text }) => /^\*+$/.test(text)) : resources.length === 0;

const patternFor = ({ statement, resources }: Ready, asked: ResourceFields): string => {
  const at = resources.findIndex((pattern) => covers(pattern, asked));
  return (statement.resources.kind === "only" ? statement.resources.patterns[at] : undefined) ?? "*";
};

/** The caller's own user name, as a policy writes it. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable, as IAM writes it.
export const ownName = "${aws:username}";

/** The pattern with every policy variable but the caller's name replaced; left as written when there is nothing to put in. */
function withVariables(pattern: string, replacement: string | undefined): string {
  let text = "";
  let from = 0;
  for (let start = pattern.indexOf("${"); start >= 0; start = pattern.indexOf("${", from)) {
    const end = pattern.indexOf("}", start);
    if (end < 0) break;
    const variable = pattern.slice(start, end + 1);
    text += pattern.slice(from, start) + spelled(variable, replacement);
    from = end + 1;
  }
  return text + pattern.slice(from);
}

function spelled(variable: string, replacement: string | undefined): string {
  if (variable.toLowerCase() === ownName) return ownName;
  if (/^\$\{[*?$]\}$/.test(variable)) return "?";
  return replacement ?? variable.replaceAll("*", "?");
}
