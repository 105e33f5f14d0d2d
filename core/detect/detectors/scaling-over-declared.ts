import { instant } from "../../event/instant.ts";
import { calls } from "../../event/watch.ts";
import type { Workload } from "../../identity/workload.ts";
import type { AcceleratorTable } from "../capacity/accelerator.ts";
import { cents, priceSaid } from "../capacity/accelerator-price.ts";
import { type Course, type CoursePoint, pointAt } from "../capacity/capacity-course.ts";
import { courseOf, type Stretch } from "../capacity/capacity-meter.ts";
import { defineMeterDetector, type MeterDetection, type Metered } from "../capacity/metered.ts";
import type { Evidence } from "../finding.ts";

/** Finds declared workloads that run more accelerated instances, or dearer ones, than they declare: in sum, over all calls. */
export const scalingOverDeclared = defineMeterDetector({
  id: "scaling-over-declared",
  version: "1",
  title: "More runs on accelerators, in sum, than a manifest declares",
  family: "gpu-scaling",
  maturity: "incubating",
  needsDeclarations: true,
  attack: ["T1496.001", "T1578.002"],
  controls: {
    owaspNhi: ["NHI5:2025"],
    owaspAsi: ["ASI02", "ASI10"],
    nistCsf: ["DE.CM-09", "DE.AE-02"],
    nistAiRmf: ["MEASURE 2.7", "MANAGE 4.1"],
    maestro: ["L4 Deployment and Infrastructure"],
  },
  watches: [
    calls(
      "ec2:RunInstances",
      "ec2:CreateFleet",
      "ec2:StartInstances",
      "ec2:StopInstances",
      "ec2:TerminateInstances",
      "sagemaker:CreateApp",
      "sagemaker:DeleteApp",
    ),
    { kind: "envelopes", source: "aws.ec2", detailTypes: ["EC2 Instance State-change Notification"] },
  ],
  falsePositives: [
    "Instances were replaced one by one, and the old ones ran a little longer than the new ones",
    "The end of something was not recorded, as when a machine stops itself and no event of EC2 is delivered",
    "Prices are those of one Region on one day: what was agreed with AWS, and Spot, cost less",
  ],
  triage: [
    "See what runs for the workload now, and since when: the course is in the case",
    "Ask its owner whether it needs so much, and for how long",
    "If it does, raise the limits in its manifest; if not, find the calls that the finding names and stop what they started",
  ],
  references: [
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html",
    "https://sysdig.com/blog/scarleteel-2-0/",
  ],
  judge: (metered) => metered.workloads.flatMap((workload) => overIn(workload, metered)),
});

const day = 86_400_000;

/** One finding for each workload and UTC day: at the first moment that a limit is crossed, by whatever is crossed then. */
function overIn(workload: Workload, metered: Metered): readonly MeterDetection[] {
  const limits = limitsOf(workload);
  if (limits.length === 0) return [];
  const own = metered.stretches.filter(({ by }) => by?.workload === workload.name);
  const course = courseOf(own);
  const crossed = course.flatMap((point, place) => {
    const begun = own.filter(({ from }) => from === point.at);
    const over = limits.filter((limit) => crosses(limit, course[place - 1], point) && !byOneCall(limit, begun));
    const [first, ...others] = begun;
    return over.length === 0 || first === undefined ? [] : [{ point, over, begun: [first, ...others] as const }];
  });
  const byDay = Map.groupBy(crossed, ({ point }) => Math.floor(point.at / day));
  return [...byDay.values()].flatMap(([first]) =>
    first === undefined ? [] : [found({ workload, course, limits, table: metered.table, ...first })],
  );
}

interface Limit {
  readonly what: "instances" | "USD an hour";
  readonly of: (point: Pick<CoursePoint, "instances" | "usdPerHour">) => number;
  readonly most: number;
}

function limitsOf({ envelope: { accelerators = { families: [] } } }: Workload): readonly Limit[] {
  const { maxInstances, maxHourlyUsd } = accelerators;
  return [
    ...(maxInstances === undefined
      ? []
      : [{ what: "instances", of: ({ instances }: { instances: number }) => instances, most: maxInstances } as const]),
    ...(maxHourlyUsd === undefined
      ? []
      : [
          {
            what: "USD an hour",
            of: ({ usdPerHour }: { usdPerHour: number }) => usdPerHour,
            most: maxHourlyUsd,
          } as const,
        ]),
  ];
}

const crosses = ({ of, most }: Limit, before: CoursePoint | undefined, point: CoursePoint): boolean =>
  of(point) > most && (before === undefined || of(before) <= most);

/** One call that asks for more than that by itself is found as such. */
const byOneCall = ({ of, most }: Limit, begun: readonly Stretch[]): boolean =>
  [...Map.groupBy(begun, ({ word }) => word).values()].some(
    (some) => some.reduce((sum, { load }) => sum + of(load), 0) > most,
  );

interface Found {
  readonly workload: Workload;
  readonly course: Course;
  readonly limits: readonly Limit[];
  readonly table: AcceleratorTable;
  readonly point: CoursePoint;
  readonly over: readonly Limit[];
  readonly begun: readonly [Stretch, ...Stretch[]];
}

function found({ workload, course, limits, table, point, over, begun }: Found): MeterDetection {
  const start = Math.floor(point.at / day) * day;
  const today = course.filter(({ at }) => Math.floor(at / day) * day === start);
  const before = pointAt(course, instant(point.at - 1));
  const said = over.map(({ what, most }) => `${cents(most)} ${what}`).join(" and the ");
  return {
    subject: workload.name,
    since: instant(start),
    stretches: begun,
    title: `${workload.name} runs more on accelerators than the ${said} that it declares`,
    severity: "high",
    confidence: begun[0].by?.attribution.confidence === "high" ? "high" : "medium",
    evidence: [
      { kind: "count", what: "accelerators", count: Math.ceil(point.accelerators) },
      ...limits.map((limit) => limitSaid(limit, { before, point, today, table })),
      ...(point.unpriced === 0
        ? []
        : [{ kind: "count", what: "instances without a known price", count: point.unpriced } as const]),
    ],
  };
}

interface Said {
  readonly before: CoursePoint;
  readonly point: CoursePoint;
  readonly today: Course;
  readonly table: AcceleratorTable;
}

function limitSaid({ what, of, most }: Limit, { before, point, today, table }: Said): Evidence {
  if (what === "instances") return { kind: "count", what, count: of(point), limit: most };
  const peak = Math.max(...today.map(of));
  const because = `from ${cents(of(before))} to ${cents(of(point))}, at most ${cents(peak)} that day, where at most ${cents(most)} is declared; ${priceSaid(table)}`;
  return { kind: "fact", about: what, because };
}
