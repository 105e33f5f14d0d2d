import type { Decision } from "../core/decide/decision.ts";
import type { Case } from "../core/detect/case.ts";
import type { Finding } from "../core/detect/finding.ts";
import { printInstant } from "../core/event/instant.ts";
import type { Settlement } from "../core/flow/settle.ts";
import type { Attribution } from "../core/identity/attribution.ts";
import { visible } from "./terminal.ts";

/** One case as an on-call person reads it first: who, through which chain, what, and what would have been done. */
export function* caseLines(
  one: Case,
  { findings, decisions }: Settlement,
  { columns, chains }: { readonly columns: number; readonly chains: "lines" | "picture" },
): Generator<string> {
  const own = new Set<string>(one.findingIds);
  const found = findings.filter((finding) => own.has(finding.id) && finding.severity !== "info");
  const [first] = found;
  if (first === undefined) return;
  const cut = (line: string): string => (line.length > columns ? `${line.slice(0, columns - 1)}…` : line);
  yield cut(
    `${one.severity.toUpperCase()} ${one.id.slice(0, 8)} · ${visible(one.root.kind)} ${visible(one.root.id)} · ${clock(first)} to ${clock(found.at(-1) ?? first)} UTC`,
  );
  if (chains === "picture") yield* pictureOf(found);
  else
    for (const chain of new Set(found.map((finding) => chainOf(finding.attribution)))) yield cut(`  CHAIN  ${chain}`);
  for (const finding of found) {
    const decision = decisions.find((candidate) => candidate.findingId === finding.id);
    yield cut(
      `  ${clock(finding)} ${finding.severity.padEnd(8)} ${finding.title}${finding.outcome === "done" ? "" : ` (${finding.outcome})`}: ${visible(short(finding.resource ?? ""))}`,
    );
    if (decision !== undefined) yield cut(`           would have: ${wouldHave(decision)}`);
  }
}

/** The chain from its far end to the caller, as an arrow picture. */
export const chainOf = ({ hops, confidence, kind }: Attribution): string =>
  `${hops
    .toReversed()
    .map((hop) => visible(holder(hop.principal)))
    .join(" > ")}  (${kind === "contested" || kind === "unattributed" ? kind : `${confidence} confidence`})`;

/** The longest chain among a case's findings. */
function* pictureOf(found: readonly Finding[]): Generator<string> {
  const [longest] = found.toSorted((a, b) => b.attribution.hops.length - a.attribution.hops.length);
  if (longest === undefined) return;
  let title = "  CHAIN  ";
  for (const line of chainPicture(longest.attribution)) {
    yield `${title}${line}`;
    title = " ".repeat(title.length);
  }
}

/** The chain as a picture, from its far end: each step names the call that issued the next credential. */
function* chainPicture({ hops, confidence, because, kind }: Attribution): Generator<string> {
  const fromFarEnd = hops.toReversed();
  for (const [depth, hop] of fromFarEnd.entries()) {
    const issued = hop.eventID === null ? "" : `   issued by event ${visible(hop.eventID.slice(0, 8))}`;
    const branch = depth === 0 ? "" : `${"   ".repeat(depth - 1)}└─ `;
    yield `${branch}${visible(holder(hop.principal))}${issued}`;
  }
  yield kind === "contested" || kind === "unattributed"
    ? `${kind}: ${visible(because)}`
    : `${confidence} confidence: ${visible(because)}`;
}

/** A credential's holder in a few words: a service account, a CI run, a role's session. */
function holder(principal: string): string {
  const account = /:system:serviceaccount:([^:]+):([^:]+)$/.exec(principal);
  if (account) return `Kubernetes service account ${account[1]}/${account[2]}`;
  const run = /oidc-provider\/([^:]+):[^:]*:(.+)$/.exec(principal);
  return run ? `${run[2]} (${run[1]})` : short(principal);
}

function wouldHave({ would, actions }: Decision): string {
  const what = actions.map((action) => `${action.kind} ${visible(short(action.target))}`).join(", ");
  switch (would) {
    case "dismiss":
      return "nothing";
    case "ticket":
      return "a ticket";
    case "approve":
      return `${what} (asks first)`;
    case "contain":
      return `${what} (automatic)`;
  }
}

/** An ARN without the parts that repeat on every line of a case. */
const short = (arn: string): string =>
  arn.replace(/^arn:[^:]+:(?:iam|sts):[^:]*:\d*:/, "").replace(/^assumed-role\//, "session ");

const clock = ({ at }: Finding): string => printInstant(at).slice(11, 19);
