import { Command } from "commander";
import { compileCommand } from "./envelope-compile.ts";
import { suggestCommand } from "./envelope-suggest.ts";
import type { Terminal } from "./terminal.ts";

/** `cordon envelope …`: one file a subcommand. */
export function envelopeCommand(terminal: Terminal, exitWith: (code: number) => void): Command {
  return new Command("envelope")
    .description("Envelopes: what workloads are declared to need.")
    .addCommand(suggestCommand(terminal, exitWith))
    .addCommand(compileCommand(terminal, exitWith));
}
