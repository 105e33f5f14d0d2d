import {
  entryOf,
  inOrder,
  type Located,
  type Problem,
  printPlace,
  problemAt,
  quoted,
  textAt,
} from "../../event/located.ts";
import { type Declarations, registryOf } from "../registry.ts";
import { changeDocument } from "./manifest-change.ts";
import { approverDocument, deploymentDocument, exceptionDocument, profileDocument } from "./manifest-governance.ts";
import { profilesOf, withProfile } from "./manifest-profile.ts";
import type { Reader, Report } from "./manifest-reader.ts";
import { type Declaration, declarationOf, workloadDocument } from "./manifest-workload.ts";
import { suggestion } from "./nearest.ts";

/** All that is declared, or all that is wrong: nothing starts on half a registry. */
export type Manifests =
  | { readonly ok: true; readonly registry: Declarations }
  | { readonly ok: false; readonly problems: readonly [Problem, ...Problem[]] };

/** How the documents of each kind read. */
export const documentReaders = {
  Workload: workloadDocument,
  Exception: exceptionDocument,
  Approver: approverDocument,
  Deployment: deploymentDocument,
  Profile: profileDocument,
  Change: changeDocument,
} as const;

type Kind = keyof typeof documentReaders;
const kinds = Object.keys(documentReaders);

/**
 * Checks every document against the grammar and against each other. `found` are the problems met while reading the
 * files: they are answered with the rest, and no reference is called broken while a file could not be read.
 */
export function readManifests(documents: readonly Located[], found: readonly Problem[] = []): Manifests {
  const problems: Problem[] = [...found];
  const report: Report = (place, message) => problems.push(problemAt(place, message));
  const reportPartial: Report = (place, message, kind) => kind === undefined && report(place, message);
  const unresolved: Problem[] = [];
  const reportName: Report = (place, message) => unresolved.push(problemAt(place, message));
  const known = documents.filter((document) => hasKind(document, report));
  reportDuplicates(known, report);
  const profiles = profilesOf(known);
  const of = (kind: Kind) => known.filter((document) => textAt(document, "kind") === kind);
  const read = <T>(kind: Kind, reader: Reader<T>) =>
    of(kind).flatMap((document) => {
      const value = reader.read(document, report);
      return value === undefined ? [] : [{ value, where: `${document.place.file}:${document.place.line}` }];
    });
  const declarations = of("Workload").flatMap((document): readonly Declaration[] => {
    const { value: whole, extent } = withProfile(document, profiles, reportName);
    const value = workloadDocument.read(whole, extent === "whole" ? report : reportPartial);
    return value === undefined ? [] : [declarationOf(value, whole)];
  });
  for (const profile of of("Profile")) {
    withProfile(profile, profiles, reportName);
    profileDocument.read(profile, reportPartial);
  }
  const rest = {
    exceptions: read("Exception", exceptionDocument).map(named),
    approvers: read("Approver", approverDocument).map(named),
    deployments: read("Deployment", deploymentDocument).map(named),
    changes: read("Change", changeDocument).map(named),
  };
  const { registry, problems: clashes } = registryOf(declarations, rest);
  problems.push(...clashes);
  if (found.length === 0) problems.push(...unresolved);
  if (problems.length === 0) problems.push(...brokenReferences(known));
  const [first, ...others] = inOrder(problems);
  return first === undefined ? { ok: true, registry } : { ok: false, problems: [first, ...others] };
}

const named = <S>({
  value,
  where,
}: {
  readonly value: { readonly metadata: { readonly name: string }; readonly spec: S };
  readonly where: string;
}) => ({
  ...value.spec,
  name: value.metadata.name,
  where,
});

function hasKind(document: Located, report: Report): boolean {
  if (document.kind !== "mapping") {
    report(document.place, "a manifest is a mapping of apiVersion, kind, metadata and spec");
    return false;
  }
  const kind = textAt(document, "kind");
  if (kind !== undefined && kinds.includes(kind)) return true;
  const entry = entryOf(document, "kind");
  if (entry === undefined) report(document.place, `the document needs "kind": one of ${kinds.join(", ")}`);
  else
    report(
      entry.value.place,
      kind === undefined
        ? `expected one of ${kinds.join(", ")}`
        : `unknown kind ${quoted(kind)}${suggestion(kind, kinds)}`,
    );
  return false;
}

function reportDuplicates(documents: readonly Located[], report: Report): void {
  const first = new Map<string, Located>();
  for (const document of documents) {
    const name = textAt(document, "metadata", "name");
    if (name === undefined) continue;
    const key = `${textAt(document, "kind")} ${name}`;
    const before = first.get(key);
    const place = entryOf(entryOf(document, "metadata")?.value, "name")?.value.place ?? document.place;
    if (before === undefined) first.set(key, document);
    else
      report(
        place,
        `${textAt(document, "kind")} ${quoted(name)} is already declared at ${printPlace(before.place)}: choose another name`,
      );
  }
}

/** Names that point at other documents. Approvers may be groups of the identity provider, until one is declared here. */
function brokenReferences(documents: readonly Located[]): readonly Problem[] {
  const namesOf = (kind: Kind) =>
    documents.filter((one) => textAt(one, "kind") === kind).map((one) => textAt(one, "metadata", "name") ?? "");
  const workloads = namesOf("Workload");
  const approvers = namesOf("Approver");
  return documents.flatMap((document) => {
    const spec = entryOf(document, "spec")?.value;
    const names = ["Exception", "Change"].includes(textAt(document, "kind") ?? "");
    const workload = names ? entryOf(spec, "workload")?.value : undefined;
    const asked = entryOf(entryOf(spec, "response")?.value, "approvers")?.value;
    return [
      ...(workload === undefined ? [] : missing(workload, "Workload", workloads)),
      ...(asked?.kind === "list" && approvers.length > 0
        ? asked.items.flatMap((one) => missing(one, "Approver", approvers))
        : []),
    ];
  });
}

const missing = (value: Located, kind: Kind, names: readonly string[]): readonly Problem[] =>
  value.kind === "text" && !names.includes(value.text)
    ? [problemAt(value.place, `no ${kind} is named ${quoted(value.text)}${suggestion(value.text, names)}`)]
    : [];
