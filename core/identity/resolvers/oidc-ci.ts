import { calls } from "../../event/watch.ts";
import { named, namingRoleOf } from "../declared.ts";
import { subjectInWords } from "../oidc-subject.ts";
import type { Holder, Resolver } from "../resolver.ts";
import { serviceAccountOf, webSubjectOf } from "../web-subject.ts";

export const oidcCi: Resolver = {
  id: "oidc-ci",
  summary:
    "An OIDC provider (GitHub, GitLab, HCP Terraform and others) proves the subject of a run, and AWS writes it into the answer of `AssumeRoleWithWebIdentity`, at times into `webIdFederationData`. What the subject says is the provider's word; the session name, and a run id in it, is the run's own.",
  watches: [calls("sts:AssumeRoleWithWebIdentity")],
  resolve(holder) {
    const { principal, registry } = holder;
    const found = webSubjectOf(holder);
    if (found === undefined || serviceAccountOf(found.subject) !== undefined) return undefined;
    const { issuer, subject } = found;
    const notes = [subjectInWords(subject), runHint(holder)].filter((one) => one !== "");
    const claim = {
      kind: consumers.has(issuer) ? "external" : "workload",
      id: `oidc:${issuer}/${subject}`,
      class: found.class,
      because: [found.because, ...notes].join("; "),
    } as const;
    if (found.class === "inferred") return named(claim);
    const naming = registry.selecting("oidc", [`${issuer}/${subject}`]);
    return named(
      naming === undefined ? claim : { ...claim, kind: "workload" },
      naming,
      principal.kind === "assumed-role"
        ? namingRoleOf(registry, principal.role, ({ kind }) => kind === "oidc")
        : undefined,
    );
  },
};

/** Providers of accounts for everybody: whoever holds one is somebody outside, unless a manifest names the subject (IAM user guide, OIDC federation). */
const consumers: ReadonlySet<string> = new Set([
  "accounts.google.com",
  "cognito-identity.amazonaws.com",
  "graph.facebook.com",
  "www.amazon.com",
]);

/** GitHub numbers its runs, HCP Terraform names them `run-…`; SDKs put a time into session names of their own. */
function runHint({ principal }: Holder): string {
  if (principal.kind !== "assumed-role" || /^(?:botocore-session|aws-|\d+$)/.test(principal.session.name)) return "";
  const run = /(?:^|[^\w])(run-[A-Za-z0-9]{16})$|(?:^|\D)(\d{9,12})(?:\D|$)/.exec(principal.session.name);
  const id = run?.[1] ?? run?.[2];
  return id === undefined ? "" : `the session calls itself after run ${id}`;
}
