import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import { fields, list, text } from "../../core/event/json.ts";
import { parseArn } from "../../core/iam/arn.ts";
import type { Slot, Value } from "../../core/respond/slot.ts";
import type { Snapshot } from "../../core/respond/snapshot.ts";
import { answered } from "./answered.ts";
import { calls } from "./scaling-slots.calls.ts";
import { lastName, type Member, type Reading, type SlotReader, type SlotWriter } from "./slot-seam.ts";

/** Reads what a fleet has suspended and how large it may be; null where there is no such fleet (any more). */
export const readScaling: SlotReader = (slot, from) => {
  if (slot.kind !== "scaling-processes" && slot.kind !== "scaling-size") return undefined;
  return groupOf(slot.group, from).then((group) => (group === undefined ? null : valueIn(slot, group)));
};

/** A fleet's state; the id in its ARN is one that a new fleet of the same name does not have. */
export async function scalingSnapshot(arn: string, from: Reading): Promise<Snapshot | undefined> {
  if (parseArn(arn)?.service !== "autoscaling") return undefined;
  const group = await groupOf(arn, from);
  if (group === undefined) return undefined;
  const slots: readonly (Slot & { readonly kind: "scaling-processes" | "scaling-size" })[] = [
    { kind: "scaling-processes", group: arn },
    { kind: "scaling-size", group: arn },
  ];
  const target = { arn, id: arn, account: from.account };
  return { schema: 1, target, held: slots.map((slot) => ({ slot, value: valueIn(slot, group) })), quotas: {} };
}

const valueIn = ({ kind }: { readonly kind: "scaling-processes" | "scaling-size" }, group: AutoScalingGroup): Value =>
  kind === "scaling-processes"
    ? (group.SuspendedProcesses ?? []).flatMap(({ ProcessName }) => ProcessName ?? []).sort()
    : { min: group.MinSize ?? 0, max: group.MaxSize ?? 0, desired: group.DesiredCapacity ?? 0 };

async function groupOf(arn: string, { clients, session, ask }: Reading): Promise<AutoScalingGroup | undefined> {
  const { DescribeAutoScalingGroupsCommand } = await import("@aws-sdk/client-auto-scaling");
  const scaling = await clients.scaling(session, regionOf(arn));
  const answer = await ask("auto-scaling:DescribeAutoScalingGroups", () =>
    scaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [lastName(arn)] })),
  );
  return answer.AutoScalingGroups?.find(({ AutoScalingGroupARN }) => AutoScalingGroupARN === arn);
}

/** Suspends or resumes what differs, or sets the bounds that differ. It ends no instance: a size below what runs is no change of its own. */
export const writeScaling: SlotWriter = ({ slot, before, after }, to) => {
  if (slot.kind === "scaling-processes") return processes(slot.group, [list(before), list(after)], to);
  return slot.kind === "scaling-size" ? size(slot.group, [fields(before), fields(after)], to) : undefined;
};

function processes(group: string, [before, after]: readonly [readonly Value[], readonly Value[]], to: Member) {
  const suspended = after.filter((one) => !before.includes(one)).map(text);
  const resumed = before.filter((one) => !after.includes(one)).map(text);
  // Two calls would be two steps.
  if (suspended.length > 0 === resumed.length > 0) return undefined;
  const [, suspend, resume] = calls;
  return (async () => {
    const { ResumeProcessesCommand, SuspendProcessesCommand } = await import("@aws-sdk/client-auto-scaling");
    const scaling = await to.clients.scaling(to.session, regionOf(group));
    const of = { AutoScalingGroupName: lastName(group) };
    return suspended.length > 0
      ? answered(
          () => scaling.send(new SuspendProcessesCommand({ ...of, ScalingProcesses: suspended })),
          suspend,
          named(group, to),
        )
      : answered(
          () => scaling.send(new ResumeProcessesCommand({ ...of, ScalingProcesses: resumed })),
          resume,
          named(group, to),
        );
  })();
}

type Sizes = ReturnType<typeof fields>;

function size(group: string, [before, after]: readonly [Sizes, Sizes], to: Member) {
  const { min, max, desired } = after;
  // A fleet that is told another desired size starts or ends instances.
  if (typeof min !== "number" || typeof max !== "number" || desired !== before["desired"]) return undefined;
  const [, , , update] = calls;
  return (async () => {
    const { UpdateAutoScalingGroupCommand } = await import("@aws-sdk/client-auto-scaling");
    const scaling = await to.clients.scaling(to.session, regionOf(group));
    const of = { AutoScalingGroupName: lastName(group), MinSize: min, MaxSize: max };
    return answered(() => scaling.send(new UpdateAutoScalingGroupCommand(of)), update, named(group, to));
  })();
}

const named = (group: string, { account, partition }: Member) => ({ account, partition, region: regionOf(group) });

const regionOf = (arn: string): string => parseArn(arn)?.region ?? "";
