import type { ReportedFinding, SecurityFinding } from "../event/event.ts";
import { at, type JsonObject, text } from "../event/json.ts";
import type { Principal } from "../event/principal.ts";
import { accountOf, iamArn, isRoleArn, isUserArn, parseArn, type RoleArn } from "../iam/arn.ts";
import { type AccessKeyId, type AccountId, asAccessKeyId, asAccountId } from "../iam/identifiers.ts";
import type { Attribution } from "./attribution.ts";

/** One thing that a finding of another product names, and how to tell who that is. */
export interface Named {
  /** For people: "access key ASIA…". */
  readonly what: string;
  /** What a recorded signer is found by: its key, its id, the instance that its session is named after, where it runs. */
  readonly signer: string;
  /** Who it is where no record was signed by it; nothing where the name alone does not say. */
  readonly principal?: Principal;
}

/** What a recorded signer may be found by. */
export function signerKeys(principal: Principal): readonly string[] {
  const session = "session" in principal ? principal.session : undefined;
  const scope = session?.inScopeOf?.credentialsIssuedTo;
  return [
    ...(principal.accessKeyId === undefined ? [] : [`key ${principal.accessKeyId}`]),
    ...(principal.id === undefined ? [] : [`id ${principal.id}`]),
    ...(session !== undefined && isInstance(session.name) ? [`instance ${session.name}`] : []),
    ...(scope === undefined ? [] : [`scope ${scope}`]),
  ];
}

const gravity: readonly ReportedFinding["severity"][] = ["info", "low", "medium", "high", "critical"];

/** What a finding is about, the gravest open one's things first, each once; keys before roles, roles before what runs. */
export function namedIn(event: SecurityFinding): readonly Named[] {
  const sorted = event.findings.toSorted(
    (a, b) => Number(b.open) - Number(a.open) || gravity.indexOf(b.severity) - gravity.indexOf(a.severity),
  );
  const texts = sorted.flatMap(({ resources }) => resources).slice(0, mostNames);
  const all = [...ofGuardDuty(event), ...texts.flatMap((one) => named(one, event))];
  // The first of equal ones: the product's own fields say more than its lists.
  const distinct = new Map(all.toReversed().map((one) => [one.signer, one]));
  return [...distinct.values()].toSorted((a, b) => rank(a) - rank(b));
}

const mostNames = 64;
const kinds = ["key", "id", "role", "user", "scope", "instance"];
const rank = ({ signer }: Named): number => kinds.indexOf(signer.slice(0, signer.indexOf(" ")));

/** GuardDuty names the user or the role beside the key ("GuardDuty finding format", accessKeyDetails). */
function ofGuardDuty(event: SecurityFinding): readonly Named[] {
  if (event.product !== "guardduty") return [];
  const details = at(event.detail, "resource", "accessKeyDetails");
  const [name, type, id] = ["userName", "userType", "principalId"].map((key) => text(at(details, key)));
  const key = asAccessKeyId(at(details, "accessKeyId"));
  const principal = identityNamed({ name: name ?? "", type: type ?? "", key, id: id ?? "" }, event);
  const known = principal === undefined ? {} : { principal };
  return [
    ...(key === undefined ? [] : [{ what: `access key ${key}`, signer: `key ${key}`, ...known }]),
    ...(id ? [{ what: `principal ${id}`, signer: `id ${id}`, ...known }] : []),
  ];
}

interface Described {
  readonly name: string;
  readonly type: string;
  readonly key: AccessKeyId | undefined;
  readonly id: string;
}

/** Paths are not told: a role or user of one name is one in its account. */
function identityNamed({ name, type, key, id }: Described, event: SecurityFinding): Principal | undefined {
  const account = accountIn(event.detail) ?? event.account;
  if (account === undefined || !/^[\w+=,.@-]{1,128}$/.test(name)) return undefined;
  const signer = { account, ...(key === undefined ? {} : { accessKeyId: key }), ...(id === "" ? {} : { id }) };
  switch (type) {
    case "IAMUser":
      return { kind: "iam-user", arn: iamArn(event.partition, account, "user", name), userName: name, ...signer };
    case "Root":
      return { kind: "root", ...signer };
    case "Role":
    case "AssumedRole":
      return sessionOf(iamArn(event.partition, account, "role", name), signer);
    default:
      return undefined;
  }
}

const accountIn = (detail: JsonObject): AccountId | undefined => asAccountId(detail["accountId"]);

/** Named as CloudTrail names its sessions, so that it is one case with what they do; `*` where nobody says which session. */
function sessionOf(role: RoleArn, signer: Pick<Principal, "account" | "accessKeyId" | "id">): Principal {
  const { partition, account, resource } = parseArn(role) ?? { partition: "", account: "", resource: "" };
  const name = signer.id?.split(":")[1] ?? "*";
  const arn = `arn:${partition}:sts::${account}:assumed-role/${resource.slice(resource.lastIndexOf("/") + 1)}/${name}`;
  return { kind: "assumed-role", role, session: { name }, arn, ...signer };
}

const isInstance = (name: string): boolean => /^m?i-[0-9a-f]{8,17}$/.test(name);

/** Texts of products: ARNs, ids, and ASFF's `AWS:IAM:AccessKey:AKIA…`. */
function named(one: string, event: SecurityFinding): readonly Named[] {
  const last = one.slice(Math.max(one.lastIndexOf(":"), one.lastIndexOf("/")) + 1);
  const key = /^A(?:KIA|SIA)\w{12,124}$/.test(last) ? asAccessKeyId(last) : undefined;
  if (key !== undefined) return [{ what: `access key ${key}`, signer: `key ${key}` }];
  if (/^A(?:ROA|IDA)\w{8,124}(?::|$)/.test(one)) return [{ what: `principal ${one}`, signer: `id ${one}` }];
  if (isInstance(last)) return [{ what: `instance ${last}`, signer: `instance ${last}` }];
  if (isRoleArn(one)) return [{ what: one, signer: `role ${one}`, principal: sessionOf(one, of(one)) }];
  if (isUserArn(one))
    return [{ what: one, signer: `user ${one}`, principal: { kind: "iam-user", arn: one, ...of(one) } }];
  const arn = parseArn(one);
  if (arn?.service === "iam" && arn.resource === "root" && event.product === "guardduty")
    return [{ what: one, signer: `user ${one}`, principal: { kind: "root", arn: one, ...of(one) } }];
  if (arn?.service === "lambda" || arn?.service === "bedrock-agentcore") return [{ what: one, signer: `scope ${one}` }];
  return [];
}

const of = (arn: string): { readonly account?: AccountId } => {
  const account = accountOf(arn);
  return account === undefined ? {} : { account };
};

/** Who a product's finding is about, as an attribution: what the product names is an index, never proof. */
export function reportedOf(caller: Attribution, { what }: Pick<Named, "what">, product: string): Attribution {
  const because = `${product} names ${what}; ${caller.because}`;
  if (caller.kind === "contested" || caller.kind === "unattributed") return { ...caller, because };
  return {
    ...caller,
    class: caller.class === "inferred" ? "inferred" : "indexed",
    confidence: caller.confidence === "low" ? "low" : "medium",
    because,
  };
}
