import type { ActionTable } from "../action-table.ts";
import type { ContextValue } from "../context.ts";
import { globCovers } from "../glob-meet.ts";
import { type HiddenRule, hiddenRule, hiddenRules } from "../hidden-rules.ts";
import type { PolicyDocument } from "../policy.ts";
import { type ShownCondition, shownCondition } from "./condition-shown.ts";
import { type AskedAction, type Group, grouping } from "./difference-actions.ts";
import { everywhere, type Gain, gainsOf } from "./gain.ts";
import { instances, meetings, patternOfArn, type Surroundings } from "./witness-resource.ts";

/** What one side allows and the other does not, of one action. */
export interface DifferenceRow {
  /** Canonical case; what the action table does not know as it is written. */
  readonly action: string;
  /** A resource pattern, as the policy writes it. */
  readonly resource: string;
  /** Patterns inside it that are not part of the difference. */
  readonly except: readonly string[];
  /** What has to hold besides; empty when nothing has to. */
  readonly condition: ShownCondition;
  readonly witness: Witness;
}

/** A request that one side allows and the other does not. The caller is in the resource's account. */
export interface Witness {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, ContextValue>>;
  /** A statement that the resource's own policy has to make: a KMS key is never used by identity policies alone. */
  readonly resourcePolicy?: KeyPolicy;
}

/** A resource policy as AWS's grammar has it. */
export interface KeyPolicy {
  readonly Version: string;
  readonly Statement: readonly Readonly<Record<string, string | Readonly<Record<string, string>>>>[];
}

export interface Difference {
  readonly added: readonly DifferenceRow[];
  readonly removed: readonly DifferenceRow[];
  /** Rows that were left out because there were too many; 0 for any pair that people write. */
  readonly left: number;
}

/** Rows kept of each side: all actions of the table, several times over. */
const mostRows = 100_000;

/**
 * Compares identity policies by what they allow, not by how they are written: `differ(old, now)` answers with the
 * requests that only one side allows, sorted, and a witness for each. Only what a witness was found for is named. Remembers
 * what the table answered, so a second pair is quicker than the first.
 */
export function differing(
  table: ActionTable,
  around: Surroundings,
): (old: readonly PolicyDocument[], now: readonly PolicyDocument[]) => Difference {
  const { groups } = grouping(table);
  const proven = resourcesOf(around);
  return (old, now) => {
    const found = groups(old, now);
    const added = rowsOf(found, { around, proven });
    const removed = rowsOf(
      found.map((one) => ({ ...one, old: one.now, now: one.old })),
      { around, proven },
    );
    return { added: added.rows, removed: removed.rows, left: added.left + removed.left };
  };
}

/** The half of a difference that grants: what `differing` answers as `added`, without the work for what is taken away. */
export function gaining(
  table: ActionTable,
  around: Surroundings,
): (old: readonly PolicyDocument[], now: readonly PolicyDocument[]) => readonly DifferenceRow[] {
  const { groups } = grouping(table);
  const proven = resourcesOf(around);
  return (old, now) => rowsOf(groups(old, now), { around, proven }).rows;
}

interface Making {
  readonly around: Surroundings;
  readonly proven: Proven;
}

function rowsOf(
  groups: readonly Group[],
  making: Making,
): { readonly rows: readonly DifferenceRow[]; readonly left: number } {
  const rows: Sortable[] = [];
  let left = 0;
  for (const group of groups)
    for (const gain of gainsOf(group, making.around)) {
      const { resource, except } = gain;
      const condition = shownCondition(gain.conditions);
      const context = Object.fromEntries([...gain.witness.context].sort(([a], [b]) => (a < b ? -1 : 1)));
      const rest = JSON.stringify([resource, condition, except]);
      const service = serviceIn(gain.pattern);
      for (const action of group.actions) {
        if (!group.wildcardOnly && misplaced(action, service)) continue;
        const proof = witnessOf(action, gain, group, making);
        if (proof === undefined) continue;
        const witness =
          proof.policy === undefined
            ? { action: action.asked, resource: proof.resource, context }
            : { action: action.asked, resource: proof.resource, context, ...proof.policy };
        if (rows.length >= mostRows) left++;
        else rows.push({ row: { action: action.name, resource, except, condition, witness }, rest });
      }
    }
  rows.sort((a, b) => compared(a.row.action, b.row.action) || compared(a.rest, b.rest));
  const distinct = rows.filter(({ row, rest }, at) => {
    const before = rows[at - 1];
    return before === undefined || before.row.action !== row.action || before.rest !== rest;
  });
  return { rows: distinct.map(({ row }) => row), left };
}

interface Sortable {
  readonly row: DifferenceRow;
  /** What rows of one action are sorted by, and told apart by. */
  readonly rest: string;
}

const compared = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

interface Proof {
  readonly resource: string;
  readonly policy?: { readonly resourcePolicy: KeyPolicy };
}

