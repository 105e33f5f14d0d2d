import { Command } from "commander";
import { compileCommand } from "./envelope-compile.ts";
import type { Terminal } from "./terminal.ts";

/** `cordon envelope …`: one file a subcommand. */
export function envelopeCommand(terminal: Terminal, exitWith: (code: number) => void): Command {
  return new Command("envelope")
    .description("Envelopes: what workloads are declared to need.")
    .addCommand(compileCommand(terminal, exitWith));
}
