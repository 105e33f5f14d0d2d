import type { RoleArn } from "../iam/arn.ts";
import type { AccessKeyId, AccountId } from "../iam/identifiers.ts";
import type { Instant } from "./instant.ts";

/** Who signed the request, exactly as CloudTrail's `userIdentity` says and no further ("CloudTrail userIdentity element"). */
export type Principal =
  | (Signer & { readonly kind: "assumed-role"; readonly role: RoleArn; readonly session: Session })
  | (Signer & { readonly kind: "iam-user" | "root" | "role" | "directory" })
  /** A session that `GetFederationToken` gave out; `issuer` is the user or root that asked, written by AWS. */
  | (Signer & { readonly kind: "federated-user"; readonly session: Session; readonly issuer?: string })
  | (Signer & {
      readonly kind: "saml-user";
      readonly provider: string;
      readonly subject: string;
      /** As for a web identity. */
      readonly proven: boolean;
    })
  | (Signer & {
      readonly kind: "web-identity-user";
      readonly provider: string;
      readonly subject: string;
      /** True when the answer of the issuing call names the subject; otherwise it is what the caller's token says. */
      readonly proven: boolean;
    })
  | (Signer & { readonly kind: "identity-center-user"; readonly userId: string; readonly identityStoreArn: string })
  | (Signer & { readonly kind: "aws-account" })
  | (Signer & { readonly kind: "aws-service"; readonly service: string })
  | (Signer & { readonly kind: "unknown"; readonly type: string });

/** What any principal may carry. */
export interface Signer {
  readonly arn?: string;
  /** The immutable id: `AIDA…`, `AROA…:session`, an account id for root. */
  readonly id?: string;
  readonly account?: AccountId;
  readonly accessKeyId?: AccessKeyId;
  /** The AWS service that made the call on the principal's behalf; written by AWS. */
  readonly invokedBy?: string;
  /** The name of an IAM user, where the record has it. */
  readonly userName?: string;
  /** The third party's account that acted with delegated access (`invokedByDelegate`); written by AWS. */
  readonly delegate?: AccountId;
  /** The Identity Center user that a service acted for (`onBehalfOf`); written by AWS. */
  readonly onBehalfOf?: { readonly userId: string; readonly identityStoreArn: string };
  /** The id of a bearer token, the same for all calls made with it (`credentialId`); written by AWS. */
  readonly credentialId?: string;
  /** True when the call was signed with a bearer token such as a Bedrock API key (`callWithBearerToken`). */
  readonly bearer?: true;
  /** The sign-in session behind the credential (`signInSessionArn`); it outlives the rotation of keys. Written by AWS. */
  readonly signInSession?: string;
  /** True when the management console made the credential (`sessionCredentialFromConsole`), or the record is the sign-in to it. */
  readonly console?: true;
  /** True when nobody proved to be this identity: a sign-in that failed, a request for a new password. Anybody can type a name. */
  readonly unproven?: true;
  /** True for a root session that `AssumeRoot` gave out. */
  readonly assumedRoot?: true;
}

/** Temporary credentials. The name is chosen by the caller and proves nothing by itself. */
export interface Session {
  readonly name: string;
  readonly startedAt?: Instant;
  /** Set by the first caller of a chain and immutable after that; AWS carries it, AWS does not vouch for it. */
  readonly sourceIdentity?: string;
  /** Written by AWS: the resource in whose environment the credentials were issued. */
  readonly inScopeOf?: { readonly issuerType: string; readonly credentialsIssuedTo: string };
  /** Written by AWS: the OIDC provider of the session and, where AWS adds it, the subject of the token. */
  readonly webIdentity?: { readonly provider: string; readonly subject?: string };
  /** Written by AWS when instance metadata handed out the credentials: 1.0 for IMDSv1, 2.0 for IMDSv2. */
  readonly ec2RoleDelivery?: string;
}
