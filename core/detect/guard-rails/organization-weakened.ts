import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import type { Instant } from "../../event/instant.ts";
import { at, text } from "../../event/json.ts";
import { parsePolicy } from "../../iam/policy.ts";
import type { Seen } from "../detector.ts";
import { type Fact, factKey } from "../facts/fact.ts";
import type { Evidence, Severity } from "../finding.ts";
import type { Loosening, MeasureLoosening } from "./control-change.ts";
import { fieldOf, type Weakened } from "./guard-rail.ts";

interface Asking {
  readonly seen: Seen;
  readonly measure: MeasureLoosening;
}

/** What a call of Organizations weakened, as far as the facts tell. */
export function organizationWeakened(call: ApiCall, asking: Asking): readonly Weakened[] {
  const { request } = call;
  const policy = excerpt(text(request["policyId"]) || "of the organization");
  switch (call.api) {
    case "organizations:DetachPolicy":
      // Without its policy that allows everything, a target may do less.
      if (request["policyId"] === "p-FullAWSAccess") return [];
      return overAccount(call, asking, {
        did: `Policy ${policy} was detached from ${targetIn(call)}`,
        tried: `detach policy ${policy} from ${targetIn(call)}`,
        severity: "medium",
      });
    case "organizations:MoveAccount": {
      const vending = text(request["sourceParentId"]).startsWith("r-");
      const root = text(request["destinationParentId"]).startsWith("r-");
      return overAccount(call, asking, {
        did: `Account ${accountIn(call)} was moved ${root ? "to the root of the organization" : "to another organizational unit"}`,
        tried: `move account ${accountIn(call)} in the organization`,
        severity: vending ? "low" : "medium",
      });
    }
    case "organizations:LeaveOrganization":
    case "organizations:RemoveAccountFromOrganization":
      return overAccount(call, asking, {
        did: `Account ${accountIn(call)} left the organization and its guard-rails`,
        tried: `take account ${accountIn(call)} out of the organization and its guard-rails`,
        severity: "high",
      });
    case "organizations:DeleteOrganization":
      return [found(call, { did: "The organization was deleted", tried: "delete the organization", severity: "high" })];
    case "organizations:DisablePolicyType": {
      const type = text(request["policyType"]);
      const what = {
        did: `Policies of type ${excerpt(type)} were switched off`,
        tried: `switch off policies of type ${excerpt(type)}`,
      };
      return [found(call, { ...what, severity: guarding.has(type) || type === "" ? "high" : "low" })];
    }
    case "organizations:DeletePolicy":
      // Only what is attached nowhere can be deleted (Organizations API, "DeletePolicy").
      return [found(call, { did: `Policy ${policy} was deleted`, tried: `delete policy ${policy}`, severity: "low" })];
    case "organizations:UpdatePolicy":
      return updated(call);
    default:
      return unplugged(call);
  }
}

interface Said {
  readonly did: string;
  readonly tried: string;
  readonly severity: Severity;
}

/** Policy types that limit what can be done; the others tag, back up and inform (Organizations User Guide, "Policy types"). */
const guarding: ReadonlySet<string> = new Set([
  "DECLARATIVE_POLICY_EC2",
  "RESOURCE_CONTROL_POLICY",
  "SERVICE_CONTROL_POLICY",
]);

const accountIn = ({ api, account, request }: ApiCall): string =>
  excerpt(
    api === "organizations:LeaveOrganization"
      ? (account ?? "")
      : text(request["accountId"]) || text(request["targetId"]),
  );

function targetIn({ request }: ApiCall): string {
  const target = excerpt(text(request["targetId"]));
  return target.startsWith("r-")
    ? `the root ${target}`
    : target.startsWith("ou-")
      ? `unit ${target}`
      : `account ${target}`;
}

/** The account whose guard-rails change, where the call is about one. */
function accountOver(call: ApiCall): string | undefined {
  const id = accountIn(call);
  return /^\d{12}$/.test(id) ? id : undefined;
}

/** Asked on both sides of the call: what its own second did besides is taken with it. */
export function controlQuestions(call: ApiCall): readonly Extract<Fact, { kind: "controls" }>[] {
  const account = compared.has(call.api) ? accountOver(call) : undefined;
  if (account === undefined) return [];
  const moments = [call.at, (call.at + 1) as Instant].map((moment) => ({ at: moment, id: call.id }));
  return moments.map((before) => ({ kind: "controls", account, before }));
}

const compared: ReadonlySet<string> = new Set([
  "organizations:DetachPolicy",
  "organizations:LeaveOrganization",
  "organizations:MoveAccount",
  "organizations:RemoveAccountFromOrganization",
]);

