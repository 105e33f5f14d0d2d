import { excerpt } from "../../event/excerpt.ts";
import type { ActionTable } from "../../iam/action-table.ts";
import type { IamTables } from "../../iam/tables.ts";
import { baseline, habitOf, mayWarm } from "../behaviour/baseline.ts";
import { gravest, worthOf } from "../behaviour/breach-weight.ts";
import { type ConductDetection, type Done, defineConductDetector, whoSaid } from "../behaviour/conduct-detector.ts";
import { byBeginning, deviations } from "../behaviour/deviations.ts";
import { launches } from "../capacity/launches.ts";
import { takesAway } from "../exposure/exfiltration.ts";
import type { Evidence, Severity } from "../finding.ts";

/** Finds what a role or user that no manifest declares does for the first time, once it is known well enough. */
export const driftFirstSeen = ({ table }: Pick<IamTables, "table">) =>
  defineConductDetector({
    id: "drift-first-seen",
    version: "1",
    title: "An undeclared role or user did something for the first time",
    family: "privilege-drift",
    maturity: "incubating",
    needsDeclarations: true,
    attack: ["T1078.004"],
    controls: {
      owaspNhi: ["NHI5:2025"],
      owaspAsi: ["ASI03"],
      nistCsf: ["DE.AE-02", "DE.CM-03", "ID.AM-03"],
      nistAiRmf: ["MEASURE 2.7"],
      maestro: ["L6 Security and Compliance"],
    },
    watches: [{ kind: "declared-identities" }],
    falsePositives: [
      "A new release of what runs under the role",
      "Work that comes once a quarter or once a year: it is forgotten after 90 days",
      "A person who uses the role for something else",
    ],
    triage: [
      "Ask the owner of what runs under the role whether it changed on that day",
      "Declare the workload, so that it is measured against its envelope and not against its past",
    ],
    references: [
      "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-iam.html",
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html",
    ],
    judging(whose) {
      const { declared, earlier, span } = whose;
      if (declared !== undefined || !mayWarm(span, earlier)) return undefined;
      const known = baseline(earlier);
      const seen = deviations<New>({ done: 5, ofDay: Number.POSITIVE_INFINITY });
      return {
        see(done) {
          const habit = habitOf(done);
          if (habit === undefined) return;
          const { actions, region } = habit;
          for (const action of actions) {
            known.saw(done.day, action, region);
            seen.add(done, { key: `${action} ${region ?? ""}`, severity: "info", about: { action, region } });
          }
        },
        detections() {
          const fresh = seen.all().flatMap(({ day, count, done, about: { action, region } }): readonly First[] => {
            if (!known.warmOn(day)) return [];
            const newAction = known.isNewAction(day, action);
            const newRegion = region !== undefined && known.isNewRegion(day, region);
            const what = newAction ? action : newRegion ? `${action} in ${excerpt(region)}` : undefined;
            if (what === undefined) return [];
            const grave = newAction ? actionWorth(action, table) : regionWorth(action, table);
            return [{ day, count, done, what, severity: grave }];
          });
          return [...Map.groupBy(fresh, ({ day }) => day)].flatMap(([, ofDay]) => dayOf(ofDay, whoSaid(whose)));
        },
      };
    },
  });

interface New {
  readonly action: string;
  readonly region: string | undefined;
}

interface First {
  readonly day: number;
  readonly count: number;
  readonly done: readonly [Done, ...Done[]];
  readonly what: string;
  readonly severity: Severity;
}

/** One finding for each day; the gravest of what was new names it. */
function dayOf(ofDay: readonly First[], who: string): readonly ConductDetection[] {
  const sorted = ofDay.toSorted((a, b) =>
    a.severity === b.severity ? (a.what < b.what ? -1 : 1) : gravest([a.severity, b.severity]) === a.severity ? -1 : 1,
  );
  const [worst, ...others] = sorted;
  if (worst === undefined) return [];
  const done = [...new Set(sorted.flatMap((one) => one.done))].sort(byBeginning);
  const [first = worst.done[0], ...rest] = done;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return [
    {
      title: `${who} did something for the first time: ${worst.what}${more}`,
      severity: worst.severity,
      confidence: "low",
      day: worst.day,
      deviation: "first-seen",
      done: [first, ...rest.slice(0, 49)],
      shown: worst.done[0],
      count: sorted.reduce((sum, one) => sum + one.count, 0),
      outcome: "done",
      evidence: (eventID) => [
        { kind: "field", eventID, path: "eventName", value: excerpt(worst.what) },
        ...others
          .slice(0, 10)
          .map(({ what, count }): Evidence => ({ kind: "count", what: `calls new on this day: ${what}`, count })),
        { kind: "count", what: "new on this day", count: sorted.length },
      ],
    },
  ];
}

/** Used by most workloads sooner or later; new, it is worth a line and no more. */
const ordinary: ReadonlySet<string> = new Set([
  "ecr:getauthorizationtoken",
  "iam:passrole",
  "kms:creategrant",
  "kms:decrypt",
  "ssm:getparameter",
  "ssm:getparameters",
  "ssm:getparametersbypath",
  "sts:assumerole",
  "sts:assumerolewithwebidentity",
]);

function actionWorth(action: string, table: ActionTable): Severity {
  if (ordinary.has(action.toLowerCase())) return "low";
  if (worthOf(action, table) === "high" || takesAway(action)) return "medium";
  return launches(action) ? "low" : "info";
}

/** A Region where nothing was ever done is where stolen credentials are put to use. */
const regionWorth = (action: string, table: ActionTable): Severity =>
  launches(action) || worthOf(action, table) === "high" ? "medium" : "info";
