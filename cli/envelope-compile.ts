import { existsSync, statSync } from "node:fs";
import { Command, Option } from "commander";
import { loadManifestFile } from "../adapters/local/manifest-file.ts";
import accelerators from "../core/detect/accelerators.data.json" with { type: "json" };
import { familyDeclared } from "../core/detect/capacity/accelerator.ts";
import { type Instant, instant } from "../core/event/instant.ts";
import {
  type EnvelopePolicy,
  type PolicyKind,
  policyOf,
  sizeLimits,
} from "../core/identity/envelope/envelope-policy.ts";
import { nearest } from "../core/identity/manifest/nearest.ts";
import type { Registry, Workload } from "../core/identity/workload.ts";
import { iamTables } from "./iam-tables.ts";
import { registryFrom } from "./registry.ts";
import { exit, pathFrom, type Terminal, visible } from "./terminal.ts";
import { usageError } from "./usage.ts";

/** `cordon envelope compile <workload|FILE> --to …`: the envelope as a policy that AWS enforces. */
export function compileCommand(terminal: Terminal, exitWith: (code: number) => void): Command {
  return new Command("compile")
    .summary("an envelope as an AWS policy, within AWS's size limits")
    .description("Writes a workload's envelope as a policy that allows nothing outside of it.")
    .argument("<workload|FILE>", "a declared workload's name, or a file with its manifest")
    .addOption(new Option("--to <KIND>", "what AWS keeps it as").choices(Object.keys(sizeLimits)).makeOptionMandatory())
    .option("--workloads <DIR>", "folder of manifests (default: ./workloads)")
    .option("--grants", "also the manifest's grants that are not over, each in its time")
    .option("--json", "the policy with its size and notes as one line of JSON, nothing on standard error")
    .addHelpText("after", help)
    .action(async (name: string, options: CompileOptions) =>
      exitWith(await compileEnvelopePolicy(name, { ...options, now: instant(Date.now()) }, terminal)),
    );
}

export interface CompileOptions {
  readonly to: PolicyKind;
  readonly workloads?: string;
  readonly grants?: boolean;
  readonly json?: boolean;
}

const help = `
Output:
  The policy document on one line, without white space, on standard output; on standard error its size and
  what it cannot say. With --json: {"workload", "to", "characters", "limit", "document", "notes": […]}, or, too large,
  {"workload", "to", "characters", "limit", "error", "statements": [{"characters", "statement"}, …]}.
  Limits: boundary 6144 characters, session-policy 2048, scp 5120.

Exit codes:
  0  written
  1  it does not fit: by how much, and which statements take most, is said
  2  wrong usage, no such workload, or the envelope cannot be written so

Examples:
  $ cordon envelope compile support-bot --to boundary > boundary.json
  $ cordon envelope compile workloads/support-bot.yaml --to session-policy --grants --json
`;

/** Compiles and prints one envelope; `now` decides which grants are over. */
export async function compileEnvelopePolicy(
  name: string,
  { to, workloads, grants, json, now }: CompileOptions & { readonly now: Instant },
  terminal: Terminal,
): Promise<number> {
  const workload = isFile(name)
    ? onlyOne(name, await registryOfFile(name, terminal))
    : named(name, await registryFrom(workloads, terminal));
  const declared = workload.envelope.accelerators?.families ?? [];
  const policy = policyOf(workload, {
    to,
    grants: grants === true ? (workload.grants ?? []) : [],
    at: now,
    tables: {
      iam: iamTables,
      otherFamilies: Object.keys(accelerators.families).filter((family) => !familyDeclared(family, declared)),
    },
  });
  if (policy.kind === "impossible") throw usageError(`cordon envelope compile: ${workload.name}: ${policy.because}`);
  if (json === true) await terminal.out(JSON.stringify(lineOf(policy, { workload: workload.name, to })));
  else if (policy.kind === "policy") await terminal.out(JSON.stringify(policy.document));
  if (json !== true) for (const line of explained(policy, to)) terminal.err(visible(line));
  return policy.kind === "policy" ? exit.done : exit.findings;
}

type Written = Exclude<EnvelopePolicy, { kind: "impossible" }>;

function lineOf(policy: Written, named: { readonly workload: string; readonly to: PolicyKind }) {
  const { kind: _, ...rest } = policy;
  return policy.kind === "policy" ? { ...named, ...rest } : { ...named, error: tooLarge(policy), ...rest };
}

function explained(policy: Written, to: PolicyKind): readonly string[] {
  if (policy.kind === "policy")
    return [
      `${policy.characters} of ${policy.limit} characters${to === "boundary" ? ", white space not counted" : ""}`,
      ...policy.notes.map((note) => `note: ${note}`),
    ];
  return [
    tooLarge(policy),
    ...policy.statements.slice(0, 5).map(({ characters, statement }) => {
      const text = JSON.stringify(statement);
      return `  ${characters} characters: ${text.length > 160 ? `${text.slice(0, 159)}…` : text}`;
    }),
    "Split the workload, or write the largest statement's resources with fewer patterns in the manifest; nothing was left out.",
  ];
}

const tooLarge = ({ characters, limit }: Extract<Written, { kind: "too-large" }>): string =>
  `the policy has ${characters} characters, ${characters - limit} more than AWS takes (${limit})`;

const isFile = (name: string): boolean => {
  const path = pathFrom(name);
  return /\.(?:ya?ml|json)$/i.test(name) || (existsSync(path) && statSync(path).isFile());
};

async function registryOfFile(name: string, terminal: Terminal): Promise<Registry> {
  const loaded = await loadManifestFile(pathFrom(name), name);
  if (loaded.ok) return loaded.registry;
  for (const { file, line, column, message } of loaded.problems)
    terminal.err(visible(`${file}:${line}:${column}: ${message}`));
  throw usageError(`${loaded.problems.length} problem(s) in ${name}; nothing was read`);
}

function onlyOne(file: string, { workloads }: Registry): Workload {
  const [first, ...rest] = workloads;
  if (first !== undefined && rest.length === 0) return first;
  throw usageError(
    first === undefined
      ? `${file} declares no workload`
      : `${file} declares ${workloads.length} workloads: name one of them, with --workloads for their folder`,
  );
}

function named(name: string, registry: Registry): Workload {
  const found = registry.named(name);
  if (found !== undefined) return found;
  const close = nearest(
    name,
    registry.workloads.map((one) => one.name),
  );
  throw usageError(
    `no manifest declares a workload named ${JSON.stringify(name)}` +
      (close === undefined ? "; --workloads DIR says where manifests are" : `; did you mean ${JSON.stringify(close)}?`),
  );
}
