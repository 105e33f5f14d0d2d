import type { ApiName } from "../identifiers.ts";
import type { ChangeReader, ChangingCall, IamChange, IamWrite, WriteMoment } from "./iam-change.ts";
import { identityChanges } from "./iam-write-identity.ts";
import { credentialChanges, managedChanges } from "./iam-write-managed.ts";
import { organizationChanges } from "./iam-write-organization.ts";
import { permissionSetChanges } from "./iam-write-permission-set.ts";
import { resourceChanges } from "./iam-write-resource.ts";

/** Those whose effect is remembered: what detectors ask about is made of them. */
const remembered: Readonly<Record<string, ChangeReader>> = {
  ...identityChanges,
  ...managedChanges,
  ...organizationChanges,
  ...permissionSetChanges,
  ...resourceChanges,
};

const readers = new Map<string, ChangeReader>(Object.entries({ ...remembered, ...credentialChanges }));

/** Names of the calls that IAM state is made of, sorted. */
export const iamWriteApis: readonly ApiName[] = (Object.keys(remembered) as ApiName[]).sort();

/** What a call changes, or would have changed: it says nothing about whether the call was let through. */
export const iamChangeOf = (call: ChangingCall): IamChange | undefined => readers.get(call.api)?.(call);

/** What a call did change: one that was let through, with its place in the order of events. */
export function iamWriteOf(call: ChangingCall & WriteMoment & { readonly outcome: string }): IamWrite | undefined {
  if (call.outcome !== "done") return undefined;
  const change = iamChangeOf(call);
  return change && { schema: 1, at: call.at, id: call.id, change };
}
