import { writeFileSync } from "node:fs";
import type { AcceleratorTable } from "../core/detect/capacity/accelerator.ts";

/**
 * Writes core/detect/accelerators.data.json. Facts: the "Accelerators" column of AWS's specifications of EC2 instance types
 * (accelerated computing and previous generations). Run it after adding a row: `npx node scripts/make-accelerators.ts`.
 */
const sources = [
  "https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html",
  "https://docs.aws.amazon.com/ec2/latest/instancetypes/pg.html",
] as const;

/** First letters that AWS gives to accelerated families only; a family too new for the table is still known by them. */
const classes = ["p", "g", "gr", "trn", "inf", "dl", "vt", "f"] as const;

/**
 * What Karpenter's maintainers read from AWS's price list: on demand, Linux, shared tenancy. A size without a price was not in
 * it: it is not sold on demand there.
 */
const prices = {
  source:
    "https://github.com/aws/karpenter-provider-aws/blob/265ee0ba5b8e337dec6b82dde965b03021ccb418/pkg/providers/pricing/zz_generated.pricing_aws.go",
  asOf: "2026-02-09",
  region: "us-east-1",
} as const;

/** Family, accelerator, then size=count@USD an hour. A fraction of a count is a share of one accelerator. */
const rows = `
p2       NVIDIA K80                 xlarge=1@0.9 8xlarge=8@7.2 16xlarge=16@14.4
p3       NVIDIA V100                2xlarge=1@3.06 8xlarge=4@12.24 16xlarge=8@24.48
p3dn     NVIDIA V100                24xlarge=8@31.212
p4d      NVIDIA A100                24xlarge=8@21.957642
p4de     NVIDIA A100                24xlarge=8@27.44705
p5       NVIDIA H100                4xlarge=1@6.88 48xlarge=8@55.04
p5e      NVIDIA H200                48xlarge=8
p5en     NVIDIA H200                48xlarge=8@63.296
p6-b200  NVIDIA B200                48xlarge=8@113.9328
p6-b300  NVIDIA B300                48xlarge=8
p6e-gb200 NVIDIA GB200              36xlarge=4
g3       NVIDIA M60                 4xlarge=1@1.14 8xlarge=2@2.28 16xlarge=4@4.56
g3s      NVIDIA M60                 xlarge=1@0.75
g4dn     NVIDIA T4                  xlarge=1@0.526 2xlarge=1@0.752 4xlarge=1@1.204 8xlarge=1@2.176 12xlarge=4@3.912 16xlarge=1@4.352 metal=8@7.824
g4ad     AMD Radeon Pro V520        xlarge=1@0.37853 2xlarge=1@0.54117 4xlarge=1@0.867 8xlarge=2@1.734 16xlarge=4@3.468
g5       NVIDIA A10G                xlarge=1@1.006 2xlarge=1@1.212 4xlarge=1@1.624 8xlarge=1@2.448 12xlarge=4@5.672 16xlarge=1@4.096 24xlarge=4@8.144 48xlarge=8@16.288
g5g      NVIDIA T4G                 xlarge=1@0.42 2xlarge=1@0.556 4xlarge=1@0.828 8xlarge=1@1.372 16xlarge=2@2.744 metal=2@2.744
g6       NVIDIA L4                  xlarge=1@0.8048 2xlarge=1@0.9776 4xlarge=1@1.3232 8xlarge=1@2.0144 12xlarge=4@4.6016 16xlarge=1@3.3968 24xlarge=4@6.6752 48xlarge=8@13.3504
g6e      NVIDIA L40S                xlarge=1@1.861 2xlarge=1@2.24208 4xlarge=1@3.00424 8xlarge=1@4.52856 12xlarge=4@10.49264 16xlarge=1@7.57719 24xlarge=4@15.06559 48xlarge=8@30.13118
g6f      NVIDIA L4                  large=0.125@0.202 xlarge=0.125@0.2375 2xlarge=0.25@0.475 4xlarge=0.5@0.95
gr6      NVIDIA L4                  4xlarge=1@1.5392 8xlarge=1@2.4464
gr6f     NVIDIA L4                  4xlarge=0.5@1.066
g7e      NVIDIA RTX PRO 6000        2xlarge=1@3.36312 4xlarge=1@3.99816 8xlarge=1@5.26824 12xlarge=2@8.28608 24xlarge=4@16.57216 48xlarge=8@33.14432
trn1     AWS Trainium               2xlarge=1@1.34375 32xlarge=16@21.5
trn1n    AWS Trainium               32xlarge=16@24.78
trn2     AWS Trainium2              3xlarge=1 48xlarge=16
inf1     AWS Inferentia             xlarge=1@0.228 2xlarge=1@0.362 6xlarge=4@1.18 24xlarge=16@4.721
inf2     AWS Inferentia2            xlarge=1@0.7582 8xlarge=1@1.96786 24xlarge=6@6.49063 48xlarge=12@12.98127
dl1      Habana Gaudi               24xlarge=8@13.10904
dl2q     Qualcomm AI100             24xlarge=8
vt1      Xilinx U30                 3xlarge=1@0.65 6xlarge=2@1.3 24xlarge=8@5.2
f1       Xilinx VU9P                2xlarge=1@1.65 4xlarge=2@3.3 16xlarge=8@13.2
f2       AMD VU47P                  6xlarge=1@1.98 12xlarge=2@3.96 48xlarge=8@15.84
`;

/** The table, as it is written. */
export function acceleratorTable(): AcceleratorTable {
  const families = rows
    .trim()
    .split("\n")
    .map((row) => {
      const [family = "", ...words] = row.split(/\s+/);
      const accelerator = words.filter((word) => !word.includes("=")).join(" ");
      const sized = words.filter((word) => word.includes("=")).map((word) => word.split(/[=@]/));
      const sizes = sized.map(([size = "", count]) => [size, Number(count)] as const);
      const priced = sized.flatMap(([size = "", , usd]) => (usd === undefined ? [] : [[size, Number(usd)] as const]));
      const usdPerHour = priced.length === 0 ? {} : { usdPerHour: Object.fromEntries(priced) };
      return [family, { accelerator, sizes: Object.fromEntries(sizes), ...usdPerHour }] as const;
    });
  return { sources, prices, classes, families: Object.fromEntries(families) };
}

/** The file's text: one family a line, so that a change of one shows as one line. */
export function acceleratorFile({ sources, prices, classes, families }: AcceleratorTable): string {
  const lines = Object.entries(families).map(
    ([family, facts]) => `    ${JSON.stringify(family)}: ${JSON.stringify(facts)}`,
  );
  return `{
  "sources": ${JSON.stringify(sources)},
  "prices": ${JSON.stringify(prices)},
  "classes": ${JSON.stringify(classes)},
  "families": {
${lines.join(",\n")}
  }
}
`;
}

if (import.meta.main)
  writeFileSync(new URL("../core/detect/accelerators.data.json", import.meta.url), acceleratorFile(acceleratorTable()));
