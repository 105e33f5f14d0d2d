import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { Fault } from "../core/fault.ts";
import { breakGlassCommand } from "./break-glass-command.ts";
import { caseCommand } from "./case.ts";
import { envelopeCommand } from "./envelope.ts";
import { inventoryCommand } from "./inventory.ts";
import { ledgerCommand } from "./ledger.ts";
import { matchCommand } from "./match.ts";
import { policyCommand } from "./policy.ts";
import { pullCommand } from "./pull.ts";
import { readinessCommand } from "./readiness.ts";
import { releaseCommand } from "./release.ts";
import { replayCommand, replayLines } from "./replay.ts";
import { sampleCommand } from "./sample.ts";
import { scanSecretsCommand } from "./scan-secrets.ts";
import { simulateCommand } from "./simulate.ts";
import { exit, type Terminal, visible } from "./terminal.ts";
import { timelineCommand } from "./timeline.ts";
import { isUsageError } from "./usage.ts";
import { whoCommand } from "./who.ts";

/** The whole command line. Resolves to the exit code; nothing in here ends the process. */
export async function run(parameters: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = exit.done;
  const exitWith = (chosen: number): void => {
    code = chosen;
  };
  const program = new Command("cordon")
    .description(
      "Traces every action in your AWS accounts to the workload behind it, and finds drift, sprawl and abuse.",
    )
    .version(versionOf(), "--version")
    .showSuggestionAfterError()
    .showHelpAfterError("(cordon --help lists commands; cordon <command> --help explains one)")
    .configureOutput({
      writeOut: (text) => void terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd().split("\n").map(visible).join("\n")),
    });
  for (const command of commands(terminal, exitWith)) program.addCommand(inherit(command, program));
  program.exitOverride();
  try {
    await program.parseAsync([...parameters], { from: "user" });
    return code;
  } catch (error) {
    return explained(error, terminal);
  }
}

const commands = (terminal: Terminal, exitWith: (code: number) => void): readonly Command[] => [
  sampleCommand(terminal, exitWith),
  replayCommand(terminal, exitWith),
  caseCommand(terminal, exitWith, (paths, options) => replayLines(paths, options, terminal)),
  whoCommand(terminal, exitWith),
  timelineCommand(terminal, exitWith),
  inventoryCommand(terminal, exitWith),
  simulateCommand(terminal, exitWith),
  ledgerCommand(terminal, exitWith),
  releaseCommand(terminal, exitWith),
  breakGlassCommand(terminal, exitWith),
  readinessCommand(terminal, exitWith),
  policyCommand(terminal, exitWith),
  envelopeCommand(terminal, exitWith),
  scanSecretsCommand(terminal, exitWith),
  matchCommand(terminal, exitWith),
  pullCommand(terminal, exitWith),
];

/** Commander copies settings only to commands it makes itself. */
function inherit(command: Command, program: Command): Command {
  command.copyInheritedSettings(program).exitOverride();
  for (const child of command.commands) inherit(child, program);
  return command;
}

function explained(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exit.done : exit.usage;
  if (isUsageError(error)) {
    terminal.err(visible(error.message));
    return exit.usage;
  }
  if (error instanceof Fault) {
    terminal.err(visible(error.message));
    return exit.store;
  }
  throw error;
}

function versionOf(): string {
  const file = new URL("../package.json", import.meta.url);
  const parsed = JSON.parse(readFileSync(file, "utf8")) as { version: string };
  return parsed.version;
}
