import type { AssumeRoleCommand, AssumeRoleCommandOutput } from "@aws-sdk/client-sts";
import { Fault } from "../../core/fault.ts";
import { toFault } from "./fault.ts";
import { calls } from "./member-session.calls.ts";

/** Which role of ours is taken on in which account, and under which names its calls are recorded. */
export interface SessionAs {
  readonly account: string;
  readonly partition: string;
  /** The role's name in every account. */
  readonly role: string;
  /** Without it the role lets nobody in: a secret between the deployment and the account against a confused deputy. */
  readonly externalId: string;
  readonly sourceIdentity: string;
  readonly sessionName: string;
}

export interface MemberCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

export type CredentialsOf = () => Promise<MemberCredentials>;

/** The part of an STS client that is used here. */
export interface AssumingClient {
  send(command: AssumeRoleCommand): Promise<AssumeRoleCommandOutput>;
}

/** The shortest that STS gives, in seconds: longer than any call with all its tries. */
const lasts = 900;

/** A session's credentials are asked for anew so long before they end, in milliseconds. */
const ahead = 120_000;

/** Credentials of a session in the member account, kept until shortly before they end. Throws Fault when the role does not let us in. */
export function memberSession(as: SessionAs, client: AssumingClient): CredentialsOf {
  let kept: MemberCredentials | undefined;
  return async () => {
    if (kept === undefined || kept.expiration.getTime() - ahead < Date.now()) kept = await assumed(as, client);
    return kept;
  };
}

async function assumed(as: SessionAs, client: AssumingClient): Promise<MemberCredentials> {
  const { AssumeRoleCommand } = await import("@aws-sdk/client-sts");
  const { account, partition, role } = as;
  const RoleArn = `arn:${partition}:iam::${account}:role/${role}`;
  const input = {
    RoleArn,
    RoleSessionName: as.sessionName,
    SourceIdentity: as.sourceIdentity,
    ExternalId: as.externalId,
    DurationSeconds: lasts,
  };
  const answer = await client.send(new AssumeRoleCommand(input)).catch((cause: unknown) => {
    throw toFault(cause, { call: calls[0], names: { account, partition, role } });
  });
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined)
    throw new Fault("unreachable", `sts:AssumeRole for ${RoleArn} answered without credentials`);
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration ?? new Date(0),
  };
}
