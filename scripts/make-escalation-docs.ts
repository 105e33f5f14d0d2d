import { writeFileSync } from "node:fs";
import { type EscalationPath, escalationPaths } from "../core/iam/escalation-path.ts";
import known from "../core/iam/escalation-paths.data.json" with { type: "json" };

/** Writes docs/escalation.md from the table of paths. Run it after changing a path: `npx node scripts/make-escalation-docs.ts`. */
const chapters: readonly (readonly [kind: EscalationPath["kind"], heading: string])[] = [
  ["self", "More rights for oneself"],
  ["principal", "Another principal's rights"],
  ["new-passrole", "A role handed to something new"],
  ["existing-role", "Something that already has a role"],
  ["guard-rail", "A guard-rail taken away"],
  ["federation", "A way in from outside"],
  ["persistence", "Rights that last"],
];

/** The page, as it is written. */
export function escalationPage(paths: readonly EscalationPath[]): string {
  const aids = paths.filter((path) => path.class === "aid").length;
  const aliases = new Set(paths.flatMap((path) => path.aliases ?? []));
  const rhino = [...aliases].filter((alias) => /^rhino-\d+$/.test(alias)).length;
  return `# Escalation paths

Made by \`scripts/make-escalation-docs.ts\` from \`core/iam/escalation-paths.data.json\`; do not edit by hand.

${paths.length} known ways to more rights than a policy spells out, ${aids} of them mere aids: these help a take-over or make it last, and do not
make \`cordon policy escalates\` say yes. All ${rhino} methods of Rhino Security Labs are among them. An id is \`<service>:<actions
joined by +>\`, because other catalogues renumber theirs; their numbers are listed as aliases.

${judged}
## Coverage

| Kind | Paths |
| --- | --- |
${chapters.map(([kind, heading]) => `| [${heading}](#${anchor(heading)}) | ${paths.filter((path) => path.kind === kind).length} |`).join("\n")}
${chapters
  .map(([kind, heading]) =>
    chapter(
      heading,
      paths.filter((path) => path.kind === kind),
    ),
  )
  .join("")}`;
}

const judged = `## How a policy is judged

[\`cordon policy escalates\`](commands.md#policy-escalates) asks of each path whether every one of its actions could be allowed,
on resources of the kind that the action works on, and on one and the same resource where the path needs that. Doubt counts
as open:

- Deny closes what it surely forbids; a Deny whose condition may not hold closes nothing.
- A condition opens unless it cannot hold. Three are decided: \`iam:PassedToService\` (the role must reach the path's service),
  \`iam:PolicyARN\` (only AdministratorAccess, IAMFullAccess and PowerUserAccess count as worth attaching; a customer's own policy
  does not) and \`iam:PermissionsBoundary\` (a boundary that must be there closes the writing of policies; one's own width is not judged).
- \`\${aws:username}\` is the caller: keys and passwords for oneself are no escalation. Any other policy variable may be anything.
- Wildcards stay within one field of an ARN. \`/\` and \`:\` count as one character, since \`function/x\` for \`function:x\` is a slip that a later edit mends.
- In a trust policy, a statement for everybody (\`"Principal": "*"\`) opens \`sts:AssumeRole\`; one for named principals opens nothing.
- Not considered: who is attached to what, boundaries, session policies, organization policies, resource policies. Whether a role,
  function or machine worth taking exists is not in the document.
`;

const chapter = (heading: string, paths: readonly EscalationPath[]): string => `
## ${heading}

| Path | What it does | Severity | Where the role is named | Aliases | ATT&CK |
| --- | --- | --- | --- | --- | --- |
${paths.map(row).join("\n")}
`;

const row = ({ id, title, severity, passed, aliases = [], attack, reference, ...path }: EscalationPath): string =>
  `| ${[
    `\`${id}\``,
    `[${title}](${reference})${path.class === "aid" ? " (aid)" : ""}`,
    severity,
    (passed?.role ?? []).map((parameter) => `\`${parameter.replace("requestParameters.", "")}\``).join(", "),
    aliases.join(", "),
    attack.join(", "),
  ].join(" | ")} |`;

const anchor = (heading: string): string => heading.toLowerCase().replaceAll(" ", "-").replaceAll("'", "");

if (import.meta.main)
  writeFileSync(new URL("../docs/escalation.md", import.meta.url), escalationPage(escalationPaths(known)));
