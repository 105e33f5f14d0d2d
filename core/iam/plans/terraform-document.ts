import { asList, listUnder, textsIn, textUnder, under } from "./plan-value.ts";
import { afterApply } from "./planned-access.ts";
import type { TerraformChange } from "./terraform-references.ts";

/**
 * The policy that a data source `aws_iam_policy_document` will make, where Terraform puts off reading it: what is known of
 * its statements, and `afterApply` for the rest. Nothing when it takes whole documents from elsewhere.
 */
export function deferredDocument({ type, after, afterUnknown }: TerraformChange): unknown {
  if (type !== "aws_iam_policy_document") return undefined;
  const merged = ["source_policy_documents", "override_policy_documents", "source_json", "override_json"];
  if (merged.some((name) => isSet(under(after, name)) || isUnknown(under(afterUnknown, name)))) return undefined;
  if (under(afterUnknown, "statement") === true) return undefined;
  const open = listUnder(afterUnknown, "statement");
  return {
    Version: textUnder(after, "version") ?? "2012-10-17",
    Statement: listUnder(after, "statement").map((one, at) => statementOf(one, open[at])),
  };
}

function statementOf(known: unknown, open: unknown): unknown {
  const texts = (name: string): readonly string[] => [
    ...textsIn(listUnder(known, name)),
    ...(isUnknown(under(open, name)) ? [afterApply] : []),
  ];
  const element = (name: string, values: readonly string[]) => (values.length === 0 ? {} : { [name]: values });
  return {
    ...(textUnder(known, "sid") === undefined ? {} : { Sid: textUnder(known, "sid") }),
    Effect: textUnder(known, "effect") ?? "Allow",
    ...element("Action", texts("actions")),
    ...element("NotAction", texts("not_actions")),
    ...element("Resource", texts("resources")),
    ...element("NotResource", texts("not_resources")),
    ...principalsOf("Principal", listUnder(known, "principals"), asList(under(open, "principals"))),
    ...principalsOf("NotPrincipal", listUnder(known, "not_principals"), asList(under(open, "not_principals"))),
    ...conditionsOf(listUnder(known, "condition"), asList(under(open, "condition"))),
  };
}

function principalsOf(element: string, blocks: readonly unknown[], open: readonly unknown[]): object {
  const types = new Map<string, string[]>();
  for (const [at, block] of blocks.entries()) {
    const type = textUnder(block, "type") ?? "AWS";
    const names = [
      ...textsIn(listUnder(block, "identifiers")),
      ...(isUnknown(under(open[at], "identifiers")) ? [afterApply] : []),
    ];
    types.set(type, [...(types.get(type) ?? []), ...names]);
  }
  if (types.size === 0) return {};
  return { [element]: types.has("*") ? "*" : Object.fromEntries(types) };
}

function conditionsOf(blocks: readonly unknown[], open: readonly unknown[]): object {
  const tests = new Map<string, Map<string, readonly string[]>>();
  for (const [at, block] of blocks.entries()) {
    const keys = tests.get(textUnder(block, "test") ?? "") ?? new Map<string, readonly string[]>();
    const values = [
      ...textsIn(listUnder(block, "values")),
      ...(isUnknown(under(open[at], "values")) ? [afterApply] : []),
    ];
    keys.set(textUnder(block, "variable") ?? "", values);
    tests.set(textUnder(block, "test") ?? "", keys);
  }
  return tests.size === 0
    ? {}
    : { Condition: Object.fromEntries([...tests].map(([test, keys]) => [test, Object.fromEntries(keys)])) };
}

const isSet = (value: unknown): boolean =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);

/** Terraform marks what it does not know with `true`, at any depth. */
export const isUnknown = (mark: unknown): boolean =>
  mark === true ||
  (Array.isArray(mark) && mark.some(isUnknown)) ||
  (typeof mark === "object" && mark !== null && !Array.isArray(mark) && Object.values(mark).some(isUnknown));
