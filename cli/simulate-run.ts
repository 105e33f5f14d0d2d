import { loadAccountState } from "../adapters/local/account-state.ts";
import { instant } from "../core/event/instant.ts";
import type { PlannedEffect } from "../core/flow/simulate/planned-effect.ts";
import { plannedEffects } from "../core/flow/simulate/planned-effects.ts";
import { type CallReport, callsIn, simulatedCalls, withEventIds } from "../core/flow/simulate/simulated-calls.ts";
import { type CallJudge, contained, controlsJudge, holdersJudge } from "../core/flow/simulate/simulated-candidate.ts";
import { readContainment } from "../core/flow/simulate/simulated-containment.ts";
import { envelopeJudge } from "../core/flow/simulate/simulated-envelope.ts";
import { type FindingReport, simulatedFindings } from "../core/flow/simulate/simulated-findings.ts";
import { onlyDenies } from "../core/flow/simulate/simulated-policy.ts";
import type { AccountState } from "../core/iam/account/account-model.ts";
import { noAccounts } from "../core/iam/account/account-state.ts";
import { readChangeSet } from "../core/iam/plans/change-set.ts";
import { readTerraformPlan } from "../core/iam/plans/terraform-plan.ts";
import { nearest } from "../core/identity/manifest/nearest.ts";
import type { Declarations } from "../core/identity/registry.ts";
import { iamTables } from "./iam-tables.ts";
import { type GivenCandidate, jsonOf, policyIn, templateIn, textIn } from "./simulate-candidates.ts";
import type { SimulatedRecords } from "./simulate-records.ts";
import { pathFrom, type Terminal, visible } from "./terminal.ts";
import { usageError } from "./usage.ts";

/** What one candidate would have changed. */
export type Result =
  | {
      readonly kind: "calls";
      readonly name: string;
      readonly file: string;
      readonly report: CallReport;
      readonly notes: readonly string[];
    }
  | {
      readonly kind: "manifests";
      readonly name: string;
      readonly folder: string;
      readonly findings: FindingReport;
      readonly report: CallReport;
    }
  | {
      readonly kind: "plan";
      readonly name: string;
      readonly file: string;
      readonly text: string;
      readonly effects: readonly PlannedEffect[];
    };

/** Whether calls on different resources are told apart. */
export type Apart = "together" | "apart";

/** A candidate that is judged by records, read and checked before any record is. */
export interface Ready {
  readonly name: string;
  readonly file: string;
  readonly judge: CallJudge;
  readonly notes: readonly string[];
}

/** Reads the candidates that calls are judged by. What is wrong with one is said before anything runs. */
export async function readyCandidates(
  given: readonly GivenCandidate[],
  registry: Declarations,
): Promise<readonly Ready[]> {
  const groups = Map.groupBy(given, ({ kind, holders, account, file }) =>
    JSON.stringify([kind, [...holders].sort(), account, kind === "plan" ? file : ""]),
  );
  return Promise.all(
    [...groups.values()].flatMap((group) => {
      const [first] = group;
      return first === undefined ? [] : [readyOf(first, group, registry)];
    }),
  );
}

async function readyOf(
  first: GivenCandidate,
  group: readonly GivenCandidate[],
  registry: Declarations,
): Promise<Ready> {
  const { table } = iamTables;
  const { kind, file, holders, account } = first;
  const files = group.map((one) => one.file).join(" and ");
  if (kind === "plan") {
    const read = readContainment(jsonOf(file, await textIn(file)));
    if (!read.ok) throw usageError(`cordon simulate: ${file} is no containment: ${read.because}`);
    const { notSimulated } = read.containment;
    return {
      name: `the containment ${file}`,
      file,
      judge: contained(read.containment, table),
      notes: notSimulated.map((step) => `what the step ${step} of ${file} stops is not in records of calls`),
    };
  }
  const documents = await Promise.all(group.map((one) => policyIn(one.file)));
  if (kind === "policy" || kind === "boundary") {
    if (holders.length === 0) throw usageError(`cordon simulate: say with --for whom --${kind} ${file} is meant for`);
    for (const who of holders) mustBeKnown(who, registry);
    const notes =
      kind === "policy"
        ? ["a call that only the resource's own policy allowed counts as one that the identity policy must allow"]
        : [];
    return {
      name: `${kind} ${files} for ${holders.join(" and ")}`,
      file,
      judge: holdersJudge({ kind, documents }, holders, table),
      notes,
    };
  }
  const levels = documents.map((one) => [one]);
  const beside = levels.some(onlyDenies);
  return {
    name: `service control policy ${files}${account === undefined ? "" : ` over ${account}`}`,
    file,
    judge: controlsJudge({ kind: "scp", levels }, account, table),
    notes: [
      "the management account is not bound by service control policies; which one it is, records do not say",
      ...(beside ? ["policies that only deny are taken to be attached beside FullAWSAccess"] : []),
    ],
  };
}

