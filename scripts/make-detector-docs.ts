import { writeFileSync } from "node:fs";
import { iamTables } from "../cli/iam-tables.ts";
import accelerators from "../core/detect/accelerators.data.json" with { type: "json" };
import type { Described } from "../core/detect/described.ts";
import { describedWith } from "../core/detect/described-catalog.ts";
import type { Controls } from "../core/detect/finding.ts";
import type { Watch } from "../core/event/watch.ts";

/** Writes docs/detectors.md from the catalog. Run it after changing a detector: `npx node scripts/make-detector-docs.ts`. */
const names: Readonly<Record<keyof Controls, string>> = {
  owaspNhi: "OWASP NHI Top 10 (2025)",
  owaspAsi: "OWASP Agentic (ASI)",
  nistCsf: "NIST CSF 2.0",
  nistAiRmf: "NIST AI RMF",
  maestro: "MAESTRO",
};

/** The page, as it is written. */
export function detectorPage(detectors: readonly Described[]): string {
  return `# Detectors

Made by \`scripts/make-detector-docs.ts\` from the catalog; do not edit by hand.

| Id | Finds | Family | Maturity |
| --- | --- | --- | --- |
${detectors.map((one) => `| [\`${one.id}\`](#${one.id}) | ${one.title} | ${one.family} | ${one.maturity} |`).join("\n")}

A call that was denied or failed is still a finding, less grave than the deed, and never leads to an action by itself.
\`npx cordon replay --only ID\` runs one of them alone.
${detectors.map(section).join("")}`;
}

const section = (detector: Described): string => `
## ${detector.id}

${detector.title}. Version ${detector.version}, ${detector.maturity}, family \`${detector.family}\`.${
  detector.needsDeclarations ? " Measures against manifests: it sleeps while no workload is declared." : ""
}

**Wakes on** ${detector.watches.map(watched).join("; ")}.

**May be harmless when**

${bullets(detector.falsePositives)}

**What to do next**

${detector.triage.map((step, place) => `${place + 1}. ${step}`).join("\n")}

**Speaks to** ATT&CK ${detector.attack.join(", ")}${controls(detector.controls)}.

**Why it matters**

${bullets(detector.references.map((url) => `<${url}>`))}
`;

const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join("\n");

function watched(watch: Watch): string {
  switch (watch.kind) {
    case "calls":
      return `${watch.apis.map((api) => `\`${api}\``).join(", ")}${watch.from === undefined ? "" : " (from the trail's files)"}`;
    case "agent-calls":
      return `${watch.apis.map((api) => `\`${api}\``).join(", ")} in sessions of AgentCore`;
    case "envelopes":
      return `${watch.source}: ${watch.detailTypes.join(", ")}`;
    case "declared-identities":
      return "every call of the declared roles";
  }
}

const controls = (speaksTo: Controls): string =>
  (["owaspNhi", "owaspAsi", "nistCsf", "nistAiRmf", "maestro"] as const)
    .flatMap((framework) => {
      const lines = speaksTo[framework];
      return lines === undefined ? [] : [`; ${names[framework]} ${lines.join(", ")}`];
    })
    .join("");

if (import.meta.main)
  writeFileSync(
    new URL("../docs/detectors.md", import.meta.url),
    detectorPage(describedWith({ accelerators, iam: iamTables })),
  );
