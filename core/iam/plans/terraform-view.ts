import { textsIn, textUnder, under } from "./plan-value.ts";
import type { HolderKey, Said } from "./planned-access.ts";
import { deferredDocument } from "./terraform-document.ts";
import type { TerraformChange } from "./terraform-references.ts";

/** One side of a change. */
export interface View {
  readonly change: TerraformChange;
  readonly values: unknown;
  /** Whether an argument is known only when the change is applied. */
  isOpen(name: string): boolean;
  /** What an argument refers to, where it is known only then. */
  referred(...path: readonly string[]): readonly TerraformChange[];
}

/** What one type of resource says about access. */
export type ReadsView = (view: View) => readonly Said[];

export const textOf = (view: View, argument: string): string | undefined => textUnder(view.values, argument);

/** A document, why it is not there, or nothing where none is meant. */
export type Read = { readonly document: unknown } | { readonly because: string } | undefined;

/** The document in an argument; of one that is known after apply, what its data source tells already. */
export function documentIn(view: View, argument: string): Read {
  const value = under(view.values, argument);
  if (typeof value === "string" && value !== "") return { document: value };
  if (!view.isOpen(argument)) return undefined;
  for (const source of view.referred(argument)) {
    const document = source.mode === "data" ? deferredDocument(source) : undefined;
    if (document !== undefined) return { document };
  }
  return { because: `${argument} is known after apply` };
}

/** Says what a document makes of a holder, or that it is not known. */
export function withDocument(read: Read, holder: HolderKey, say: (document: unknown) => Said): readonly Said[] {
  if (read === undefined) return [];
  return ["document" in read ? say(read.document) : { kind: "unknown", holder, what: read.because }];
}

/** Managed policies that an argument names: ARNs, or the plan's own by address. */
export function policiesIn(view: View, argument: string): readonly string[] {
  const value = under(view.values, argument);
  const known = textsIn(Array.isArray(value) ? value : [value]);
  if (!view.isOpen(argument)) return known;
  const own = view.referred(argument).filter(({ type }) => type === "aws_iam_policy");
  return [...known, ...own.map(({ address }) => address)];
}
