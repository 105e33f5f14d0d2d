import { readFile } from "node:fs/promises";
import { type Command, InvalidArgumentError, Option } from "commander";
import { parseYaml } from "../adapters/local/yaml.ts";
import { plain } from "../core/event/located.ts";
import { mostNesting, tooDeep } from "../core/iam/plans/plan-value.ts";
import { type PolicyDocument, parsePolicy } from "../core/iam/policy.ts";
import { pathFrom } from "./terminal.ts";
import { usageError } from "./usage.ts";

/** A candidate as it was named on the command line, with what stands behind it: `--for`, `--account`, `--template`. */
export interface GivenCandidate {
  readonly kind: "policy" | "boundary" | "scp" | "plan" | "terraform" | "change-set";
  readonly file: string;
  readonly holders: string[];
  account?: string;
  template?: string;
}

/** Options that name candidates; those that say more about one stand behind it. */
export function withCandidates(command: Command, given: GivenCandidate[]): Command {
  const naming = (kind: GivenCandidate["kind"]) => (file: string) => {
    if (file === "") throw new InvalidArgumentError("the path is empty, as of a variable that is not set.");
    given.push({ kind, file, holders: [] });
    return file;
  };
  const last = (flag: string, kinds: readonly GivenCandidate["kind"][]): GivenCandidate => {
    const one = given.at(-1);
    if (one === undefined || !kinds.includes(one.kind))
      throw new InvalidArgumentError(
        `write it behind ${kinds.map((kind) => `--${kind}`).join(", ")}: ${flag} says more of it.`,
      );
    return one;
  };
  const option = (flags: string, text: string, parse: (value: string) => string): Command =>
    command.addOption(new Option(flags, text).argParser(parse));
  option("--policy <FILE>", "instead of all identity policies of whom --for names (repeatable)", naming("policy"));
  option("--boundary <FILE>", "as permissions boundary of whom --for names (repeatable)", naming("boundary"));
  option(
    "--for <WHO>",
    "a workload's name, or a role's or user's ARN (* at the end for the rest); behind --policy or --boundary",
    (who) => {
      last("--for", ["policy", "boundary"]).holders.push(who);
      return who;
    },
  );
  option("--scp <FILE>", "as service control policy, a level each (repeatable)", naming("scp"));
  option("--account <ID>", "the account that it is for; behind --scp, --terraform or --change-set", (id) => {
    if (!/^\d{12}$/.test(id)) throw new InvalidArgumentError("write twelve digits.");
    last("--account", ["scp", "terraform", "change-set"]).account = id;
    return id;
  });
  option("--plan <FILE>", 'a containment: {"denies":[{"role","statements"}]} (repeatable)', naming("plan"));
  option("--terraform <FILE>", "output of terraform show -json PLANFILE (repeatable)", naming("terraform"));
  option(
    "--change-set <FILE>",
    "output of aws cloudformation describe-change-set --include-property-values (repeatable)",
    naming("change-set"),
  );
  return option("--template <FILE>", "the stack's new template; behind --change-set", (file) => {
    last("--template", ["change-set"]).template = file;
    return file;
  });
}

/** A file's text. */
export async function textIn(file: string): Promise<string> {
  try {
    const text = await readFile(pathFrom(file), "utf8");
    return text.startsWith("\ufeff") ? text.slice(1) : text;
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    throw usageError(`cordon simulate: cannot read ${file} (${code})`);
  }
}

/** A file's JSON. */
export function jsonOf(file: string, text: string): unknown {
  const value = parsedJson(text);
  if (value === undefined) throw usageError(`cordon simulate: ${file} is not JSON`);
  if (tooDeep(value)) throw usageError(`cordon simulate: ${file} is nested deeper than ${mostNesting} levels`);
  return value;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A template: JSON, or YAML with the long forms of the intrinsic functions. */
export async function templateIn(file: string): Promise<unknown> {
  const text = await textIn(file);
  if (parsedJson(text) !== undefined) return jsonOf(file, text);
  const parsed = parseYaml(file, text);
  const [document] = parsed.ok ? parsed.documents : [];
  if (document !== undefined) return plain(document);
  const [problem] = parsed.ok ? [] : parsed.problems;
  const where = problem === undefined ? "it is empty" : `line ${problem.line}: ${problem.message}`;
  throw usageError(
    `cordon simulate: ${file} cannot be read as a template (${where}); write Fn::Sub and Ref in their long forms, or give JSON`,
  );
}

/** A file's policy document. */
export async function policyIn(file: string): Promise<PolicyDocument> {
  return policyOf(file, jsonOf(file, await textIn(file)));
}

/** A policy document that stands in a file. */
export function policyOf(file: string, value: unknown): PolicyDocument {
  const parsed = parsePolicy(value);
  if (!parsed.ok) throw usageError(`cordon simulate: ${file} is no policy: ${parsed.because}`);
  return parsed.document;
}
