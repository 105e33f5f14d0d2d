import { writeFileSync } from "node:fs";
import known from "../core/iam/escalation-paths.data.json" with { type: "json" };
import { type EscalationPath, escalationPaths } from "../core/iam/reach/escalation-path.ts";
import type { Showing, ShownStep } from "../core/iam/reach/escalation-shows.ts";

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
${seen(paths)}
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

/** How the paths show when somebody goes them, and who says so. */
function seen(paths: readonly EscalationPath[]): string {
  const count = (holds: (showing: Showing) => boolean): number => paths.filter((path) => path.shows.some(holds)).length;
  const own = ["escalation-path", "escalation-sequence", "escalation-reach"];
  const others = paths.filter(({ shows }) =>
    shows.every(({ detector }) => detector !== undefined && !own.includes(detector)),
  );
  return `## How they show

Of ${paths.length} paths ${count((one) => one.detector === "escalation-path")} are reported at one call (\`escalation-path\`), ${count((one) => one.detector === "escalation-sequence")} as several calls by one signer (\`escalation-sequence\`),
${count((one) => one.detector === "escalation-reach")} where one signer reaches into many machines (\`escalation-reach\`) and ${others.length} by other detectors alone; ${count((one) => one.detector === undefined)} show in data events only, which
nothing here reads. Some show in more than one way.

- \`iam:PassRole\` writes no event: the role is read out of the call that receives it, the role of an instance profile out of what is
  known of IAM. How mighty the role is decides the severity.
- W is a write event; R an event that is no write and that EventBridge delivers all the same; DE a data event. A call in brackets
  may be missing. Of several calls, those after \`then\` follow within the minutes given; those after \`with\` come in any order.
- A declared workload inside its envelope is not reported. Where no manifest names who acts, the severity is the one given, and more
  where the role, or what a step gave, is known to be as good as everything, or is a declared workload's.
- Each row is held to records made from it, firing and quiet: \`test/core/detect/escalation/rows.test.ts\`. Rows of other detectors
  are held by their fixtures.
`;
}

const chapter = (heading: string, paths: readonly EscalationPath[]): string => `
## ${heading}

| Path | What it does | Severity | How it shows | Reported by | Aliases | ATT&CK |
| --- | --- | --- | --- | --- | --- | --- |
${paths.map(row).join("\n")}
`;

const row = (path: EscalationPath): string => {
  const { id, title, severity, aliases = [], attack, reference, shows } = path;
  return `| ${[
    `\`${id}\``,
    `[${title}](${reference})${path.class === "aid" ? " (aid)" : ""}`,
    severity,
    shows.map((one) => shown(path, one)).join("<br>"),
    shows.map(reported).join("<br>"),
    aliases.join(", "),
    attack.join(", "),
  ].join(" | ")} |`;
};

function shown(path: EscalationPath, { steps, join, withinMinutes, many }: Showing): string {
  const all = steps.map((step) => stepShown(path, step));
  if (many !== undefined) return `${all.join(" or ")}, ${many} things in ${withinMinutes} min`;
  if (withinMinutes === undefined) return all.join(", ");
  const [last] = steps.slice(-1);
  const taken = join === "any-order" && last?.trail === "read";
  const words =
    join === "any-order"
      ? taken
        ? `${all.slice(0, -1).join(" with ")} then ${all.at(-1)}`
        : all.join(" with ")
      : all.join(" then ");
  return `${words}, within ${withinMinutes} min`;
}

const marks: Readonly<Record<ShownStep["trail"], string>> = { write: "W", read: "R", data: "DE" };

function stepShown({ passed }: EscalationPath, step: ShownStep): string {
  const roles = [...(step.passes ? (passed?.role ?? []) : []), ...step.role].map(
    (parameter) => `\`${parameter.replace("requestParameters.", "").replace("responseElements.", "answer: ")}\``,
  );
  const what = `${step.calls.map((call) => `\`${call}\``).join(" or ")} ${marks[step.trail]}${roles.length > 0 ? `: role in ${roles.join(", ")}` : ""}`;
  return step.optional ? `[${what}]` : what;
}

const reported = ({ detector, undeclared, byLongTermKey }: Showing): string =>
  detector === undefined
    ? "nobody"
    : `[\`${detector}\`](detectors.md#${detector})${detector.startsWith("escalation-") ? ` (${undeclared ?? "low"}${byLongTermKey === undefined ? "" : `; ${byLongTermKey} with a static key`})` : ""}`;

const anchor = (heading: string): string => heading.toLowerCase().replaceAll(" ", "-").replaceAll("'", "");

if (import.meta.main)
  writeFileSync(new URL("../docs/escalation.md", import.meta.url), escalationPage(escalationPaths(known)));
