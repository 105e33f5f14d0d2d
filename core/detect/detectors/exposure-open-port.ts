import type { ApiCall } from "../../event/event.ts";
import { text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Detector } from "../detector.ts";
import { guardedIn, openedRules } from "../exposure/opened-port.ts";
import { namedArn, namesOf } from "../facts/named-resource.ts";
import { fieldOf, guardRailDetector, type Weakened } from "../guard-rails/guard-rail.ts";

/** Finds firewalls of machines that let everybody in where only a few should come. */
export const exposureOpenPort = (iam: IamTables): Detector =>
  guardRailDetector(iam, {
    id: "exposure-open-port",
    version: "1",
    title: "A security group lets everybody in to manage a machine, to a database or to a model server",
    family: "exposure",
    maturity: "incubating",
    attack: ["T1562.007", "T1133"],
    controls: {
      owaspNhi: ["NHI6:2025"],
      owaspAsi: ["ASI02"],
      nistCsf: ["PR.IR-01", "PR.PS-01", "DE.CM-01"],
      nistAiRmf: ["MANAGE 2.4"],
      maestro: ["L4 Deployment and Infrastructure"],
    },
    watches: [calls("ec2:AuthorizeSecurityGroupIngress", "ec2:ModifySecurityGroupRules")],
    falsePositives: [
      "The group is on nothing that has a public address",
      "A honeypot or a bastion host is meant to be reached from everywhere",
    ],
    triage: [
      "Look which machines have the group, and whether they have a public address",
      "Close the rule, or name the addresses that need it; Session Manager needs no open port at all",
      "Look at flow logs for who came in since then",
    ],
    references: [
      "https://stratus-red-team.cloud/attack-techniques/AWS/aws.exfiltration.ec2-security-group-open-port-22-ingress/",
      "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules-reference.html",
      "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html",
    ],
    weakenedBy: opened,
  });

function opened(call: ApiCall): readonly Weakened[] {
  const found = openedRules(call).flatMap((rule) => guardedIn(rule).map((what) => ({ rule, what })));
  const [first] = found.toSorted((a, b) => Number(b.what === "every port") - Number(a.what === "every port"));
  if (first === undefined) return [];
  const whats = [...new Set(found.map(({ what }) => what))];
  const shown = first.what === "every port" ? first.what : whats.slice(0, mostShown).join(", ");
  const [path, name] = namesOf(call, ["groupId", "ModifySecurityGroupRulesRequest.GroupId", "groupName"])[0] ?? [
    "",
    "",
  ];
  const resource = name === "" ? undefined : namedArn(call, "ec2:security-group/", name);
  const { from, to, cidr } = first.rule;
  return [
    {
      did: `A security group lets everybody in: ${shown}`,
      tried: `let everybody in through a security group: ${shown}`,
      severity: "medium",
      confidence: "high",
      ...(resource === undefined ? {} : { resource }),
      evidence: [
        fieldOf(
          call,
          "requestParameters",
          `${text(cidr)} to ${from === to ? `port ${from}` : `ports ${from} to ${to}`}`,
        ),
        ...(name === "" ? [] : [fieldOf(call, path, name)]),
      ],
    },
  ];
}

const mostShown = 4;
