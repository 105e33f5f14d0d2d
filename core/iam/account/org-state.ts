import { type PolicyDocument, parsePolicy } from "../policy.ts";
import type { IamWrite, OfOrganization } from "./iam-change.ts";

/** Kinds of organization policies that bound what is allowed (Organizations API reference, `PolicyType`). */
export type ControlKind = "SERVICE_CONTROL_POLICY" | "RESOURCE_CONTROL_POLICY";

/** Roots, units, accounts and the policies over them. Ids are the organization's own: `r-…`, `ou-…`, account ids, `p-…`. */
export interface OrgState {
  /** Not bounded by its organization's policies. */
  readonly management?: string;
  /** From a unit or account to what it is under; roots are under nothing. */
  readonly parents: ReadonlyMap<string, string>;
  readonly controls: ReadonlyMap<string, { readonly kind: ControlKind; readonly document: PolicyDocument }>;
  /** From a root, unit or account to the ids of the policies attached to it. */
  readonly attached: ReadonlyMap<string, readonly string[]>;
  /** Kinds that are switched off at the root. */
  readonly off: ReadonlySet<ControlKind>;
}

/** The policies over an account, a set for each level from the root down to the account itself. */
export interface ControlLevels {
  readonly service: readonly (readonly PolicyDocument[])[];
  readonly resource: readonly (readonly PolicyDocument[])[];
  /** Ids of policies that are attached and whose text is not known. */
  readonly missing: readonly string[];
}

/** Organizations nests units five deep below the root; more is a loop in a broken file. */
const deepest = 16;

/** Nothing when the state does not say where the account stands. */
export function controlsOver(state: OrgState, account: string): ControlLevels | undefined {
  if (account === state.management) return { service: [], resource: [], missing: [] };
  if (!state.parents.has(account)) return undefined;
  const path: string[] = [];
  for (
    let here: string | undefined = account;
    here !== undefined && path.length < deepest;
    here = state.parents.get(here)
  )
    path.unshift(here);
  const missing = new Set<string>();
  const levels = (kind: ControlKind): readonly (readonly PolicyDocument[])[] =>
    state.off.has(kind)
      ? []
      : path.map((target) =>
          (state.attached.get(target) ?? []).flatMap((id) => {
            const control = state.controls.get(id);
            if (control === undefined) missing.add(id);
            return control?.kind === kind ? [control.document] : [];
          }),
        );
  const service = levels("SERVICE_CONTROL_POLICY");
  // Full access for resources is attached everywhere by AWS and cannot be taken off; an empty level denies nothing.
  const resource = levels("RESOURCE_CONTROL_POLICY");
  return { service, resource, missing: [...missing].sort() };
}

/** The organization after one write. Pure: the state before stays as it is. */
export function orgAfter(state: OrgState, { change }: IamWrite): OrgState {
  return isOrgChange(change) ? changed(state, change) : state;
}

const isOrgChange = (change: IamWrite["change"]): change is OfOrganization =>
  change.kind === "moved" || change.kind.startsWith("control");

function changed(state: OrgState, change: OfOrganization): OrgState {
  switch (change.kind) {
    case "control-created": {
      const kind = kindOf(change.type);
      return kind === undefined ? state : written(state, { id: change.control, kind, text: change.document });
    }
    case "control-updated": {
      const kind = state.controls.get(change.control)?.kind;
      return kind === undefined ? state : written(state, { id: change.control, kind, text: change.document });
    }
    case "control-deleted": {
      const controls = new Map(state.controls);
      controls.delete(change.control);
      return { ...state, controls };
    }
    case "control-attached":
    case "control-detached": {
      const others = (state.attached.get(change.target) ?? []).filter((one) => one !== change.control);
      const now = change.kind === "control-attached" ? [...others, change.control] : others;
      return { ...state, attached: new Map(state.attached).set(change.target, now) };
    }
    case "controls-on":
    case "controls-off": {
      const kind = kindOf(change.type);
      if (kind === undefined) return state;
      const off = new Set(state.off);
      if (change.kind === "controls-off") off.add(kind);
      else off.delete(kind);
      return { ...state, off };
    }
    case "moved": {
      const parents = new Map(state.parents);
      if (change.to === undefined) parents.delete(change.child);
      else parents.set(change.child, change.to);
      return { ...state, parents };
    }
  }
}

export const kindOf = (type: string): ControlKind | undefined =>
  type === "SERVICE_CONTROL_POLICY" || type === "RESOURCE_CONTROL_POLICY" ? type : undefined;

/** A text that cannot be read leaves the policy unknown: it is then named as missing. */
function written(
  state: OrgState,
  { id, kind, text }: { readonly id: string; readonly kind: ControlKind; readonly text: unknown },
): OrgState {
  const controls = new Map(state.controls);
  const read = parsePolicy(text);
  if (read.ok) controls.set(id, { kind, document: read.document });
  else controls.delete(id);
  return { ...state, controls };
}