/** A change over one account: where its policies are known before and after, they say whether anything opened. */
function overAccount(call: ApiCall, { seen, measure }: Asking, said: Said): readonly Weakened[] {
  const [before, after] = controlQuestions(call).map((one) => seen.facts.get(factKey(one)));
  const gone =
    call.api === "organizations:LeaveOrganization" || call.api === "organizations:RemoveAccountFromOrganization";
  if (before?.kind !== "controls" || (after?.kind !== "controls" && !gone)) return [found(call, said)];
  const loosening = measure(before.service, gone || after?.kind !== "controls" ? [] : after.service);
  // Resource control policies only deny: fewer of them is more that is open.
  const fewer = !gone && after?.kind === "controls" && after.resource.flat().length < before.resource.flat().length;
  if (loosening.kind === "not-looser") return fewer || gone ? [found(call, said)] : [];
  return [found(call, opened(said, loosening), loosening)];
}

function opened({ did, tried, severity }: Said, { actions, paths }: Extract<Loosening, { kind: "looser" }>): Said {
  const [gravest] = paths;
  const rest = actions.length > 2 ? ` and ${actions.length - 2} more actions` : "";
  const what =
    gravest === undefined
      ? `; ${actions.slice(0, 2).join(" and ")}${rest} no longer denied`
      : `; ${paths.length} escalation ${paths.length === 1 ? "path is" : "paths are"} open again, such as: ${gravest.title}`;
  return {
    did: `${did}${what}`,
    tried,
    severity: gravest === undefined && severity !== "high" ? "medium" : "high",
  };
}

function updated(call: ApiCall): readonly Weakened[] {
  const type = text(at(call.response, "policy", "policySummary", "type"));
  const content = call.request["content"];
  const absent = content === undefined || content === null || content === "";
  if (type !== "" && !guarding.has(type)) return [];
  const said = { did: "A control policy was rewritten", tried: "rewrite a control policy" };
  if (absent) return call.outcome === "done" ? [] : [found(call, { ...said, severity: "low" })];
  const parsed = parsePolicy(content);
  const denies = parsed.ok && parsed.document.statements.some(({ effect }) => effect === "Deny");
  const allowsAll =
    parsed.ok &&
    parsed.document.statements.some(({ effect, actions }) => effect === "Allow" && actions.patterns.includes("*"));
  if (!parsed.ok || denies || !allowsAll)
    return [
      found(call, { ...said, did: `${said.did}; whether it is wider than before is not known`, severity: "low" }),
    ];
  return [
    found(call, {
      did: "A control policy was rewritten and denies nothing now",
      tried: "rewrite a control policy so that it denies nothing",
      severity: "high",
    }),
  ];
}

/** Services whose view of all accounts is a guard-rail (Organizations User Guide, "AWS services that work with Organizations"). */
const watching: ReadonlySet<string> = new Set([
  ...["access-analyzer", "cloudtrail", "config", "config-multiaccountsetup", "detective", "fms", "guardduty", "iam"],
  ...["inspector2", "macie", "malware-protection.guardduty", "securityhub", "securitylake", "sso"],
]);

function unplugged(call: ApiCall): readonly Weakened[] {
  const service = text(call.request["servicePrincipal"]);
  if (service !== "" && !watching.has(service.replace(/\.amazonaws\.com(?:\.cn)?$/, ""))) return [];
  const name = excerpt(service || "a service");
  const said: Said =
    call.api === "organizations:DisableAWSServiceAccess"
      ? {
          did: `${name} was cut off from the organization's accounts`,
          tried: `cut ${name} off from the organization's accounts`,
          severity: "medium",
        }
      : {
          did: `The delegated administrator of ${name} was dismissed`,
          tried: `dismiss the delegated administrator of ${name}`,
          severity: "medium",
        };
  return [found(call, said)];
}

function found(call: ApiCall, said: Said, loosening?: Extract<Loosening, { kind: "looser" }>): Weakened {
  const { request } = call;
  const named = parameters.flatMap((one): readonly Evidence[] =>
    text(request[one]) === "" ? [] : [fieldOf(call, `requestParameters.${one}`, request[one])],
  );
  const resource =
    accountOver(call) ??
    [request["targetId"], request["policyId"], request["rootId"]].map(text).find((one) => one !== "");
  return {
    ...said,
    confidence: loosening === undefined && call.api === "organizations:DetachPolicy" ? "medium" : "high",
    ...(resource === undefined ? {} : { resource }),
    evidence: [
      fieldOf(call, "eventName", call.name),
      ...named,
      ...(loosening?.paths ?? []).slice(0, 8).map(({ id }) => fieldOf(call, "escalation path", id)),
      ...(loosening === undefined
        ? []
        : [{ kind: "count", what: "actions no longer denied", count: loosening.actions.length } as const]),
    ],
  };
}

const parameters = [
  "policyId",
  "targetId",
  "policyType",
  "rootId",
  "accountId",
  "sourceParentId",
  "destinationParentId",
  "servicePrincipal",
] as const;
