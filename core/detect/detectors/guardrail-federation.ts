import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { at, list, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import type { ApiName } from "../../iam/identifiers.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Detector, Seen } from "../detector.ts";
import type { Evidence, Severity } from "../finding.ts";
import { type FederationCall, federationCalls } from "../guard-rails/federation-call.ts";
import { fieldOf, guardRailDetector, type Weakened } from "../guard-rails/guard-rail.ts";

/** Finds new ways in from outside: identity providers, certificate authorities, and who Identity Center lets into accounts. */
export const guardrailFederation = (iam: IamTables): Detector =>
  guardRailDetector(iam, {
    id: "guardrail-federation",
    version: "1",
    title: "A way in from outside was opened or changed",
    maturity: "incubating",
    attack: ["T1484.002", "T1556", "T1098"],
    controls: { owaspNhi: ["NHI3:2025", "NHI4:2025"], nistCsf: ["PR.AA-01", "PR.AA-05", "DE.CM-09"] },
    watches: [calls(...watched())],
    falsePositives: [
      "A pipeline moves to OIDC, a cluster gets its provider, a data centre gets its trust anchor",
      "An identity provider renews its certificate",
      "An administrator lets a new colleague into an account",
    ],
    triage: [
      "Ask whoever owns sign-in whether this provider, authority or assignment is theirs",
      "Look for roles that trust it: UpdateAssumeRolePolicy and CreateRole since then, and sessions that came through it",
      "If nobody owns it, disable it first (a profile, an anchor, an assignment), then look at what came through it",
    ],
    references: [
      "https://hackingthe.cloud/aws/post_exploitation/iam_persistence/",
      "https://stratus-red-team.cloud/attack-techniques/AWS/aws.persistence.rolesanywhere-create-trust-anchor/",
      "https://docs.aws.amazon.com/singlesignon/latest/userguide/sso-info-in-cloudtrail.html",
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers.html",
    ],
    weakenedBy,
  });

function watched(): readonly [ApiName, ...ApiName[]] {
  const [first = "iam:CreateSAMLProvider", ...others] = Object.keys(federationCalls).sort() as ApiName[];
  return [first, ...others];
}

const byApi: ReadonlyMap<string, FederationCall> = new Map(Object.entries(federationCalls));

function weakenedBy(call: ApiCall, seen: Seen): readonly Weakened[] {
  const row = byApi.get(call.api);
  if (row === undefined) return [];
  const { severity, about } = judged(call, row, seen);
  const resource = row.names.map((name) => named(call, name)).find((one) => one !== "");
  return [
    {
      did: `${row.did}${about}`,
      tried: `${row.tried}${about}`,
      severity,
      confidence: "high",
      ...(resource === undefined ? {} : { resource }),
      evidence: [fieldOf(call, "eventName", call.name), ...shown(call)],
    },
  ];
}

/** A field of the request, or of the answer where the name says so. */
function named({ request, response }: ApiCall, name: string): string {
  const [first = "", ...rest] = name.split(".");
  return text(first === "response" ? at(response, ...rest) : at(request, first, ...rest));
}

interface About {
  readonly severity: Severity;
  readonly about: string;
}

function judged(call: ApiCall, { severity }: FederationCall, { registry }: Seen): About {
  const { api, request } = call;
  switch (api) {
    case "iam:CreateOpenIDConnectProvider": {
      const url = text(request["url"]);
      // A cluster's own issuer: its pods have nothing until a role trusts it, and that is judged when it does.
      const cluster = /^(?:https:\/\/)?oidc\.eks\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/id\//.test(url);
      return { severity: cluster ? "low" : severity, about: url === "" ? "" : `: ${excerpt(url)}` };
    }
    case "rolesanywhere:CreateTrustAnchor": {
      const own = at(request, "source", "sourceType") === "CERTIFICATE_BUNDLE";
      return own
        ? { severity: "high", about: ", by a certificate that anybody may hold the key of" }
        : { severity, about: "" };
    }
    case "rolesanywhere:CreateProfile":
    case "rolesanywhere:UpdateProfile": {
      const roles = list(request["roleArns"]).map(text);
      const declared = roles.flatMap((role) => registry.byRole(role)?.name ?? [])[0];
      if (declared !== undefined) return { severity: "high", about: `, the role of ${declared} among them` };
      return { severity, about: roles[0] === undefined ? "" : `: ${excerpt(roles[0])}` };
    }
    case "sso:CreateAccountAssignment":
      return assignment(call, severity);
    default:
      return { severity, about: "" };
  }
}

/** Letting oneself in is worst; the account that runs Identity Center governs all others. */
function assignment({ request, principal, account }: ApiCall, severity: Severity): About {
  const user = principal.kind === "identity-center-user" ? principal.userId : principal.onBehalfOf?.userId;
  const target = text(request["targetId"]);
  const about = target === "" ? "" : `: ${excerpt(target)}`;
  if (user !== undefined && user === request["principalId"])
    return { severity: "high", about: `${about}, by that very person` };
  return target !== "" && target === account
    ? { severity: "medium", about: `${about}, which governs the others` }
    : { severity, about };
}

const parameters = [
  ...["url", "clientIDList", "clientID", "name", "openIDConnectProviderArn", "sAMLProviderArn", "trustAnchorId"],
  ...["profileId", "roleArns", "crlId", "instanceArn", "permissionSetArn", "principalType", "principalId", "targetId"],
  ...["directoryId", "trustedTokenIssuerArn"],
];

/** What the request names; documents and certificates are not shown. */
const shown = (call: ApiCall): readonly Evidence[] =>
  parameters.flatMap((name) => {
    const value = call.request[name];
    return value === undefined || value === null || value === ""
      ? []
      : [fieldOf(call, `requestParameters.${name}`, value)];
  });
