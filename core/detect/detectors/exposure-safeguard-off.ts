import { calls } from "../../event/watch.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Detector } from "../detector.ts";
import { guardRailDetector } from "../guard-rails/guard-rail.ts";
import { weakenedByRow } from "../guard-rails/row-weakened.ts";
import { safeguardRows } from "../guard-rails/safeguard-rows.ts";

const rows = new Map(safeguardRows.map((row) => [row.api, row] as const));
const [first = "ec2:DisableEbsEncryptionByDefault", ...others] = [...rows.keys()].sort();

/** Finds the calls that take off what keeps data and machines from the public by default. */
export const exposureSafeguardOff = (iam: IamTables): Detector =>
  guardRailDetector(iam, {
    id: "exposure-safeguard-off",
    version: "1",
    title: "A default that keeps data or machines from the public was taken off",
    family: "exposure",
    maturity: "incubating",
    attack: ["T1562.001", "T1530"],
    controls: {
      owaspNhi: ["NHI6:2025"],
      owaspAsi: ["ASI02"],
      nistCsf: ["PR.DS-01", "PR.PS-01", "DE.CM-09"],
      nistAiRmf: ["MANAGE 2.4"],
      maestro: ["L2 Data Operations", "L4 Deployment and Infrastructure"],
    },
    watches: [calls(first, ...others)],
    falsePositives: [
      "A public website or data set needs a bucket that may be public",
      "An old program cannot ask instance metadata for a token first",
    ],
    triage: [
      "Ask the owner why the default does not fit, and whether one resource rather than all can be left out",
      "Switch the default on again from its definition in your repository",
      "Look at what was opened or shared since then",
    ],
    references: [
      "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
      "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html",
      "https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html",
    ],
    weakenedBy(call, { attribution }) {
      const row = rows.get(call.api);
      return row === undefined || attribution.kind === "service" ? [] : weakenedByRow(call, row);
    },
  });
