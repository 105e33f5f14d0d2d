import type { IAMClient } from "@aws-sdk/client-iam";
import type { AwsCall } from "../../core/flow/aws-call.ts";
import type { Written } from "../../core/respond/control-plane.ts";
import { answered } from "./answered.ts";
import type { Member } from "./slot-seam.ts";

/** Sends one of the listed mutating calls to IAM, once, and says what IAM answered. */
export const sending =
  <Call extends AwsCall, Sdk>(
    calls: readonly Call[],
    { clients, session, account, partition }: Member,
    load: () => Promise<Sdk>,
  ) =>
  async (api: Call["api"], send: (sdk: Sdk, iam: Pick<IAMClient, "send">) => Promise<unknown>): Promise<Written> => {
    const call = calls.find((one) => one.api === api);
    if (call === undefined) throw new TypeError(`${api} is not among the calls of its adapter`);
    const sdk = await load();
    const client = await clients.iam(session);
    return answered(() => send(sdk, client), call, { account, partition });
  };
