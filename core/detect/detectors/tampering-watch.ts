import type { ApiCall } from "../../event/event.ts";
import { calls } from "../../event/watch.ts";
import { accountOf } from "../../iam/arn.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Detector } from "../detector.ts";
import { lastOf } from "../facts/named-resource.ts";
import { guardRailDetector } from "../guard-rails/guard-rail.ts";
import { weakenedByRow } from "../guard-rails/row-weakened.ts";
import { bucketRows } from "../watch/watch-bucket-rows.ts";
import { logRows } from "../watch/watch-log-rows.ts";
import { ownRows } from "../watch/watch-own-rows.ts";
import { productRows } from "../watch/watch-product-rows.ts";

/**
 * Finds the call after which somebody who watches an account sees less. `ours` are the names or ARNs of what the
 * deployment itself runs on, as its stack hands them over: whatever is done to them is critical.
 */
export function tamperingWatch(iam: IamTables, ours: readonly string[] = []): Detector {
  const own = ours.map((one) => ({ name: lastOf(one), account: accountOf(one) }));
  const isOurs = (name: string, call: ApiCall): boolean =>
    own.some((one) => one.name === lastOf(name) && (one.account === undefined || one.account === call.account));
  const rows = new Map(
    [...(ours.length > 0 ? ownRows : []), ...bucketRows, ...logRows, ...productRows].map(
      (row) => [row.api, row] as const,
    ),
  );
  const [first = "config:StopConfigurationRecorder", ...others] = [...rows.keys()].sort();
  return guardRailDetector(iam, {
    id: "tampering-watch",
    version: "1",
    title: "Something that watches the account was switched off, emptied or blinded",
    family: "tampering",
    maturity: "incubating",
    attack: ["T1562.001", "T1562.008", "T1485.001"],
    controls: {
      owaspNhi: ["NHI6:2025"],
      owaspAsi: ["ASI10"],
      nistCsf: ["PR.PS-04", "DE.CM-01", "DE.CM-03", "DE.AE-03"],
      nistAiRmf: ["MEASURE 2.7", "MANAGE 4.1"],
      maestro: ["L5 Evaluation and Observability", "L6 Security and Compliance"],
    },
    watches: [calls(first, ...others)],
    falsePositives: [
      "A test stack is taken down with its own logs and keys",
      "Another product takes over, such as one for the whole organization",
      "A bucket of short-lived data is emptied by a rule on purpose",
    ],
    triage: [
      "Find out whether something else still sees what this one no longer does",
      "Switch it on again from its definition in your repository",
      "Read what the acting identity did just before and, from the trails, what it did since",
    ],
    references: [
      "https://stratus-red-team.cloud/attack-techniques/AWS/aws.defense-evasion.vpc-remove-flow-logs/",
      "https://stratus-red-team.cloud/attack-techniques/AWS/aws.defense-evasion.cloudtrail-lifecycle-rule/",
      "https://docs.aws.amazon.com/prescriptive-guidance/latest/logging-monitoring-for-application-owners/welcome.html",
    ],
    weakenedBy(call, seen) {
      const row = rows.get(call.api);
      return row === undefined || seen.attribution.kind === "service" ? [] : weakenedByRow(call, row, isOurs);
    },
  });
}