function mustBeKnown(who: string, registry: Declarations): void {
  if (who.startsWith("arn:") || registry.named(who) !== undefined) return;
  const meant = nearest(
    who,
    registry.workloads.map(({ name }) => name),
  );
  throw usageError(
    `cordon simulate: --for ${who}: no manifest has this name${meant === undefined ? "" : `; did you mean ${meant}?`} (or give an ARN)`,
  );
}

/** Judges what records show by one candidate. */
export function judgedCalls({ name, file, judge, notes }: Ready, records: SimulatedRecords, resources: Apart): Result {
  return { kind: "calls", name, file, report: reportOf(records, judge, resources), notes };
}

/** Compares the manifests with those they would replace; with `before` undefined, with none at all. */
export async function judgedManifests(
  folder: string,
  manifests: { readonly now: Declarations; readonly before: Declarations },
  records: SimulatedRecords,
  resources: Apart,
): Promise<Result> {
  const before = await records.settledUnder(manifests.before);
  const envelopes = envelopeJudge(manifests.now, iamTables);
  const judge: CallJudge = {
    concerns: ({ attribution }) => attribution.kind === "workload" && attribution.declared,
    judge: envelopes,
  };
  return {
    kind: "manifests",
    name: `the manifests in ${folder}`,
    folder,
    findings: simulatedFindings(before, records.settlement),
    report: reportOf(records, judge, resources),
  };
}

function reportOf({ state, horizon, settlement }: SimulatedRecords, judge: CallJudge, resources: Apart): CallReport {
  const { attributionOf } = settlement;
  const seen = callsIn(state, { horizon, authorise: iamTables.authorise, attributionOf });
  const report = simulatedCalls(seen, { ...judge, resources });
  return { ...report, effects: withEventIds(report.effects, state, horizon) };
}

/** What plans of infrastructure would grant beyond the envelopes. */
export async function judgedPlan(
  { kind, file, account, template }: GivenCandidate,
  registry: Declarations,
  accounts: AccountState,
): Promise<Result> {
  const text = await textIn(file);
  const value = jsonOf(file, text);
  const read =
    kind === "terraform"
      ? readTerraformPlan(value)
      : readChangeSet(value, template === undefined ? undefined : await templateIn(template));
  if (!read.ok)
    throw usageError(
      `cordon simulate: ${file} cannot be read as a ${kind === "terraform" ? "Terraform plan" : "change set"}: ${read.because}`,
    );
  const effects = plannedEffects(read.access, {
    registry,
    tables: iamTables,
    accounts,
    account: account ?? read.account,
    partition: read.partition ?? "aws",
    at: instant(Date.now()),
  });
  return {
    kind: "plan",
    name: `${kind === "terraform" ? "Terraform plan" : "change set"} ${file}`,
    file,
    text,
    effects,
  };
}

/** IAM as it is now, beside what a plan says. */
export async function accountsFor(given: readonly string[], terminal: Terminal): Promise<AccountState> {
  if (given.length === 0) return noAccounts;
  const { state, problems } = await loadAccountState(given.map((shown) => ({ path: pathFrom(shown), shown })));
  for (const { file, path, message } of problems.slice(0, 20))
    terminal.err(visible(`${file}${path === "" ? "" : `: ${path}`}: ${message}`));
  if (problems.length > 0)
    throw usageError(`${problems.length} part(s) of the account state could not be read: nothing ran on half of it`);
  return state;
}
