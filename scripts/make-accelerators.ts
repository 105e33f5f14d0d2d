import { writeFileSync } from "node:fs";
import type { AcceleratorTable } from "../core/detect/accelerator.ts";

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

/** Family, accelerator, then size=count. A fraction is a share of one accelerator. */
const rows = `
p2       NVIDIA K80                 xlarge=1 8xlarge=8 16xlarge=16
p3       NVIDIA V100                2xlarge=1 8xlarge=4 16xlarge=8
p3dn     NVIDIA V100                24xlarge=8
p4d      NVIDIA A100                24xlarge=8
p4de     NVIDIA A100                24xlarge=8
p5       NVIDIA H100                4xlarge=1 48xlarge=8
p5e      NVIDIA H200                48xlarge=8
p5en     NVIDIA H200                48xlarge=8
p6-b200  NVIDIA B200                48xlarge=8
p6-b300  NVIDIA B300                48xlarge=8
p6e-gb200 NVIDIA GB200              36xlarge=4
g3       NVIDIA M60                 4xlarge=1 8xlarge=2 16xlarge=4
g3s      NVIDIA M60                 xlarge=1
g4dn     NVIDIA T4                  xlarge=1 2xlarge=1 4xlarge=1 8xlarge=1 12xlarge=4 16xlarge=1 metal=8
g4ad     AMD Radeon Pro V520        xlarge=1 2xlarge=1 4xlarge=1 8xlarge=2 16xlarge=4
g5       NVIDIA A10G                xlarge=1 2xlarge=1 4xlarge=1 8xlarge=1 12xlarge=4 16xlarge=1 24xlarge=4 48xlarge=8
g5g      NVIDIA T4G                 xlarge=1 2xlarge=1 4xlarge=1 8xlarge=1 16xlarge=2 metal=2
g6       NVIDIA L4                  xlarge=1 2xlarge=1 4xlarge=1 8xlarge=1 12xlarge=4 16xlarge=1 24xlarge=4 48xlarge=8
g6e      NVIDIA L40S                xlarge=1 2xlarge=1 4xlarge=1 8xlarge=1 12xlarge=4 16xlarge=1 24xlarge=4 48xlarge=8
g6f      NVIDIA L4                  large=0.125 xlarge=0.125 2xlarge=0.25 4xlarge=0.5
gr6      NVIDIA L4                  4xlarge=1 8xlarge=1
gr6f     NVIDIA L4                  4xlarge=0.5
g7e      NVIDIA RTX PRO 6000        2xlarge=1 4xlarge=1 8xlarge=1 12xlarge=2 24xlarge=4 48xlarge=8
trn1     AWS Trainium               2xlarge=1 32xlarge=16
trn1n    AWS Trainium               32xlarge=16
trn2     AWS Trainium2              3xlarge=1 48xlarge=16
inf1     AWS Inferentia             xlarge=1 2xlarge=1 6xlarge=4 24xlarge=16
inf2     AWS Inferentia2            xlarge=1 8xlarge=1 24xlarge=6 48xlarge=12
dl1      Habana Gaudi               24xlarge=8
dl2q     Qualcomm AI100             24xlarge=8
vt1      Xilinx U30                 3xlarge=1 6xlarge=2 24xlarge=8
f1       Xilinx VU9P                2xlarge=1 4xlarge=2 16xlarge=8
f2       AMD VU47P                  6xlarge=1 12xlarge=2 48xlarge=8
`;

/** The table, as it is written. */
export function acceleratorTable(): AcceleratorTable {
  const families = rows
    .trim()
    .split("\n")
    .map((row) => {
      const [family = "", ...words] = row.split(/\s+/);
      const accelerator = words.filter((word) => !word.includes("=")).join(" ");
      const sizes = words
        .filter((word) => word.includes("="))
        .map((word): [string, number] => [word.split("=")[0] ?? "", Number(word.split("=")[1])]);
      return [family, { accelerator, sizes: Object.fromEntries(sizes) }] as const;
    });
  return { sources, classes, families: Object.fromEntries(families) };
}

/** The file's text: one family a line, so that a change of one shows as one line. */
export function acceleratorFile({ sources, classes, families }: AcceleratorTable): string {
  const lines = Object.entries(families).map(
    ([family, facts]) => `    ${JSON.stringify(family)}: ${JSON.stringify(facts)}`,
  );
  return `{
  "sources": ${JSON.stringify(sources)},
  "classes": ${JSON.stringify(classes)},
  "families": {
${lines.join(",\n")}
  }
}
`;
}

if (import.meta.main)
  writeFileSync(new URL("../core/detect/accelerators.data.json", import.meta.url), acceleratorFile(acceleratorTable()));
