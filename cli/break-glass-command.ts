import { Command } from "commander";
import { breakGlass, realWorld } from "./break-glass.ts";
import type { Terminal } from "./terminal.ts";
import { visible } from "./terminal.ts";

/** `cordon break-glass …`: the same as running the file by itself, for whoever still has the rest. */
export const breakGlassCommand = (terminal: Terminal, exitWith: (code: number) => void): Command =>
  new Command("break-glass")
    .description(
      "Takes a containment back from an exported ledger, with your own AWS credentials, all else being down.",
    )
    .requiredOption("--ledger <FILE>", "what `cordon ledger export` wrote")
    .requiredOption("--case <ID>", "the case")
    .option("--reason <TEXT>", "why: without it nothing is done")
    .option("--benign", "the containment comes off, every session goes on")
    .option("--compromised", "every session from before is cut first")
    .option("--record <FILE>", "where to write down what is done (default: a new file here)")
    .addHelpText("after", "\nExit codes: 0 done · 1 not all · 2 wrong usage · 3 the export is not whole · 4 AWS failed")
    .action(async (given: Readonly<Record<string, string | true>>) => {
      const words = Object.entries(given).flatMap(([name, value]) => [`--${name}`, ...(value === true ? [] : [value])]);
      const world = { ...realWorld, say: (line: string) => void terminal.out(visible(line)) };
      exitWith(await breakGlass(words, world));
    });
