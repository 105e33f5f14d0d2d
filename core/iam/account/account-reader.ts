import { parseArn } from "../arn.ts";
import { type PolicyDocument, parsePolicy } from "../policy.ts";
import type {
  AccountGroup,
  AccountIdentity,
  AccountRole,
  AccountUser,
  HeldPolicy,
  ManagedPolicy,
} from "./account-model.ts";

/** A part of a file that could not be read: where it stands and why. */
export interface AccountProblem {
  readonly file: string;
  /** As `RoleDetailList[3].AssumeRolePolicyDocument`. */
  readonly path: string;
  readonly message: string;
}

/** What one file holds. */
export interface ReadAccount {
  readonly users: readonly AccountUser[];
  readonly groups: readonly AccountGroup[];
  readonly roles: readonly AccountRole[];
  readonly policies: readonly ManagedPolicy[];
  readonly problems: readonly AccountProblem[];
}

type Report = (path: string, message: string) => void;
type Fields = Readonly<Record<string, unknown>>;

/** Reads one answer of `aws iam get-account-authorization-details`: documents are objects, or JSON as the API writes it, URL-encoded. */
export function readAccount(value: unknown, file: string): ReadAccount {
  const problems: AccountProblem[] = [];
  const report: Report = (path, message) => problems.push({ file, path, message });
  const nothing = { users: [], groups: [], roles: [], policies: [], problems };
  if (!isRecord(value)) {
    report("", "expected one JSON object, the output of aws iam get-account-authorization-details");
    return nothing;
  }
  if (!lists.some((name) => value[name] !== undefined)) {
    report("", `none of ${lists.join(", ")} is there: this is not output of aws iam get-account-authorization-details`);
    return nothing;
  }
  if (value["IsTruncated"] === true)
    report("IsTruncated", "this is one page of several: add the pages that follow, or let the AWS CLI join them");
  return {
    users: each(value, "UserDetailList", report, userOf),
    groups: each(value, "GroupDetailList", report, (one, path) =>
      identityOf(one, path, report, { kind: "Group", kept: "GroupPolicyList" }),
    ),
    roles: each(value, "RoleDetailList", report, roleOf),
    policies: each(value, "Policies", report, managedOf),
    problems,
  };
}

const lists = ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"] as const;

function each<One>(
  value: Fields,
  name: string,
  report: Report,
  read: (one: Fields, path: string, report: Report) => One | undefined,
): readonly One[] {
  const given = value[name];
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) {
    report(name, "expected a list");
    return [];
  }
  return given.flatMap((one: unknown, at): readonly One[] => {
    const path = `${name}[${at}]`;
    if (!isRecord(one)) {
      report(path, "expected an object");
      return [];
    }
    const found = read(one, path, report);
    return found === undefined ? [] : [found];
  });
}

interface Spelling {
  readonly kind: "User" | "Group" | "Role";
  /** The list of its inline policies. */
  readonly kept: string;
}

/** What users, groups and roles have in common. Without an ARN of its kind there is nothing to file it under. */
function identityOf(one: Fields, path: string, report: Report, { kind, kept }: Spelling): AccountIdentity | undefined {
  const arn = textOf(one["Arn"]);
  const parsed = parseArn(arn);
  const resource = `${kind.toLowerCase()}/`;
  if (parsed?.service !== "iam" || !/^\d{12}$/.test(parsed.account) || !parsed.resource.startsWith(resource)) {
    report(`${path}.Arn`, `expected the ARN of a ${kind.toLowerCase()}; the entry is left out`);
    return undefined;
  }
  const created = timeOf(one["CreateDate"], `${path}.CreateDate`, report);
  return {
    arn,
    account: parsed.account,
    name: textOf(one[`${kind}Name`]) || parsed.resource.slice(parsed.resource.lastIndexOf("/") + 1),
    path: textOf(one["Path"]) || "/",
    id: textOf(one[`${kind}Id`]),
    ...(created === undefined ? {} : { created }),
    inline: each(one, kept, (place, message) => report(`${path}.${place}`, message), inlineOf),
    attached: each(one, "AttachedManagedPolicies", (place, message) => report(`${path}.${place}`, message), attachedOf),
  };
}

