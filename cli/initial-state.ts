import type { Command } from "commander";
import { loadAccountState } from "../adapters/local/account-state.ts";
import { loadOrgState } from "../adapters/local/org-state.ts";
import { Fault } from "../core/fault.ts";
import { type InitialState, nothingInitial } from "../core/iam/account/account-history.ts";
import type { AccountProblem } from "../core/iam/account/account-reader.ts";
import { noAccounts } from "../core/iam/account/account-state.ts";
import { exit, pathFrom, type Terminal, visible } from "./terminal.ts";
import { usageError } from "./usage.ts";

/** What IAM and the organization held at first, as a person names it. */
export interface InitialStateOptions {
  readonly accountState?: readonly string[];
  readonly orgState?: string;
}

/** Adds `--account-state` and `--org-state`. */
export const withInitialState = (command: Command): Command =>
  command
    .option(
      "--account-state <PATH>",
      "IAM at first: output of aws iam get-account-authorization-details, a file or a folder (repeatable)",
      (value: string, before: readonly string[] = []): readonly string[] => [...before, value],
    )
    .option("--org-state <FILE>", "the organization's units and policies at first (docs/commands.md has the layout)");

/**
 * Reads it. A path of which nothing can be read is wrong usage; parts that cannot be read are named on standard error, and
 * the code is then 3.
 */
export async function initialState(
  { accountState = [], orgState }: InitialStateOptions,
  terminal: Terminal,
): Promise<{ readonly initial: InitialState; readonly code: number }> {
  if (accountState.length === 0 && orgState === undefined) return { initial: nothingInitial, code: exit.done };
  const loaded = await loadAccountState(accountState.map((shown) => ({ path: pathFrom(shown), shown })));
  const [missing] = loaded.unread;
  if (missing !== undefined) throw usageError(`--account-state ${missing.file}: ${missing.message}`);
  const organization = orgState === undefined ? undefined : await organizationFrom(orgState);
  const problems = [...loaded.problems, ...(organization?.problems ?? [])];
  name(problems, terminal);
  return {
    initial: {
      accounts: accountState.length === 0 ? noAccounts : loaded.state,
      ...(organization === undefined ? {} : { organization: organization.state }),
    },
    code: problems.length > 0 ? exit.unread : exit.done,
  };
}

async function organizationFrom(shown: string): ReturnType<typeof loadOrgState> {
  try {
    return await loadOrgState(pathFrom(shown), shown);
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    throw usageError(`--org-state ${cause.message}`);
  }
}

/** At most this many problems are named one by one. */
const shownProblems = 20;

function name(problems: readonly AccountProblem[], terminal: Terminal): void {
  for (const { file, path, message } of problems.slice(0, shownProblems))
    terminal.err(visible(`${file}${path === "" ? "" : `: ${path}`}: ${message}`));
  if (problems.length > shownProblems) terminal.err(`${problems.length - shownProblems} more parts could not be read`);
}
