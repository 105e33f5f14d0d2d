import process from "node:process";
import type { Readable } from "node:stream";
import { Command } from "commander";
import { fingerprintOf } from "../core/event/fingerprint.ts";
import type { JsonObject } from "../core/event/json.ts";
import { scanSecret } from "../core/event/secret-scan/scan.ts";
import { type Answer, answerLines } from "./answer-lines.ts";
import { fingerprintKey } from "./fingerprint-key.ts";
import type { Terminal } from "./terminal.ts";

/** `cordon scan-secrets`: NDJSON of names and values in, a line each out; a value is never repeated. */
export const scanSecrets = (input: Readable, key: string, terminal: Terminal): Promise<number> =>
  answerLines(input, terminal, (line, number): Answer => {
    const { value } = line;
    const name = line["key"] ?? "";
    if (typeof name !== "string") return unread(number, "key is not text");
    if (typeof value !== "string") return unread(number, "value is missing or not text");
    const found = scanSecret(name, value);
    if (found === undefined) return { kind: "said", line: { isSecret: false } };
    return {
      kind: "said",
      line: { isSecret: true, kind: found.kind, fingerprint: fingerprintOf(found.text, key) } satisfies JsonObject,
    };
  });

const unread = (line: number, error: string): Answer => ({ kind: "unread", line: { line, error } });

const help = `
Input:
  NDJSON, a line each: {"key": "DB_PASSWORD", "value": "…"}; key is the name of the variable, field or parameter

Output:
  {"isSecret": true, "kind": "…", "fingerprint": "…"} or {"isSecret": false}, a line each, in order. No value is printed.
  The fingerprint is keyed with CORDON_FINGERPRINT_KEY; without it with a key that everybody knows, so that it tells
  equal secrets apart from others on this machine and must not be shared.

Exit codes:
  0  every line was answered, whether or not it held a secret
  2  wrong usage
  3  a line could not be read; the others were answered

Example:
  $ echo '{"key":"DB_PASSWORD","value":"\${DB_PASSWORD}"}' | cordon scan-secrets
`;

export function scanSecretsCommand(terminal: Terminal, exitWith: (code: number) => void): Command {
  return new Command("scan-secrets")
    .summary("which values are secrets")
    .description("Says for names and values on standard input which of them are secrets. Nothing leaves this machine.")
    .option("--json", "the same: output is always NDJSON")
    .addHelpText("after", help)
    .action(async () => exitWith(await scanSecrets(process.stdin, fingerprintKey(), terminal)));
}
