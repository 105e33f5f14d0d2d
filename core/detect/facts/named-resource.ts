import type { ApiCall } from "../../event/event.ts";
import { at, fields, list, text } from "../../event/json.ts";
import { isArn } from "../../iam/arn.ts";

/** Everything that a request holds at a path; XML calls hold one thing or a list of them, with its text in `content`. */
export function textsIn(call: ApiCall, path: string): readonly string[] {
  const found = at(call.request, ...path.split("."));
  const all = Array.isArray(found) ? list(found) : [found];
  return all.map((one) => (typeof one === "string" ? one : text(fields(one)["content"]))).filter((one) => one !== "");
}

/** What a call is about: names as the request has them at the first of these paths that is there, and where. */
export function namesOf(call: ApiCall, paths: readonly string[]): readonly (readonly [path: string, name: string])[] {
  for (const path of paths) {
    const names = textsIn(call, path);
    if (names.length > 0) return names.map((name) => [`requestParameters.${path}`, name] as const);
  }
  return [];
}

/** The name at the end of an ARN, a URL or a path; a log group's own slashes are part of its name. */
export function lastOf(name: string): string {
  if (name.startsWith("/")) return name;
  const group = isArn(name) ? name.split(":log-group:")[1] : undefined;
  return group?.split(":")[0] ?? name.split(/[/:]/).findLast((part) => part !== "" && part !== "*") ?? name;
}

/**
 * The ARN of what a call names; `as` is the service, a colon, and what stands before the name. Nothing where the name is
 * no name: a caller can put anything into a call that fails.
 */
export function namedArn(call: ApiCall, as: string, name: string): string | undefined {
  if (isArn(name)) return name;
  const plain = lastOf(name);
  if (as === "" || call.account === undefined || !/^[\w./#@+=-]{1,512}$/.test(plain)) return undefined;
  const colon = as.indexOf(":");
  const [service, rest] = [as.slice(0, colon), as.slice(colon + 1)];
  if (service === "s3") return `arn:${call.partition}:s3:::${plain}`;
  return `arn:${call.partition}:${service}:${service === "iam" ? "" : call.region}:${call.account}:${rest}${plain}`;
}
