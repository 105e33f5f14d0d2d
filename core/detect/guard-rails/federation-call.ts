import type { ApiName } from "../../iam/identifiers.ts";
import type { Severity } from "../finding.ts";

/** What one call does to the ways in from outside, for titles: after it, and behind "Somebody tried to". */
export interface FederationCall {
  readonly did: string;
  readonly tried: string;
  readonly severity: Severity;
  /** Request or answer fields that name what was touched; the first that is there is the resource. */
  readonly names: readonly string[];
}

const oidc = ["response.openIDConnectProviderArn", "openIDConnectProviderArn"] as const;
const saml = ["response.sAMLProviderArn", "sAMLProviderArn"] as const;
const anchor = ["response.trustAnchor.trustAnchorArn", "trustAnchorArn", "trustAnchorId"] as const;
const profile = ["response.profile.profileArn", "profileArn", "profileId"] as const;
const directory = ["directoryId", "identityStoreId", "instanceArn"] as const;

/**
 * Calls that open, move or close a way in: IAM API Reference, IAM Roles Anywhere API Reference, and the IAM Identity Center
 * User Guide ("CloudTrail events of IAM Identity Center", "Actions … for IAM Identity Center directory").
 */
export const federationCalls = {
  "iam:CreateOpenIDConnectProvider": row("An OIDC provider was added", "add an OIDC provider", "medium", oidc),
  "iam:AddClientIDToOpenIDConnectProvider": row(
    "An OIDC provider takes tokens for one more audience",
    "have an OIDC provider take tokens for one more audience",
    "medium",
    oidc,
  ),
  "iam:UpdateOpenIDConnectProviderThumbprint": row(
    "The certificates that an OIDC provider is known by were changed",
    "change the certificates that an OIDC provider is known by",
    "medium",
    oidc,
  ),
  "iam:RemoveClientIDFromOpenIDConnectProvider": row(
    "An OIDC provider takes tokens for one audience less",
    "take an audience from an OIDC provider",
    "info",
    oidc,
  ),
  "iam:DeleteOpenIDConnectProvider": row("An OIDC provider was deleted", "delete an OIDC provider", "low", oidc),
  "iam:CreateSAMLProvider": row("A SAML provider was added", "add a SAML provider", "medium", saml),
  "iam:UpdateSAMLProvider": row(
    "Whose signature a SAML provider's users need was changed",
    "change whose signature a SAML provider's users need",
    "high",
    saml,
  ),
  "iam:DeleteSAMLProvider": row("A SAML provider was deleted", "delete a SAML provider", "low", saml),
  "rolesanywhere:CreateTrustAnchor": row(
    "A certificate authority may let in machines from outside now",
    "let in machines from outside by a certificate authority",
    "medium",
    anchor,
  ),
  "rolesanywhere:UpdateTrustAnchor": row(
    "The certificate authority of a trust anchor was changed",
    "change the certificate authority of a trust anchor",
    "high",
    anchor,
  ),
  "rolesanywhere:EnableTrustAnchor": row("A trust anchor was enabled", "enable a trust anchor", "medium", anchor),
  "rolesanywhere:CreateProfile": row(
    "Roles were handed to holders of certificates",
    "hand roles to holders of certificates",
    "medium",
    profile,
  ),
  "rolesanywhere:UpdateProfile": row(
    "What holders of certificates get was changed",
    "change what holders of certificates get",
    "medium",
    profile,
  ),
  "rolesanywhere:EnableProfile": row(
    "A profile for holders of certificates was enabled",
    "enable a profile for holders of certificates",
    "medium",
    profile,
  ),
  "rolesanywhere:DisableCrl": row(
    "Certificates that were revoked may count again",
    "let revoked certificates count again",
    "medium",
    ["crlId"],
  ),
  "rolesanywhere:DeleteCrl": row(
    "A list of revoked certificates was deleted",
    "delete a list of revoked certificates",
    "medium",
    ["crlId"],
  ),
  "sso:CreateInstance": row(
    "An account has an Identity Center of its own now",
    "give an account an Identity Center of its own",
    "medium",
    ["response.instanceArn"],
  ),
  "sso:DeleteInstance": row("An Identity Center was deleted", "delete an Identity Center", "medium", ["instanceArn"]),
  "sso:CreateAccountAssignment": row(
    "Somebody was let into an account through Identity Center",
    "let somebody into an account through Identity Center",
    "low",
    ["permissionSetArn"],
  ),
  "sso:CreateTrustedTokenIssuer": row(
    "Identity Center trusts one more issuer of tokens",
    "have Identity Center trust one more issuer of tokens",
    "medium",
    ["response.trustedTokenIssuerArn", "instanceArn"],
  ),
  "sso:UpdateTrustedTokenIssuer": row(
    "How Identity Center reads an issuer's tokens was changed",
    "change how Identity Center reads an issuer's tokens",
    "medium",
    ["trustedTokenIssuerArn"],
  ),
  "sso:CreateInstanceAccessControlAttributeConfiguration": attributes(),
  "sso:UpdateInstanceAccessControlAttributeConfiguration": attributes(),
  ...directoryCalls(),
} as const satisfies Readonly<Record<ApiName, FederationCall>>;

/** Console calls about where people come from; AWS records them under one of two sources. */
function directoryCalls() {
  const source = (did: string, tried: string, severity: Severity) => row(did, tried, severity, directory);
  const rows = {
    AssociateDirectory: source(
      "People come from another directory now",
      "let people in from another directory",
      "high",
    ),
    DisassociateDirectory: source("People's directory was taken off", "take people's directory off", "medium"),
    EnableExternalIdPConfigurationForDirectory: source(
      "Another identity provider says who people are now",
      "have another identity provider say who people are",
      "high",
    ),
    DisableExternalIdPConfigurationForDirectory: source(
      "The identity provider that said who people are was taken off",
      "take off the identity provider that says who people are",
      "medium",
    ),
    CreateExternalIdPConfigurationForDirectory: source(
      "An identity provider for people was set up",
      "set up an identity provider for people",
      "medium",
    ),
    UpdateExternalIdPConfigurationForDirectory: source(
      "The identity provider that says who people are was changed",
      "change the identity provider that says who people are",
      "high",
    ),
    ImportExternalIdPCertificate: source(
      "One more signature counts for who people are",
      "have one more signature count for who people are",
      "high",
    ),
    CreateBearerToken: source(
      "A token was made that may write people and groups",
      "make a token that may write people and groups",
      "medium",
    ),
  };
  const both = Object.entries(rows).flatMap(([name, one]) => [
    [`sso:${name}`, one] as const,
    [`sso-directory:${name}`, one] as const,
  ]);
  return Object.fromEntries(both) as Readonly<
    Record<`${"sso" | "sso-directory"}:${keyof typeof rows}`, FederationCall>
  >;
}

function attributes(): FederationCall {
  return row(
    "Which attributes of people decide what they may do was changed",
    "change which attributes of people decide what they may do",
    "low",
    ["instanceArn"],
  );
}

function row(did: string, tried: string, severity: Severity, names: readonly string[]): FederationCall {
  return { did, tried, severity, names };
}