/** A resource for one action of the group, or nothing where AWS's own rules leave nothing to gain. */
function witnessOf(action: AskedAction, gain: Gain, group: Group, { around, proven }: Making): Proof | undefined {
  if (group.wildcardOnly) return ruled(action) ? judged(action, gain, ["*"], around) : { resource: "*" };
  const made = proven(action, gain);
  return ruled(action) ? judged(action, gain, [made, gain.witness.resource], around) : { resource: made };
}

const ruledServices = new Set(hiddenRules.flatMap(({ actions }) => actions.map((one) => one.split(":", 1)[0] ?? "")));

const ruled = ({ service }: AskedAction): boolean => ruledServices.has(service);

/** The first of the resources on which the rules that no policy states let the request through. */
function judged({ asked }: AskedAction, gain: Gain, tried: readonly string[], around: Surroundings): Proof | undefined {
  const rules = (effect: HiddenRule["effect"], resource: string): boolean =>
    hiddenRule(effect, asked, resource) !== undefined;
  const possible = tried.filter(
    (resource) =>
      !rules("free", resource) && !rules("refused", resource) && (gain.denied || !rules("granted", resource)),
  );
  const [first] = possible;
  if (first === undefined) return undefined;
  const alone = possible.find((resource) => !rules("resource-policy", resource));
  if (alone !== undefined) return { resource: alone };
  if (gain.proves("*")) return { resource: "*" };
  const account = first.split(":")[4] ?? "";
  return {
    resource: first,
    policy: { resourcePolicy: lettingIn(/^\d{12}$/.test(account) ? account : around.account) },
  };
}

/** A key's policy as AWS makes it: the account's own policies decide. */
const lettingIn = (account: string): KeyPolicy => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: account }, Action: "kms:*", Resource: "*" }],
});

/** The service that a resource pattern names for certain; `nothing` when no ARN at all is of the pattern. */
function serviceIn(pattern: string): { readonly service: string } | "any" | "nothing" {
  if (pattern === "*") return "any";
  const fields = pattern.split(":", 3);
  const [scheme = "", , service] = fields;
  if (!/[*?$]/.test(scheme) && scheme !== "arn") return "nothing";
  // A star with text beside it may reach over colons; one alone is a field that is left open.
  const unsure =
    service === undefined || /[*?$]/.test(service) || fields.some((one) => /[*?]/.test(one) && one !== "*");
  return unsure ? "any" : { service };
}

/** True when the pattern names a service that none of the action's resources is of: nobody ever asks for that. */
function misplaced({ known, name }: AskedAction, named: ReturnType<typeof serviceIn>): boolean {
  if (known === undefined || named === "any") return false;
  if (named === "nothing") return true;
  const { service } = named;
  const ofService = (text: string, from: number): boolean =>
    text.startsWith(service, from) && text[from + service.length] === ":";
  return !ofService(name, 0) && !known.resources.some(({ arn }) => ofService(arn, arn.indexOf(":", 4) + 1));
}

type Proven = (action: AskedAction, gain: Gain) => string;

/** Resources that look like the action's own, where the gain's context proves it on them as well; else the gain's. */
function resourcesOf(around: Surroundings): Proven {
  const shapes = new Map<string, string>();
  const shapeOf = (arn: string): string => {
    const known = shapes.get(arn) ?? patternOfArn(arn, undefined);
    shapes.set(arn, known);
    return known;
  };
  const examples = new Map<string, readonly string[]>();
  const examplesOf = (arn: string): readonly string[] => {
    const known = examples.get(arn) ?? instances(patternOfArn(arn, around), around);
    examples.set(arn, known);
    return known;
  };
  const fitting = (arn: string, gain: Gain): string | undefined => {
    if (gain.pattern === "*") return examplesOf(arn).find((one) => gain.proves(one));
    const sameService = arn.split(":", 3)[2] === gain.pattern.split(":", 3)[2];
    return (sameService ? meetings(shapeOf(arn), gain.pattern, around) : []).find((one) => gain.proves(one));
  };
  const made = (action: AskedAction, gain: Gain): string => {
    const types = action.known?.resources ?? [];
    const own = gain.witness.resource;
    if (gain.pattern !== "*" && types.some(({ arn }) => globCovers(shapeOf(arn), own))) return own;
    for (const { arn } of types) {
      const found = fitting(arn, gain);
      if (found !== undefined) return found;
    }
    const [first] = gain.pattern === "*" ? everywhere(action, around) : [];
    return first !== undefined && gain.proves(first) ? first : own;
  };
  // Actions of one kind share their list of resource types.
  const byGain = new WeakMap<Gain, Map<unknown, string>>();
  return (action, gain) => {
    const memory = byGain.get(gain) ?? new Map<unknown, string>();
    byGain.set(gain, memory);
    const kind = action.known?.resources ?? action;
    const found = memory.get(kind) ?? made(action, gain);
    memory.set(kind, found);
    return found;
  };
}
