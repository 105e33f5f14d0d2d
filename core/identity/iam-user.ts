import type { Principal, Signer } from "../event/principal.ts";
import type { Holder } from "./resolver.ts";
import type { Naming } from "./workload.ts";

/** A holder that is an IAM user, or a session of one that still is recorded as the user (`GetSessionToken`, the console). */
export type IamUser = Holder & { readonly principal: Signer & { readonly kind: "iam-user"; readonly arn: string } };

export const isIamUser = (holder: Holder): holder is IamUser =>
  holder.principal.kind === "iam-user" && holder.principal.arn !== undefined;

/** The manifest that names the key or, where none does, the user. */
export const namingUser = ({ principal, registry }: IamUser): Naming | undefined =>
  (principal.accessKeyId === undefined ? undefined : registry.selecting("accessKeyId", [principal.accessKeyId])) ??
  registry.selecting("userArn", [principal.arn]);

/** A user's bearer token that is no session in another form: such a one would be recorded with the session's key. */
export const isStaticToken = ({ bearer, accessKeyId, console }: Principal): boolean =>
  bearer === true && console === undefined && !accessKeyId?.startsWith("ASIA");
