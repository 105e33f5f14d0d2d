import type { ApiCall } from "../../event/event.ts";
import { text } from "../../event/json.ts";
import { parseArn } from "../../iam/arn.ts";
import { type PolicyDocument, parsePolicy } from "../../iam/policy.ts";
import type { Holds, ShownStep } from "../../iam/reach/escalation-shows.ts";
import { leavesAt, textsAt } from "./parameters.ts";

/**
 * Whether the call is this step. A denied call often has no parameters at all (CloudTrail writes null): then the call's
 * name is all there is, and counts.
 */
export const holds = (call: ApiCall, step: ShownStep): boolean =>
  isUntold(call) || step.with.every((one) => met(call, one));

/** True where the record of a refused call does not say what was asked for. What failed otherwise is no attempt on anybody's rights. */
export const isUntold = ({ request, outcome }: ApiCall): boolean =>
  outcome === "denied" && Object.keys(request).length === 0;

function met(call: ApiCall, condition: Holds): boolean {
  const { at } = condition;
  if ("in" in condition)
    return at.some((path) => leavesAt(call, path).some((value) => condition.in.some((one) => one === value)));
  switch (condition.is) {
    case "present":
      return at.some((path) => leavesAt(call, path).length > 0);
    case "another":
      return textsAt(call, at).some(({ value }) => !isCaller(value, call));
    case "outside":
      return at.some((path) => leavesAt(call, path).some((value) => letsStrangersIn(value, call)));
    case "not-true":
      return !at.some((path) => leavesAt(call, path).includes(true));
    case "runs-code":
      return textsAt(call, at).some(({ value }) => runsCode(value));
    case "user-data":
      // The attribute's value is masked; older records name the attribute, newer ones have a member of its name.
      return at.some((path) =>
        path.endsWith(".attribute") ? leavesAt(call, path).includes("userData") : leavesAt(call, path).length > 0,
      );
  }
}

/** IAM user names are unique in an account; a path does not count. */
function isCaller(userName: string, { principal, account }: ApiCall): boolean {
  if (principal.kind !== "iam-user") return false;
  const own =
    principal.userName ??
    parseArn(principal.arn ?? "")
      ?.resource.split("/")
      .at(-1);
  return (
    own === userName && (account === undefined || principal.account === undefined || principal.account === account)
  );
}

/** AWS's own documents that run a script of the caller's (Systems Manager user guide, "AWS-RunShellScript" and its like). */
const scripted: ReadonlySet<string> = new Set([
  "AWS-RunShellScript",
  "AWS-RunPowerShellScript",
  "AWS-RunRemoteScript",
  "AWS-RunDocument",
  "AWS-RunSaltState",
  "AWS-RunAnsiblePlaybook",
  "AWS-ApplyAnsiblePlaybooks",
  "AWS-InstallPowerShellModule",
]);

/** AWS owns the names that begin with AWS or Amazon: its other documents patch, configure and look. A customer's may do anything. */
function runsCode(document: string): boolean {
  const name = document.slice(document.lastIndexOf("/") + 1);
  return scripted.has(name) || !/^(?:AWS|Amazon|amazon|aws)/.test(name);
}

function letsStrangersIn(value: unknown, { account, principal }: ApiCall): boolean {
  const parsed = parsePolicy(value);
  return parsed.ok && isOpen(parsed.document, account ?? principal.account);
}

/** Everybody, or another account; a condition narrows whom it lets in, not that they are strangers. */
const isOpen = ({ statements }: PolicyDocument, account: string | undefined): boolean =>
  statements.some(
    ({ effect, principals }) =>
      effect === "Allow" &&
      (principals?.kind === "all-but" ||
        principals?.principals.some((one) => {
          if (one.kind === "everyone") return true;
          const named =
            one.kind === "account" ? one.account : one.kind === "arn" ? text(parseArn(one.arn)?.account) : "";
          return named !== "" && named !== account;
        }) === true),
  );
