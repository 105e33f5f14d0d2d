import { Fault } from "../../core/fault.ts";
import type { AwsCall } from "../../core/flow/aws-call.ts";
import { accountOf } from "../../core/iam/arn.ts";
import type { ControlPlane } from "../../core/respond/control-plane.ts";
import { sessionNameOf } from "../../core/respond/session-name.ts";
import type { Slot } from "../../core/respond/slot.ts";
import type { Snapshot } from "../../core/respond/snapshot.ts";
import { toFault } from "./fault.ts";
import type { MemberClients } from "./member-clients.ts";
import { retrying, type Sleep } from "./retry.ts";
import type { Ask, Member, Reading, SlotReader, SlotWriter } from "./slot-seam.ts";

/** Reads a principal's or a thing's whole state; undefined when there is none of that kind. */
export type Snapshotter = (target: string, from: Reading) => Promise<Snapshot | undefined>;

/** One account for one case, with what this function may read and set there. */
export interface AwsAccount {
  readonly clients: MemberClients;
  readonly account: string;
  readonly partition: string;
  readonly caseId: string;
  readonly readers: readonly SlotReader[];
  readonly writers: readonly SlotWriter[];
  readonly snapshots: readonly Snapshotter[];
  /** The calls that are read with, for messages that say which right is missing. */
  readonly calls: readonly AwsCall[];
  readonly sleep: Sleep;
}

/**
 * An account as AWS has it. A slot or a change that this function has no part for is refused by its name, and nothing is
 * sent; so is everything in another account.
 */
export function awsControlPlane(of: AwsAccount): ControlPlane {
  const { account, partition, clients, caseId } = of;
  const named = (token: string): Member => ({ clients, account, partition, session: sessionNameOf({ caseId, token }) });
  const once: Ask = async (api, send) => {
    try {
      return await send();
    } catch (cause) {
      throw toFault(cause, callingOf(api, of));
    }
  };
  const patient: Ask = (api, send) => retrying(send, callingOf(api, of), of.sleep);
  return {
    async snapshot(target) {
      if (isElsewhere(target, account)) return undefined;
      for (const take of of.snapshots) {
        const found = await take(target, { ...named(reading), ask: patient });
        if (found !== undefined) return found;
      }
      return undefined;
    },
    async read(slot) {
      if (isElsewhere(placeOf(slot), account))
        throw new Fault("misconfigured", `${placeOf(slot)} is not in ${account}`);
      for (const read of of.readers) {
        const value = read(slot, { ...named(reading), ask: once });
        if (value !== undefined) return value;
      }
      throw new Fault("misconfigured", `nothing here reads ${slot.kind}`);
    },
    async write(change, mark) {
      const place = placeOf(change.slot);
      if (isElsewhere(place, account)) return refused(`${place} is not in ${account}`);
      if (mark.caseId !== caseId) return refused(`these clients are for ${caseId}, not for ${mark.caseId}`);
      for (const write of of.writers) {
        const written = write(change, named(mark.token));
        if (written !== undefined) return written;
      }
      return refused(`this function does not set ${change.slot.kind} so`);
    },
  };
}

/** Ends the session names of what only reads: no token of a step looks like it. */
const reading = "reading";

const refused = (because: string) => ({ kind: "refused", code: "denied", because }) as const;

const callingOf = (api: AwsCall["api"], { calls, account, partition }: AwsAccount) => ({
  call: calls.find((one) => one.api === api) ?? { ...unlisted, api },
  names: { account, partition },
});

const unlisted = { resource: "*", condition: {}, access: "read", why: "", rights: [] } as const;

const isElsewhere = (place: string, account: string): boolean => (accountOf(place) ?? account) !== account;

/** The ARN, or the name, of what a slot belongs to. */
function placeOf(slot: Slot): string {
  switch (slot.kind) {
    case "attached-policy":
    case "boundary":
    case "inline-policy":
    case "tag":
      return slot.holder.arn;
    case "trust":
      return slot.role;
    case "access-key":
    case "service-credential":
    case "ssh-key":
    case "signing-certificate":
      return slot.user;
    case "function-concurrency":
      return slot.functionArn;
    case "instance-profile":
      return slot.account;
    case "scaling-processes":
    case "scaling-size":
      return slot.group;
    case "policy-document":
      return slot.policy;
    case "cluster-access":
    case "pod-identity":
      return slot.cluster;
    case "gateway-target":
      return slot.gateway;
    case "compute-environment":
    case "run":
    case "agent-alias":
    case "credential-provider":
      return slot.arn;
  }
}
