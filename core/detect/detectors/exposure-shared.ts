import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { calls } from "../../event/watch.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Detector, Seen } from "../detector.ts";
import { lastOf, namedArn, namesOf } from "../facts/named-resource.ts";
import { type Severity, severities } from "../finding.ts";
import { type Recipient, type SharingRow, sharingRows } from "../grants/sharing.ts";
import { fieldOf, guardRailDetector, type Weakened } from "../guard-rails/guard-rail.ts";
import { accountOfRegistry } from "../trust/declared-account.ts";

const rows = new Map(sharingRows.map((row) => [row.api, row] as const));
const [first = "ec2:ModifyImageAttribute", ...others] = [...rows.keys()].sort();

/** Finds images, snapshots, buckets and the like that others may copy, restore or read from now on. */
export const exposureShared = (iam: IamTables): Detector =>
  guardRailDetector(iam, {
    id: "exposure-shared",
    version: "1",
    title: "An image, a snapshot, a bucket or the like was shared with another account or with everybody",
    family: "exposure",
    maturity: "incubating",
    attack: ["T1537", "T1530"],
    controls: {
      owaspNhi: ["NHI5:2025"],
      owaspAsi: ["ASI02"],
      nistCsf: ["PR.DS-01", "PR.AA-05", "DE.CM-09"],
      nistAiRmf: ["MANAGE 2.4", "MAP 4.2"],
      maestro: ["L2 Data Operations", "L4 Deployment and Infrastructure"],
    },
    watches: [calls(first, ...others)],
    falsePositives: [
      "Golden images are shared with accounts of one's own that no manifest names: declare them as a deployment's",
      "A backup is handed to an account that keeps copies",
      "A public data set or image is published on purpose",
    ],
    triage: [
      "Ask the owner of the resource whether the other account or the public should have it",
      "If not, take the permission back at once: what was copied meanwhile stays with the other account",
      "Read what the acting identity did before: sharing is mostly the last step",
    ],
    references: [
      "https://stratus-red-team.cloud/attack-techniques/AWS/aws.exfiltration.ec2-share-ami/",
      "https://stratus-red-team.cloud/attack-techniques/AWS/aws.exfiltration.ec2-share-ebs-snapshot/",
      "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-explicit.html",
    ],
    weakenedBy(call, seen) {
      const row = rows.get(call.api);
      return row === undefined ? [] : sharedBy(call, row, seen);
    },
  });

interface Judged {
  readonly recipient: Recipient;
  readonly severity: Severity;
  readonly whom: string;
}

function sharedBy(call: ApiCall, row: SharingRow, seen: Seen): readonly Weakened[] {
  const [worst, ...rest] = row
    .recipients(call)
    .flatMap((recipient): readonly Judged[] => judged(recipient, call, seen))
    .toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
  if (worst === undefined) return [];
  const [path, name] = namesOf(call, row.named)[0] ?? ["", ""];
  const called = name === "" ? "" : ` ${excerpt(lastOf(name))}`;
  const more = rest.length === 0 ? "" : ` and ${rest.length} more`;
  const resource = name === "" ? call.account : (namedArn(call, row.as, name) ?? String(excerpt(name)));
  const what = `${row.what}${called}`;
  return [
    {
      did: `${what.charAt(0).toUpperCase()}${what.slice(1)} was shared with ${worst.whom}${more}`,
      tried: `share ${what} with ${worst.whom}${more}`,
      severity: worst.severity,
      // Bad whoever does it; an announcement still may say that it is meant.
      ...(worst.severity === "low" ? {} : { floor: "medium" as const }),
      confidence: "high",
      ...(resource === undefined ? {} : { resource }),
      evidence: [
        fieldOf(call, worst.recipient.path, worst.recipient.id),
        ...(name === "" ? [] : [fieldOf(call, path, name)]),
        ...rest.slice(0, mostShown).map(({ recipient }) => fieldOf(call, recipient.path, recipient.id)),
      ],
    },
  ];
}

const mostShown = 5;

function judged(recipient: Recipient, call: ApiCall, { registry }: Seen): readonly Judged[] {
  switch (recipient.kind) {
    case "everybody":
      return [{ recipient, severity: "high", whom: "everybody" }];
    case "organization":
      return [{ recipient, severity: "low", whom: "an organization" }];
    case "account": {
      if (recipient.id === (call.account ?? call.principal.account)) return [];
      const known = accountOfRegistry(recipient.id, registry);
      const whom = `account ${recipient.id}${known === undefined ? "" : `, ${known}`}`;
      return [{ recipient, severity: known === undefined ? "medium" : "low", whom }];
    }
  }
}
