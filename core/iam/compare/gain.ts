import type { Condition } from "../condition.ts";
import { newName } from "./condition-values.ts";
import { type Circumstances, findContext } from "./context-search.ts";
import type { AskedAction, Group } from "./difference-actions.ts";
import { type Body, demandsNoMore, mayOverlap, patternCovers, variablesOf } from "./difference-body.ts";
import { instances, meetings, patternOfArn, resolved, type Surroundings } from "./witness-resource.ts";

/** What one group of actions is newly allowed: where, under which conditions, with one request that proves it. */
export interface Gain {
  readonly resource: string;
  readonly except: readonly string[];
  readonly conditions: readonly Condition[];
  readonly witness: { readonly resource: string; readonly context: Circumstances };
  /** Whether the same context proves it on another resource. */
  proves(resource: string): boolean;
  /** The gain's pattern with its policy variables replaced as in the witness. */
  readonly pattern: string;
  /** True when an Allow was there before, and a Deny kept it shut. */
  readonly denied: boolean;
}

/** What these bodies newly allow, for actions that all take resources or all take none. */
export function gainsOf(group: Group, around: Surroundings): readonly Gain[] {
  const sides = sidesOf(group);
  const gains: Gain[] = [];
  for (const allow of sides.allows)
    for (const pattern of dominant(allow, sides.allows)) {
      const asked: Asked = { allow, pattern, sides, group, around };
      if (sides.lifted.length === 0 && sides.before.some((one) => dominates(one, { body: allow, pattern }))) continue;
      const whole = granted(asked, undefined);
      if (whole !== undefined) gains.push(whole);
      for (const narrow of hidden(asked)) {
        const already = whole !== undefined && !whole.except.some((one) => mayOverlap(one, narrow));
        const part = already ? undefined : granted(asked, narrow);
        if (part !== undefined) gains.push(part);
      }
      for (const { deny, narrow } of lifts(asked)) {
        const part = granted(asked, narrow, deny);
        if (part !== undefined) gains.push(part);
      }
    }
  return gains;
}

interface Sides {
  readonly allows: readonly Body[];
  readonly denies: readonly Body[];
  readonly before: readonly Body[];
  readonly lifted: readonly Body[];
}

const sidesOf = ({ old, now }: Group): Sides => ({
  allows: now.filter(({ effect }) => effect === "Allow"),
  denies: now.filter(({ effect }) => effect === "Deny"),
  before: old.filter(({ effect }) => effect === "Allow"),
  lifted: old.filter(({ effect }) => effect === "Deny"),
});

interface Asked {
  readonly allow: Body;
  readonly pattern: string;
  readonly sides: Sides;
  readonly group: Group;
  readonly around: Surroundings;
}

/** Patterns with wildcards that others are compared with: a document may list a thousand. */
const mostCompared = 32;

/** The allow's patterns that no other allow of the same side covers anyway. */
function dominant(allow: Body, allows: readonly Body[]): readonly string[] {
  if (allow.kind === "all-but") return ["*"];
  const wide = allows.flatMap((one, place) => patternsOf(one).map((pattern) => ({ one, pattern, place })));
  const compared = wide
    .filter(({ pattern }) => /[*?]/.test(pattern))
    .sort((a, b) => a.pattern.length - b.pattern.length);
  const own = allows.indexOf(allow);
  const same = wide
    .filter(({ place, pattern }) => place !== own && allow.patterns.includes(pattern))
    .slice(0, mostCompared);
  return allow.patterns.filter(
    (pattern) =>
      ![...compared.slice(0, mostCompared), ...same].some(
        (other) =>
          !(other.place === own && other.pattern === pattern) &&
          patternCovers(other.pattern, pattern) &&
          demandsNoMore(other.one, allow) &&
          // Of two that say the same the first one stays.
          !(other.pattern === pattern && demandsNoMore(allow, other.one) && other.place > own),
      ),
  );
}

const patternsOf = (one: Body): readonly string[] => (one.kind === "only" ? one.patterns : []);

/** True when the body surely allows all that another allows by this pattern. */
const dominates = (one: Body, { body, pattern }: { readonly body: Body; readonly pattern: string }): boolean =>
  demandsNoMore(one, body) &&
  (one.kind === "only"
    ? one.patterns.some((wide) => patternCovers(wide, pattern))
    : body.kind === "all-but" && one.patterns.every((hole) => body.patterns.includes(hole)));

/** Narrower places where the new side may allow and the old one did not, though elsewhere both or neither do. */
function hidden({ pattern, sides, group }: Asked): readonly string[] {
  if (group.wildcardOnly) return [];
  const holes = [...sides.before, ...sides.denies]
    .filter(({ kind }) => kind === "all-but")
    .flatMap((one) => one.patterns);
  const places = [...new Set(holes)].filter((one) => one !== pattern && mayOverlap(one, pattern));
  return places.slice(0, mostPlaces);
}

/** Narrower places looked at for one pattern. */
const mostPlaces = 64;

interface Lift {
  readonly deny: Body;
  readonly narrow: string | undefined;
}

/** Denies that the old side has and the new one has not, with the part of the pattern that they closed. */
function lifts({ pattern, sides, group }: Asked): readonly Lift[] {
  return sides.lifted
    .filter((deny) => !sides.denies.some(({ key }) => key === deny.key))
    .flatMap((deny): readonly Lift[] => {
      if (group.wildcardOnly || deny.kind === "all-but") return [{ deny, narrow: undefined }];
      return deny.patterns
        .filter((one) => mayOverlap(one, pattern))
        .slice(0, mostPlaces)
        .map((one) => ({ deny, narrow: patternCovers(one, pattern) ? undefined : one }));
    });
}

