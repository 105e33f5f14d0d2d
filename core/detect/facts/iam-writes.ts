import type { ApiCall, AuditEvent } from "../../event/event.ts";
import { calls, type Watch } from "../../event/watch.ts";
import type { IamChange, IamWrite } from "../../iam/account/iam-change.ts";
import { iamChangeOf, iamWriteApis, iamWriteOf } from "../../iam/account/iam-write.ts";

const [first = "iam:CreatePolicy", ...rest] = iamWriteApis;

/** The calls that IAM state is made of. */
export const iamWriteWatches: Watch = calls(first, ...rest);

/** What an event changed of IAM; nothing where it changed nothing, or does not say what. */
export const writtenBy = (event: AuditEvent): IamWrite | undefined =>
  event.kind === "api-call" ? iamWriteOf(inAccount(event)) : undefined;

/** What a call changes, or would have changed had it been let through. */
export const changeIn = (call: ApiCall): IamChange | undefined => iamChangeOf(inAccount(call));

/** Names in a request are names in the account of whoever asks. */
const inAccount = (call: ApiCall): ApiCall =>
  call.account === undefined && call.principal.account !== undefined
    ? { ...call, account: call.principal.account }
    : call;
