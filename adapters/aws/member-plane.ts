import type { ControlPlane } from "../../core/respond/control-plane.ts";
import { sourceIdentityOf } from "../../core/respond/session-name.ts";
import { awsControlPlane, type Snapshotter } from "./control-plane.ts";
import { calls as slotCalls } from "./iam-slots.calls.ts";
import { calls as snapshotCalls } from "./iam-snapshot.calls.ts";
import { calls as lambdaCalls } from "./lambda-slots.calls.ts";
import { type MemberClients, memberClients, type Reached } from "./member-clients.ts";
import type { AssumingClient } from "./member-session.ts";
import type { Sleep } from "./retry.ts";
import { calls as scalingCalls } from "./scaling-slots.calls.ts";
import type { SlotReader, SlotWriter } from "./slot-seam.ts";

/** What one function may read and set, and the role that it does it in; both are the same in every account. */
export interface Parts {
  readonly role: string;
  readonly readers: readonly SlotReader[];
  readonly writers: readonly SlotWriter[];
  readonly snapshots: readonly Snapshotter[];
}

/** The account that a case is in. */
export interface CaseAccount {
  readonly account: string;
  readonly caseId: string;
}

/** How member accounts are reached. */
export interface Members {
  clientsFor(of: CaseAccount, role: string): MemberClients;
  readonly partition: string;
  readonly sleep: Sleep;
}

/** Member accounts of AWS, each let in by its own external id. Throws Fault where an account has none. */
export function awsMembers(
  sts: AssumingClient,
  { partition, sleep, ...reached }: Reached & { readonly partition: string; readonly sleep: Sleep },
  externalIdOf: (account: string) => string,
): Members {
  return {
    partition,
    sleep,
    clientsFor: ({ account, caseId }, role) =>
      memberClients(
        { account, partition, role, externalId: externalIdOf(account), sourceIdentity: sourceIdentityOf({ caseId }) },
        reached,
        sts,
      ),
  };
}

/** An account for one case, with one function's parts and nobody else's. */
export const memberPlane = (of: CaseAccount, parts: Parts, members: Members): ControlPlane =>
  awsControlPlane({
    ...{ ...of, ...parts, partition: members.partition, sleep: members.sleep },
    clients: members.clientsFor(of, parts.role),
    calls: [...slotCalls, ...snapshotCalls, ...lambdaCalls, ...scalingCalls],
  });
