import { at, list, text } from "../../event/json.ts";
import { accountOf } from "../../iam/arn.ts";
import type { Registry } from "../../identity/workload.ts";

/** Why an account is no stranger's: manifests name it as a third party's or a deployment's, or roles or functions in it. */
export function accountOfRegistry(account: string, registry: Registry): string | undefined {
  const vendor = registry.selecting("thirdParty", [account]);
  if (vendor !== undefined) return `declared as ${vendor.manifest.name}`;
  const deployment = (registry.deployments ?? []).find(({ accounts = [] }) => accounts.includes(account));
  if (deployment !== undefined) return `an account of deployment ${deployment.name}`;
  const home = registry.workloads.find(
    ({ status, roles, selectors }) =>
      status === "active" &&
      (roles.some((role) => accountOf(role) === account) ||
        selectors.some(({ value }) =>
          typeof value === "string"
            ? accountOf(value) === account
            : list(at(value, "accounts")).some((one) => text(one) === account),
        )),
  );
  return home === undefined ? undefined : `the account of ${home.name}`;
}
