import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const venv = join(import.meta.dirname, "../../node_modules/.cache/moto");
const install = "pip install 'moto[server]==5.2.1'";

/** An account of AWS on this machine: how its services answer, never what they would allow. */
export interface Moto {
  readonly endpoint: string;
  stop(): void;
}

/** Starts a server of this account on a free port. Fails with the command to run where there is none and none can be made. */
export async function startMoto(account: string): Promise<Moto> {
  const server = spawn(await command(), ["-H", "127.0.0.1", "-p", "0"], {
    env: { ...process.env, MOTO_ACCOUNT_ID: account, MOTO_IAM_LOAD_MANAGED_POLICIES: "true" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const endpoint = await listening(server);
  return { endpoint, stop: () => void server.kill() };
}

/** The one on the PATH, else the one in a folder of ours, which is made when it is not there. */
async function command(): Promise<string> {
  const onPath = (process.env["PATH"] ?? "").split(":").map((folder) => join(folder, "moto_server"));
  const found = onPath.find((file) => existsSync(file)) ?? join(venv, "bin/moto_server");
  if (existsSync(found)) return found;
  try {
    await run("python3", ["-m", "venv", venv]);
    await run(join(venv, "bin/pip"), ["install", "--quiet", "moto[server]==5.2.1"]);
  } catch (cause) {
    throw new Error(`there is no moto_server, and none can be installed; run: ${install}`, { cause });
  }
  return found;
}

function listening(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (chunk: Buffer): void => {
      said += chunk.toString("utf8");
      const address = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    };
    server.stdout?.on("data", hear);
    server.stderr?.on("data", hear);
    server.once("error", reject);
    server.once("exit", () => reject(new Error(`moto_server ended before it listened (${install}): ${said}`)));
  });
}
