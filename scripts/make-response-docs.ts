import { writeFileSync } from "node:fs";
import { iamTables } from "../cli/iam-tables.ts";
import accelerators from "../core/detect/accelerators.data.json" with { type: "json" };
import { describedWith } from "../core/detect/described-catalog.ts";
import type { Family } from "../core/detect/finding.ts";
import { workloadClasses } from "../core/identity/workload.ts";
import { byHand } from "../core/respond/by-hand.ts";
import { planners, tierOfPlanner } from "../core/respond/catalog.ts";
import { gradeDocument, gradePolicyArn, gradeSays, mildGrades } from "../core/respond/deny-policies.ts";
import { sizeOf } from "../core/respond/inline-deny.ts";
import { responseMatrix } from "../core/respond/matrix.ts";
import type { Planner } from "../core/respond/planner.ts";
import { slotCalls } from "../core/respond/slot-calls.ts";

/** Writes docs/responses.md from the planners. Run it after changing one: `npx node scripts/make-response-docs.ts`. */
export function responsePage(detectors: readonly { readonly id: string; readonly family: Family }[]): string {
  return `# Responses

Made by \`scripts/make-response-docs.ts\` from \`core/respond/\`; do not edit by hand.

A response is a plan: steps that each set one piece of an account's state from what it is to what it shall be. The same
value is shown, approved, applied, read back and taken back. A step whose piece is already so is no call; one whose piece
somebody else has changed meanwhile is left alone, in both directions.

| Tier | Is | Waits for an approval |
| --- | --- | --- |
| 1 | calls that can grant nothing to anybody | where a manifest, a guard, a breaker or the reach says so (more than one workload, 3 instances or 10 sessions) |
| 2 | calls that write a document or hurt availability | always |
| by hand | a ticket with exact steps | nothing is called |

| Plan | What it does | Tier |
| --- | --- | --- |
${planners.map((one) => `| [\`${one.id}\`](#${one.id}) | ${one.title} | ${tierOfPlanner(one) ?? "by hand"} |`).join("\n")}

${grades()}
# Plans
${planners.map(section).join("")}
${never()}
${matrix(detectors)}`;
}

const grades = (): string => `# Grades

A role or user is denied the mildest of these that stops what was seen. The three below \`deny-all\` are policies that the
stack creates in the account, deny-only, without a condition. Somebody with IAM rights there could edit them: a plan
attaches one only when its default version was read right before the call and is the stack's own, word for word. Where it
is not, the plan denies everything instead, which is more than was decided, and waits for a person.

## deny-all

AWS's own \`AWSDenyAll\`: everything, for all sessions old and new. Nobody in an account can edit it. Where no attachment
is free it is set as the boundary, and the boundary that was there comes back with the release.
${mildGrades
  .map((grade) => {
    const [statement] = gradeDocument(grade)["Statement"] as readonly { readonly Action: readonly string[] }[];
    return `
## ${grade}

Denies ${gradeSays[grade].denies}. Leaves ${gradeSays[grade].leaves}.
\`${gradePolicyArn(grade, { partition: "<partition>", account: "<account>" })}\`, ${sizeOf(gradeDocument(grade))} of 6,144 characters:
${(statement?.Action ?? []).map((action) => `\`${action}\``).join(", ")}.
`;
  })
  .join("")}`;

const section = (planner: Planner): string => `
## ${planner.id}

${planner.title}. Tier ${tierOfPlanner(planner) ?? "by hand: a ticket"}. Target: ${planner.target}.${planner.only === undefined ? "" : ` Only: ${planner.only}.`}

${calls(planner)}**What else stops**

${bullets(planner.sideEffects)}

**What it does not stop**

${bullets(planner.notStopped)}

**Undo**: ${planner.undo}.
`;

function calls({ id, sets }: Planner): string {
  // The same slot of a user and of a role has calls of its own names.
  const other = id === "contain-user" || id === "deactivate-key" ? /^iam:\w*Role/ : /^iam:\w*User/;
  const names = (all: readonly string[]): string => {
    const own = all.filter((one) => !other.test(one));
    return own.length === 0 ? "-" : own.map((one) => `\`${one}\``).join(", ");
  };
  if (sets.length === 0) return "No call: the ticket has the steps.\n\n";
  const rows = sets.map(({ slot, to, tier }) => {
    const { reads, sets: writes, undoes, leash } = slotCalls[slot];
    return `| ${slot} (${tier}) | ${to.join(", ")} | ${names(reads)} | ${names(writes)} | ${names(undoes)} | ${leash} |`;
  });
  return `| Sets (tier) | To | Reads | Calls | Takes back by | Bounded by |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

`;
}

const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join("\n");

const never = (): string => `# Who gets no plan

Asked before anything else, whatever the plan. "Refused" is final: not even on approval.

| Who | Why | Then |
| --- | --- | --- |
${Object.values(byHand)
  .map(
    ({ who, because, steps }) =>
      `| ${who} | ${because} | ${steps.length === 0 ? "refused" : steps.map((step, place) => `${place + 1}. ${step}`).join("<br>")} |`,
  )
  .join("\n")}
`;

function matrix(detectors: readonly { readonly id: string; readonly family: Family }[]): string {
  const cells = responseMatrix(detectors);
  return `# Matrix

For each class of workload and family of findings: what the playbook picks (automatic where the manifest says \`contain:
automatic\` and no guard objects), what a person may approve or ask for, and what no plan can do.
${workloadClasses
  .map(
    (one) => `
## ${one}

| Family | Automatic | On approval | Impossible |
| --- | --- | --- | --- |
${cells
  .filter((cell) => cell.class === one)
  .map(
    ({ family, automatic, approval, impossible }) =>
      `| ${family} | ${automatic.join("<br>")} | ${approval.map((id) => `[${id}](#${id})`).join(", ")} | ${impossible.join("<br>")} |`,
  )
  .join("\n")}
`,
  )
  .join("")}`;
}

if (import.meta.main)
  writeFileSync(
    new URL("../docs/responses.md", import.meta.url),
    responsePage(describedWith({ accelerators, iam: iamTables })),
  );
