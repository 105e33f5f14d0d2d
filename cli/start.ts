import process from "node:process";
import { run } from "./main.ts";
import { exit, processTerminal } from "./terminal.ts";

/** Runs the command line of this process and sets its exit code. */
export async function start(): Promise<void> {
  process.once("SIGINT", () => process.exit(exit.interrupted));
  process.exitCode = await run(process.argv.slice(2), processTerminal());
}
