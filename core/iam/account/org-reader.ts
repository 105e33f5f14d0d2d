import { parsePolicy } from "../policy.ts";
import type { AccountProblem } from "./account-reader.ts";
import { fieldsOf, listOf, textOf } from "./iam-change.ts";
import { type ControlKind, kindOf, type OrgState } from "./org-state.ts";

type Report = (path: string, message: string) => void;

/**
 * Reads one file of `--org-state`: one JSON object whose lists are put together from what `aws organizations` prints
 * (docs/commands.md has the lines). What cannot be read is named and left out, never guessed.
 */
export function readOrganization(
  value: unknown,
  file: string,
): { readonly state: OrgState | undefined; readonly problems: readonly AccountProblem[] } {
  const problems: AccountProblem[] = [];
  const report: Report = (path, message) => problems.push({ file, path, message });
  const given = fieldsOf(value);
  if (!Array.isArray(given["Roots"])) {
    report("Roots", "expected one JSON object with Roots, OrganizationalUnits, Accounts and Policies");
    return { state: undefined, problems };
  }
  const organization = fieldsOf(given["Organization"]);
  const management = textOf(organization["MasterAccountId"]) || textOf(organization["ManagementAccountId"]);
  const roots = listOf(given["Roots"]).map(fieldsOf);
  const places = new Set(roots.map((one) => textOf(one["Id"])));
  const parents = new Map<string, string>();
  for (const name of ["OrganizationalUnits", "Accounts"])
    for (const [at, one] of listOf(given[name]).map(fieldsOf).entries()) {
      const [id, parent] = [textOf(one["Id"]), textOf(one["ParentId"])];
      if (id === "" || parent === "")
        report(`${name}[${at}]`, "expected an Id and the ParentId it is under; it is left out");
      else {
        parents.set(id, parent);
        places.add(id);
      }
    }
  for (const [id, parent] of parents)
    if (!places.has(parent)) report(id, `its parent ${parent} is not in this file: policies above it are not known`);
  const { controls, attached } = controlsIn(given["Policies"], places, report);
  return {
    state: {
      ...(management === "" ? {} : { management }),
      parents,
      controls,
      attached,
      off: new Set(kinds.filter((kind) => roots.length > 0 && roots.every((root) => isOff(root["PolicyTypes"], kind)))),
    },
    problems,
  };
}

const kinds: readonly ControlKind[] = ["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"];

/** A root that lists its policy types and not this one has it switched off. */
function isOff(types: unknown, kind: ControlKind): boolean {
  const named = listOf(types).map(fieldsOf);
  return Array.isArray(types) && !named.some((one) => one["Type"] === kind && one["Status"] !== "PENDING_DISABLE");
}

function controlsIn(
  given: unknown,
  places: ReadonlySet<string>,
  report: Report,
): Pick<OrgState, "controls" | "attached"> {
  const controls = new Map<string, { readonly kind: ControlKind; readonly document: ParsedDocument }>();
  const attached = new Map<string, readonly string[]>();
  for (const [at, raw] of listOf(given).entries()) {
    const path = `Policies[${at}]`;
    const one = fieldsOf(fieldsOf(raw)["Policy"] ?? raw);
    const summary = fieldsOf(one["PolicySummary"]);
    const id = textOf(summary["Id"]);
    const kind = kindOf(textOf(summary["Type"]));
    if (id === "" || kind === undefined) {
      report(path, "expected a PolicySummary with Id and Type (service or resource control policy); it is left out");
      continue;
    }
    const read = parsePolicy(one["Content"]);
    if (read.ok) controls.set(id, { kind, document: read.document });
    else report(`${path}.Content`, `${read.because}; what ${id} forbids is not known`);
    for (const target of listOf(fieldsOf(raw)["Targets"]).map((two) => textOf(fieldsOf(two)["TargetId"]))) {
      if (!places.has(target)) report(`${path}.Targets`, `${target} is no root, unit or account of this file`);
      attached.set(target, [...(attached.get(target) ?? []), id]);
    }
  }
  return { controls, attached };
}

type ParsedDocument = Extract<ReturnType<typeof parsePolicy>, { readonly ok: true }>["document"];
