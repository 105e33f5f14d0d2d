import { accountOf } from "../../iam/arn.ts";
import type { ShownCondition } from "../../iam/compare/condition-shown.ts";

/** What a key has to be for a condition to hold; nothing where the condition also holds without the key, or only excludes. */
export function positiveValues(condition: ShownCondition, key: string): readonly string[] {
  const wanted = key.toLowerCase();
  return Object.entries(condition).flatMap(([operator, keys]) =>
    demands(operator) && Object.hasOwn(keys, wanted) ? (keys[wanted] ?? []) : [],
  );
}

/** How far `*` as a principal reaches once the conditions hold. */
export type Bounds =
  /** Callers of these accounts only. */
  | { readonly kind: "accounts"; readonly accounts: readonly string[] }
  /** Callers of an organization; whose it is, the policy does not say. */
  | { readonly kind: "organization"; readonly ids: readonly string[] }
  /** Whoever knows or brings something: an external id, an address, a tag. */
  | { readonly kind: "other"; readonly keys: readonly string[] }
  | { readonly kind: "none" };

/** Reads from a condition whom it lets through. */
export function boundsOf(condition: ShownCondition): Bounds {
  const accounts = [
    ...positiveValues(condition, "aws:PrincipalAccount"),
    ...positiveValues(condition, "aws:PrincipalArn").map((arn) => accountOf(arn) ?? "*"),
  ].map((one) => (/^\d{12}$/.test(one) ? one : "*"));
  if (accounts.length > 0 && !accounts.includes("*")) return { kind: "accounts", accounts: [...new Set(accounts)] };
  const ids = ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths"].flatMap((key) => positiveValues(condition, key));
  if (ids.length > 0 && !ids.some(isOpen)) return { kind: "organization", ids };
  const keys = [
    ...new Set(
      Object.entries(condition).flatMap(([operator, found]) =>
        demands(operator)
          ? Object.entries(found).flatMap(([key, values]) =>
              !anyCallers.has(key) && values.some((one) => !isOpen(one)) ? [key] : [],
            )
          : [],
      ),
    ),
  ].sort();
  return keys.length > 0 ? { kind: "other", keys } : { kind: "none" };
}

/** `IfExists`, `ForAllValues` and negations hold for who brings no such key at all. */
const demands = (operator: string): boolean =>
  !/IfExists$|^ForAllValues:|^Null$|Not(?:Equals|Like|IpAddress)|^NotIpAddress/.test(operator);

/** Keys that any caller can satisfy at will: they keep nobody out. */
const anyCallers: ReadonlySet<string> = new Set([
  "aws:currenttime",
  "aws:epochtime",
  "aws:multifactorauthage",
  "aws:multifactorauthpresent",
  "aws:referer",
  "aws:requestedregion",
  "aws:securetransport",
  "aws:tokenissuetime",
  "aws:useragent",
  "sts:rolesessionname",
]);

const isOpen = (value: string): boolean => value === "" || /^[*?]+$/.test(value);
