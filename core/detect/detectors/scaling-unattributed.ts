import { instant } from "../../event/instant.ts";
import { calls } from "../../event/watch.ts";
import { causeNotSeen } from "../../identity/lineage/caused.ts";
import { cents } from "../capacity/accelerator-price.ts";
import type { Stretch } from "../capacity/capacity-meter.ts";
import { defineMeterDetector, type MeterDetection } from "../capacity/metered.ts";

/** Finds accelerators that began to run while no record tells who wanted them: no call, and nobody who set a group or a rule. */
export const scalingUnattributed = defineMeterDetector({
  id: "scaling-unattributed",
  version: "1",
  title: "Accelerators began to run, and no record tells who wanted them",
  family: "gpu-scaling",
  maturity: "incubating",
  needsDeclarations: true,
  attack: ["T1496.001", "T1578.002"],
  controls: {
    owaspNhi: ["NHI5:2025", "NHI8:2025"],
    owaspAsi: ["ASI10"],
    nistCsf: ["ID.AM-02", "DE.CM-09"],
    nistAiRmf: ["MEASURE 2.7", "MANAGE 4.1"],
    maestro: ["L4 Deployment and Infrastructure"],
  },
  watches: [
    calls("ec2:RunInstances"),
    {
      kind: "envelopes",
      source: "aws.autoscaling",
      detailTypes: ["EC2 Instance Launch Successful", "EC2 Instance Terminate Successful"],
    },
    {
      kind: "envelopes",
      source: "aws.ec2",
      detailTypes: ["EC2 Instance State-change Notification", "EC2 Spot Instance Request Fulfillment"],
    },
    {
      kind: "envelopes",
      source: "aws.sagemaker",
      detailTypes: ["SageMaker Training Job State Change", "SageMaker Endpoint State Change"],
    },
  ],
  falsePositives: [
    "The group, its template or its scaling rule was set up before the first record that was read",
    "The calls are in the files of another account or Region, or of a day that was not read",
  ],
  triage: [
    "Read the account's trail from before the start: the call that made the group, endpoint or job tells who wanted it",
    "If the trail has no such call, look for a gap in it, and for calls of the same time in other Regions",
    "If nobody knows what runs, stop it, and treat whoever may start such machines as suspect",
  ],
  references: [
    "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html",
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html",
  ],
  judge: ({ stretches }) =>
    [...Map.groupBy(stretches.filter(nobodys), placeAndDay).values()].flatMap(([first, ...others]) =>
      first === undefined ? [] : [found([first, ...others])],
    ),
});

const day = 86_400_000;
/** So many accelerators are no longer a leftover of something old. */
const many = 8;
const mostShown = 5;

/** Whoever is behind it was looked for and not seen; that a rule or NodePool stands between is another matter. */
const nobodys = ({ by }: Stretch): boolean =>
  by === undefined || (by.attribution.kind === "unattributed" && by.attribution.because === causeNotSeen.because);

const placeAndDay = ({ key, from }: Stretch): string =>
  JSON.stringify([...key.split("/").slice(0, 2), Math.floor(from / day)]);

function found(stretches: readonly [Stretch, ...Stretch[]]): MeterDetection {
  const [first] = stretches;
  const [account, region] = first.key.split("/");
  const accelerators = Math.ceil(stretches.reduce((sum, { load }) => sum + load.accelerators, 0));
  const usd = stretches.reduce((sum, { load }) => sum + load.usdPerHour, 0);
  return {
    subject: `${account}/${region}`,
    since: instant(Math.floor(first.from / day) * day),
    stretches,
    title: "Accelerators began to run, and no record tells who wanted them",
    severity: accelerators >= many ? "medium" : "low",
    confidence: "low",
    evidence: [
      { kind: "count", what: "accelerators", count: accelerators },
      { kind: "fact", about: "USD an hour", because: `${cents(usd)} by those whose price is known` },
      ...stretches
        .slice(0, mostShown)
        .map(({ key }) => ({ kind: "fact", about: key, because: causeNotSeen.because }) as const),
    ],
  };
}
