import type { Principal } from "../../event/principal.ts";

/**
 * True when an AWS service made a call as itself: `type` AWSService with its own principal in `invokedBy`, both written by
 * AWS. `service` is the part before `.amazonaws.com`, in any partition.
 */
export const isServiceItself = (
  caller: Pick<Principal, "kind"> & { readonly service?: string },
  service: string,
): boolean =>
  caller.kind === "aws-service" &&
  (caller.service === `${service}.amazonaws.com` || caller.service === `${service}.amazonaws.com.cn`);

/** The service that `invokedBy` names. `AWS Internal` and the like are not a service's name. */
export const serviceIn = (invokedBy: string): string | undefined =>
  /^[\w.-]+\.[a-z]+$/.test(invokedBy) ? invokedBy : undefined;
