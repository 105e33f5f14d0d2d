import type { ApiCall } from "../../event/event.ts";
import { at, text } from "../../event/json.ts";
import { accountOf } from "../../iam/arn.ts";
import type { Birth, BirthRow } from "./credential-birth.ts";

const api = "https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_";
const vault = "bedrock-agentcore:token-vault/";
const apiKey = { named: ["name"], as: `${vault}default/apikeycredentialprovider/` } as const;
const oauth = { named: ["name"], as: `${vault}default/oauth2credentialprovider/` } as const;
const identity = {
  named: ["name"],
  as: "bedrock-agentcore:workload-identity-directory/default/workload-identity/",
} as const;

/** What AgentCore keeps for agents: credentials of other systems, the identities that fetch them, and the vault's key. */
export const agentBirths: readonly BirthRow[] = [
  {
    api: "bedrock-agentcore:CreateApiKeyCredentialProvider",
    did: "An API key of another system was laid up for agents",
    tried: "lay up an API key of another system for agents",
    severity: "low",
    ...apiKey,
    source: `${api}CreateApiKeyCredentialProvider.html`,
  },
  {
    api: "bedrock-agentcore:UpdateApiKeyCredentialProvider",
    did: "The API key that agents use for another system was replaced",
    tried: "replace the API key that agents use for another system",
    severity: "medium",
    ...apiKey,
    source: `${api}UpdateApiKeyCredentialProvider.html`,
  },
  {
    api: "bedrock-agentcore:CreateOauth2CredentialProvider",
    did: "An OAuth client of another system was laid up for agents",
    tried: "lay up an OAuth client of another system for agents",
    severity: "low",
    ...oauth,
    source: `${api}CreateOauth2CredentialProvider.html`,
  },
  {
    api: "bedrock-agentcore:UpdateOauth2CredentialProvider",
    did: "The OAuth client that agents use for another system was replaced",
    tried: "replace the OAuth client that agents use for another system",
    severity: "medium",
    ...oauth,
    source: `${api}UpdateOauth2CredentialProvider.html`,
  },
  {
    api: "bedrock-agentcore:CreateWorkloadIdentity",
    did: "An identity that fetches agents' tokens was made",
    tried: "make an identity that fetches agents' tokens",
    // AgentCore makes one with every runtime and gateway, in the name of whoever makes those.
    severity: "info",
    ...identity,
    source: `${api}CreateWorkloadIdentity.html`,
  },
  {
    api: "bedrock-agentcore:SetTokenVaultCMK",
    did: "The vault of agents' tokens was put under another key",
    tried: "put the vault of agents' tokens under another key",
    severity: "medium",
    named: ["tokenVaultId"],
    as: vault,
    says: vaultKey,
    source: `${api}SetTokenVaultCMK.html`,
  },
];

/** Whoever owns the key can shut the vault, and reads along where they get at what it encrypts. */
function vaultKey(call: ApiCall): Birth {
  const path = "kmsConfiguration.kmsKeyArn";
  const key = text(at(call.request, ...path.split(".")));
  const owner = accountOf(key);
  const own = call.account ?? call.principal.account;
  if (key === "")
    return {
      path: "requestParameters.kmsConfiguration.keyType",
      value: text(at(call.request, "kmsConfiguration", "keyType")),
      did: "The vault of agents' tokens was put under a key that AWS owns",
      tried: "put the vault of agents' tokens under a key that AWS owns",
    };
  if (owner === undefined || own === undefined || owner === own)
    return { path: `requestParameters.${path}`, value: key };
  return {
    path: `requestParameters.${path}`,
    value: key,
    severity: "high",
    did: `The vault of agents' tokens was put under a key of account ${owner}`,
    tried: `put the vault of agents' tokens under a key of account ${owner}`,
  };
}
