import type { ApiCall } from "../../event/event.ts";
import { compilePolicies, verdictOf } from "../../iam/compiled-policy.ts";
import type { ApiName } from "../../iam/identifiers.ts";
import { parsePolicy } from "../../iam/policy.ts";
import type { Attribution } from "../../identity/attribution.ts";
import type { Change } from "../../identity/manifest/manifest-change.ts";
import type { Seen } from "../detector.ts";
import { type Severity, severities } from "../finding.ts";
import { deploys, doubtAbout } from "./deploy.ts";

/** One thing that a change brings about, to be compared with what was announced. */
export type Gained =
  | { readonly kind: "grant"; readonly principal: string; readonly action: string; readonly resource: string }
  /** `principal` as the trust policy names it; an account by its root ARN or its id. */
  | { readonly kind: "trust"; readonly role: string; readonly principal: string }
  /** Neither rights nor trust: a guard-rail taken off, a provider added. */
  | { readonly kind: "call"; readonly api: ApiName; readonly resource: string };

/** What was announced of a change. `because` is one clause for people. */
export type AnnouncedVerdict =
  /** The announced run did what was announced, in its time. */
  | { readonly kind: "as-announced"; readonly change: string; readonly because: string }
  /** The announced run did more, or something else, while its announcement was in force. */
  | {
      readonly kind: "more-than-announced";
      readonly change: string;
      readonly because: string;
      readonly beyond: readonly [Gained, ...Gained[]];
    }
  | { readonly kind: "not-announced" };

/**
 * Compares what a proven run brought about with the announcements in force. An announcement speaks for the declared
 * deployment that it names, where nothing of the chain is in doubt; outside [from, until) it says nothing.
 */
export function announcedVerdict(seen: Seen, gained: readonly Gained[]): AnnouncedVerdict {
  const { event, attribution, workload, registry } = seen;
  if (event.kind !== "api-call" || workload === undefined || !deploys(workload)) return notAnnounced;
  if (doubtAbout(attribution) !== undefined) return notAnnounced;
  const own = (registry.changes ?? []).filter(
    (one) =>
      one.workload === workload.name && one.from <= event.at && event.at < one.until && isRun(one, event, attribution),
  );
  const [latest] = own.toSorted((a, b) => b.posted - a.posted || (a.name < b.name ? -1 : 1));
  if (latest === undefined) return notAnnounced;
  const covered = own.map(coverage);
  const [first, ...others] = gained.filter((gain) => !covered.some((covers) => covers(gain)));
  const names = own.map(({ name, ticket }) => `${name} (${ticket})`).join(", ");
  return first === undefined
    ? { kind: "as-announced", change: latest.name, because: `announced as ${names}` }
    : {
        kind: "more-than-announced",
        change: latest.name,
        because: `${names} announced less than this`,
        beyond: [first, ...others],
      };
}

/** What was announced goes to the case only; what goes beyond it is at least `high`. */
export function atAnnouncement(severity: Severity, { kind }: AnnouncedVerdict): Severity {
  switch (kind) {
    case "as-announced":
      return "info";
    case "more-than-announced":
      return severities.indexOf(severity) > severities.indexOf("high") ? severity : "high";
    case "not-announced":
      return severity;
  }
}

const notAnnounced: AnnouncedVerdict = { kind: "not-announced" };

/** The subject is what the provider proved; a session's name is the run's own choice and can only narrow. */
function isRun({ run }: Change, { principal }: ApiCall, attribution: Attribution): boolean {
  if (run === undefined) return true;
  const { subject, session } = run;
  const recorded = principal.kind === "assumed-role" ? principal.session : undefined;
  if (session !== undefined && recorded?.name !== session) return false;
  return (
    subject === undefined ||
    recorded?.webIdentity?.subject === subject ||
    attribution.hops.some(({ principal: holder, end }) => end === "federation" && isSubject(holder, subject))
  );
}

/** `<provider's ARN>:<audience>:<subject>`, as CloudTrail writes a web identity; nothing else may stand between the two. */
function isSubject(holder: string, subject: string): boolean {
  if (!holder.endsWith(`:${subject}`)) return false;
  const before = holder.slice(0, -subject.length - 1);
  return /:oidc-provider\/[^:]+:[^:]+$/.test(before);
}

/** Answers what an announcement covers; a change may bring thousands of rows, so its statements are compiled once. */
function coverage({ trust = [], calls = [], grants = [] }: Change): (gain: Gained) => boolean {
  const allowing = grants.flatMap(({ principal, statements }) => {
    const parsed = parsePolicy({ Version: "2012-10-17", Statement: statements });
    return parsed.ok ? [{ principal, policy: compilePolicies([parsed.document]) }] : [];
  });
  return (gain) => {
    switch (gain.kind) {
      case "trust":
        return trust.some(
          ({ role, principals }) =>
            sameName(role, gain.role) && principals.some((one) => account(one) === account(gain.principal)),
        );
      case "call":
        return calls.some(({ call, resource }) => call === gain.api && resource === gain.resource);
      case "grant": {
        // The gained pattern is read as a name: an announced pattern covers it when it covers all of it.
        const { resource } = gain;
        const target = { resource, wildcardOnly: resource === "*", context: () => undefined };
        return allowing.some(
          ({ principal, policy }) =>
            sameName(principal, gain.principal) && verdictOf(policy, gain.action, target) === "allowed",
        );
      }
    }
  };
}

/** Records name roles without their path; a name is unique in its account. */
const sameName = (announced: string, found: string): boolean =>
  announced === found || (announced.replace(/\/.*\//, "/") === found && /^arn:[^/]*\/[^/]+$/.test(found));

/** An account may be named by its id or by its root ARN. */
const account = (principal: string): string => /^arn:[^:]+:iam::(\d{12}):root$/.exec(principal)?.[1] ?? principal;
