import { readFile, stat } from "node:fs/promises";
import { Fault } from "../../core/fault.ts";
import type { AccountProblem } from "../../core/iam/account/account-reader.ts";
import { readOrganization } from "../../core/iam/account/org-reader.ts";
import type { OrgState } from "../../core/iam/account/org-state.ts";

/** Ten thousand accounts and their policies are some megabytes. */
export const mostOrgBytes = 67_108_864;

/**
 * Reads an organization's state from a file. Throws Fault "not-found" when there is no such file, "misconfigured" when it
 * is no organization's state at all; parts that cannot be read are named.
 */
export async function loadOrgState(
  path: string,
  shown: string,
): Promise<{ readonly state: OrgState; readonly problems: readonly AccountProblem[] }> {
  let value: unknown;
  try {
    if ((await stat(path)).size > mostOrgBytes) throw new Fault("misconfigured", `${shown} is too large`);
    value = JSON.parse((await readFile(path, "utf8")).replace(/^\ufeff/, ""));
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    if (cause instanceof SyntaxError) throw new Fault("misconfigured", `${shown} is not JSON`, { cause });
    throw new Fault("not-found", `${shown} cannot be read`, { cause });
  }
  const { state, problems } = readOrganization(value, shown);
  if (state === undefined) throw new Fault("misconfigured", `${shown}: ${problems[0]?.message ?? "is not understood"}`);
  return { state, problems };
}
