import { Command } from "commander";
import { diffCommand } from "./policy-diff.ts";
import { escalatesCommand } from "./policy-escalates.ts";
import { evaluateCommand } from "./policy-evaluate.ts";
import type { Terminal } from "./terminal.ts";

/** `cordon policy …`: one file a subcommand. */
export function policyCommand(terminal: Terminal, exitWith: (code: number) => void): Command {
  return new Command("policy")
    .description("IAM policies: what they allow, and what they lead to.")
    .addCommand(evaluateCommand(terminal, exitWith))
    .addCommand(diffCommand(terminal, exitWith))
    .addCommand(escalatesCommand(terminal, exitWith));
}
