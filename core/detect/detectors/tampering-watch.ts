import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { calls } from "../../event/watch.ts";
import { accountOf } from "../../iam/arn.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Detector } from "../detector.ts";
import { fieldOf, guardRailDetector, type Weakened } from "../guard-rail.ts";
import { lastOf, namedArn, namesOf } from "../named-resource.ts";
import { logRows } from "../watch-log-rows.ts";
import { ownRows } from "../watch-own-rows.ts";
import { productRows } from "../watch-product-rows.ts";
import type { WatchRow } from "../watch-row.ts";

/**
 * Finds the call after which somebody who watches an account sees less. `ours` are the names or ARNs of what the
 * deployment itself runs on, as its stack hands them over: whatever is done to them is critical.
 */
export function tamperingWatch(iam: IamTables, ours: readonly string[] = []): Detector {
  const own = ours.map((one) => ({ name: lastOf(one), account: accountOf(one) }));
  const isOurs = (name: string, call: ApiCall): boolean =>
    own.some((one) => one.name === lastOf(name) && (one.account === undefined || one.account === call.account));
  const rows = new Map(
    [...(ours.length > 0 ? ownRows : []), ...logRows, ...productRows].map((row) => [row.api, row] as const),
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
      return row === undefined || seen.attribution.kind === "service" ? [] : weakenedBy(call, row, isOurs);
    },
  });
}

type IsOurs = (name: string, call: ApiCall) => boolean;

function weakenedBy(call: ApiCall, row: WatchRow, isOurs: IsOurs): readonly Weakened[] {
  const names = namesOf(call, row.named);
  const mine = names.find(([, name]) => isOurs(name, call));
  const said = row.says?.(call);
  if (row.says !== undefined && said === undefined) return [];
  const severity = said?.severity ?? row.severity;
  if (severity === "quiet" && mine === undefined) return [];
  const [path, name] = mine ?? names[0] ?? ["", ""];
  const shown = (text: string): string =>
    name === "" ? text.replace(/:? ?\{\}/, "") : text.replace("{}", String(excerpt(lastOf(name))));
  const whose = mine === undefined ? "" : "; it belongs to this deployment";
  const resource =
    name === "" ? (call.account ?? "") : (namedArn(call, row.as ?? "", name) ?? String(excerpt(lastOf(name))));
  return [
    {
      did: `${shown(said?.did ?? row.did)}${whose}`,
      tried: `${shown(said?.tried ?? row.tried)}${whose}`,
      severity: mine !== undefined ? "critical" : severity === "quiet" ? "low" : severity,
      // Whoever may switch the watch off by a declared envelope is told of all the same.
      ...(mine !== undefined ? { floor: "high" as const } : {}),
      confidence: "high",
      ...(resource === "" ? {} : { resource }),
      evidence: [
        said === undefined ? fieldOf(call, "eventName", call.name) : fieldOf(call, said.path, said.value),
        ...(name === "" ? [] : [fieldOf(call, path, name)]),
      ],
    },
  ];
}