/** The gain of an allow's pattern, or of what it has in common with a narrower one; with `deny`, of what that deny closed. */
function granted(asked: Asked, narrow: string | undefined, deny?: Body): Gain | undefined {
  const { allow, pattern, sides, group } = asked;
  const goal =
    deny === undefined
      ? { must: [allow], never: sides.denies, before: sides.before, lifted: [] }
      : { must: [allow, deny], never: sides.denies, before: [], lifted: [] };
  const texts = narrow === undefined ? [pattern] : [pattern, narrow];
  const tries = startsOf(texts, allow).flatMap((start) => {
    const filled = texts.map((text) => resolved(text, allow.version, (key) => start.get(key)) ?? text);
    return placesIn(filled, asked).map((resource) => ({ start, filled, resource }));
  });
  for (const { start, filled, resource } of tries) {
    const target = { resource, wildcardOnly: group.wildcardOnly };
    const context = findContext(goal, (one, given) => one.applies({ ...target, context: given }), start);
    if (context === undefined) continue;
    const stands = (one: Body, where: string): boolean =>
      one.applies({ resource: where, wildcardOnly: group.wildcardOnly, context: (key) => context.get(key) });
    const allowedBefore = sides.before.some((one) => stands(one, resource));
    // What was not allowed anyway was not kept shut by the deny.
    if (deny !== undefined && !allowedBefore) continue;
    const shown = narrow === undefined || patternCovers(narrow, pattern) ? pattern : narrow;
    return {
      resource: group.wildcardOnly ? "*" : shown,
      except: group.wildcardOnly ? [] : exceptions(asked, shown, deny),
      conditions: [...allow.conditions, ...(deny === undefined ? [] : deny.conditions)],
      witness: { resource, context },
      pattern: filled.at(shown === pattern ? 0 : -1) ?? shown,
      denied: deny !== undefined,
      proves: (where) =>
        goal.must.every((one) => stands(one, where)) &&
        !goal.never.some((one) => stands(one, where)) &&
        (deny === undefined ? !sides.before.some((one) => stands(one, where)) : true),
    };
  }
  return undefined;
}

/** Policy variables in a resource get a value first, since the resource is made from it: a new one, or one that the narrower place spells out. */
function startsOf(texts: readonly string[], allow: Body): readonly Circumstances[] {
  const keys = [...new Set(texts.flatMap((text) => variablesOf(text, allow.version)))];
  const demanded = (key: string): string | undefined =>
    allow.conditions.find((one) => one.key.toLowerCase() === key && one.comparison === "string" && !one.negated)
      ?.values[0];
  const usual = new Map(keys.map((key) => [key, demanded(key) ?? newName]));
  if (keys.length === 0 || texts.length === 1) return [usual];
  const spelled = texts.flatMap((text) => text.split(/[/:]/)).filter((one) => one !== "" && !/[*?$]/.test(one));
  const values = [...new Set(spelled)].slice(-mostSpelled);
  return [usual, ...values.map((value) => new Map(keys.map((key) => [key, value])))];
}

const mostSpelled = 8;

function placesIn([pattern = "*", narrow]: readonly string[], { group, around }: Asked): readonly string[] {
  if (group.wildcardOnly) return patternCovers(pattern, "*") ? ["*"] : [];
  const wide = narrow === undefined ? pattern : undefined;
  if (wide === "*") return [...new Set(ofEachService(group).flatMap((action) => everywhere(action, around)))];
  return wide === undefined ? meetings(pattern, narrow ?? "*", around) : instances(wide, around);
}

/** One action of each service: where the first one's resources are left out, another's may not be. */
const ofEachService = ({ actions }: Group): readonly AskedAction[] =>
  [...new Map(actions.toReversed().map((one) => [one.asked.split(":", 1)[0], one])).values()]
    .toReversed()
    .slice(0, mostServices);

const mostServices = 8;

/** A resource of an action whose kind of resource is not known. */
export function everywhere(action: AskedAction | undefined, around: Surroundings): readonly string[] {
  const shaped = (action?.known?.resources ?? [])
    .slice(0, 2)
    .flatMap(({ arn }) => instances(patternOfArn(arn, around), around));
  const service = (action?.asked ?? "").split(":", 1)[0];
  return [["arn", around.partition, service, around.region, around.account, newName].join(":"), ...shaped];
}

/** Resources inside the gain's pattern that are not gained: left out, denied, or allowed before. */
function exceptions({ allow, pattern, sides }: Asked, shown: string, deny: Body | undefined): readonly string[] {
  const left = allow.kind === "all-but" ? allow.patterns : [];
  const shut = sides.denies.filter((one) => demandsNoMore(one, allow)).flatMap(patternsOf);
  // Where an old Deny reaches in, not all that an old Allow names was open.
  const wasOpen = (place: string): boolean =>
    sides.lifted.every((one) => one.kind === "only" && !one.patterns.some((shutAt) => mayOverlap(shutAt, place)));
  const known =
    deny === undefined
      ? sides.before
          .filter((one) => demandsNoMore(one, allow))
          .flatMap(patternsOf)
          .filter(wasOpen)
      : [];
  const spared = deny?.kind === "all-but" ? deny.patterns : [];
  const all = [...new Set([...left, ...shut, ...known, ...spared])].filter(
    (one) => one !== shown && one !== pattern && mayOverlap(one, shown) && !patternCovers(one, shown),
  );
  const wide = all.filter((one) => /[*?]/.test(one)).slice(0, mostCompared);
  return all.filter((one) => !wide.some((other) => other !== one && patternCovers(other, one))).sort();
}