function userOf(one: Fields, path: string, report: Report): AccountUser | undefined {
  const identity = identityOf(one, path, report, { kind: "User", kept: "UserPolicyList" });
  if (identity === undefined) return undefined;
  const groups = Array.isArray(one["GroupList"]) ? one["GroupList"].filter((name) => typeof name === "string") : [];
  return { ...identity, groups, ...boundaryOf(one), tags: tagsOf(one["Tags"]) };
}

function roleOf(one: Fields, path: string, report: Report): AccountRole | undefined {
  const identity = identityOf(one, path, report, { kind: "Role", kept: "RolePolicyList" });
  if (identity === undefined) return undefined;
  const trust = documentOf(one["AssumeRolePolicyDocument"], `${path}.AssumeRolePolicyDocument`, report);
  const used = isRecord(one["RoleLastUsed"]) ? one["RoleLastUsed"] : {};
  const at = timeOf(used["LastUsedDate"], `${path}.RoleLastUsed.LastUsedDate`, report);
  const region = textOf(used["Region"]);
  const profiles = (Array.isArray(one["InstanceProfileList"]) ? one["InstanceProfileList"] : []).filter(isRecord);
  return {
    ...identity,
    // Who may assume it is then not known; what it may do still is.
    trust: trust ?? { version: "2012-10-17", statements: [] },
    ...(at === undefined ? {} : { lastUsed: { at, ...(region === "" ? {} : { region }) } }),
    ...boundaryOf(one),
    tags: tagsOf(one["Tags"]),
    ...(profiles.length === 0 ? {} : { profiles: profiles.map((profile) => textOf(profile["Arn"])) }),
  };
}

function inlineOf(one: Fields, path: string, report: Report): HeldPolicy | undefined {
  const document = documentOf(one["PolicyDocument"], `${path}.PolicyDocument`, report);
  return document && { name: textOf(one["PolicyName"]), text: one["PolicyDocument"], document };
}

function attachedOf(one: Fields, path: string, report: Report): string | undefined {
  const arn = textOf(one["PolicyArn"]);
  if (arn !== "") return arn;
  report(`${path}.PolicyArn`, "expected the ARN of a managed policy; the attachment is left out");
  return undefined;
}

/** A managed policy counts by its default version. */
function managedOf(one: Fields, path: string, report: Report): ManagedPolicy | undefined {
  const arn = textOf(one["Arn"]);
  const versions: readonly unknown[] = Array.isArray(one["PolicyVersionList"]) ? one["PolicyVersionList"] : [];
  const wanted = textOf(one["DefaultVersionId"]);
  const at = versions.findIndex(
    (version) =>
      isRecord(version) && (wanted === "" ? version["IsDefaultVersion"] === true : version["VersionId"] === wanted),
  );
  const version = versions[at];
  if (arn === "" || !isRecord(version)) {
    report(
      path,
      arn === "" ? "the policy has no Arn and is left out" : `${arn}: its default version is not in PolicyVersionList`,
    );
    return undefined;
  }
  const document = documentOf(version["Document"], `${path}.PolicyVersionList[${at}].Document`, report);
  return (
    document && {
      arn,
      name: textOf(one["PolicyName"]),
      version: textOf(version["VersionId"]),
      text: version["Document"],
      document,
    }
  );
}

function documentOf(given: unknown, path: string, report: Report): PolicyDocument | undefined {
  const parsed = parsePolicy(given);
  if (parsed.ok) return parsed.document;
  report(path, `${parsed.because}; the policy is left out, so more or less may be granted than is said`);
  return undefined;
}

function boundaryOf(one: Fields): { readonly boundary?: string } {
  const arn = isRecord(one["PermissionsBoundary"]) ? textOf(one["PermissionsBoundary"]["PermissionsBoundaryArn"]) : "";
  return arn === "" ? {} : { boundary: arn };
}

function tagsOf(given: unknown): Readonly<Record<string, string>> {
  const pairs = Array.isArray(given) ? given.filter(isRecord) : [];
  return Object.fromEntries(pairs.map((one) => [textOf(one["Key"]), textOf(one["Value"])]));
}

function timeOf(given: unknown, path: string, report: Report): number | undefined {
  if (given === undefined || given === null) return undefined;
  // The AWS CLI writes ISO 8601, or seconds since 1970 where it is set up that way.
  const at = typeof given === "number" ? given * 1_000 : Date.parse(textOf(given));
  if (!Number.isNaN(at)) return at;
  report(path, "expected a time such as 2026-01-31T12:00:00Z; it is left out");
  return undefined;
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const isRecord = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
