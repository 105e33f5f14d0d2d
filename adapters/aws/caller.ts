import type { GetCallerIdentityCommand, GetCallerIdentityCommandOutput } from "@aws-sdk/client-sts";
import { parseArn } from "../../core/iam/arn.ts";
import { type AccountId, asAccountId, type Partition } from "../../core/iam/identifiers.ts";
import { calls } from "./caller.calls.ts";
import { nobodySignedIn } from "./fault.ts";
import { retrying, type Sleep } from "./retry.ts";

/** The part of an STS client that is used here. */
export interface CallerClient {
  send(command: GetCallerIdentityCommand): Promise<GetCallerIdentityCommandOutput>;
}

export type Caller =
  | { readonly kind: "signed-in"; readonly account: AccountId; readonly arn: string; readonly partition: Partition }
  | { readonly kind: "nobody"; readonly because: string };

/** Who the credentials belong to; without credentials that AWS accepts, why there is nobody. */
export async function readCaller(client: CallerClient, sleep: Sleep): Promise<Caller> {
  const { GetCallerIdentityCommand } = await import("@aws-sdk/client-sts");
  const calling = { call: calls[0], names: {} };
  const asked = async () => {
    try {
      return await client.send(new GetCallerIdentityCommand({}));
    } catch (cause) {
      if (cause instanceof Error && nobodySignedIn(cause)) return cause;
      throw cause;
    }
  };
  const answer = await retrying(asked, calling, sleep);
  if (answer instanceof Error) return { kind: "nobody", because: answer.message };
  const account = asAccountId(answer.Account);
  const fields = parseArn(answer.Arn ?? "");
  if (account === undefined || fields === undefined)
    return { kind: "nobody", because: "sts:GetCallerIdentity answered without an account" };
  return { kind: "signed-in", account, arn: answer.Arn ?? "", partition: fields.partition };
}
