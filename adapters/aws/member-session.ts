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

/** Credentials of a session in the member account. Throws Fault when the role does not let us in. */
export const memberSession =
  (as: SessionAs, client: AssumingClient): CredentialsOf =>
  async () => {
    const { AssumeRoleCommand } = await import("@aws-sdk/client-sts");
    const { account, partition, role } = as;
    const RoleArn = `arn:${partition}:iam::${account}:role/${role}`;
    const answer = await asked(() =>
      client.send(
        new AssumeRoleCommand({
          RoleArn,
          RoleSessionName: as.sessionName,
          SourceIdentity: as.sourceIdentity,
          ExternalId: as.externalId,
          DurationSeconds: lasts,
        }),
      ),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
    if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined)
      throw new Fault("unreachable", `sts:AssumeRole for ${RoleArn} answered without credentials`);
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration ?? new Date(0),
    };

    async function asked<Answer>(send: () => Promise<Answer>): Promise<Answer> {
      try {
        return await send();
      } catch (cause) {
        throw toFault(cause, { call: calls[0], names: { account, partition, role } });
      }
    }
  };
