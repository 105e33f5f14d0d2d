/** What the subject of a pipeline's token says about the run, each part as written and only where it is there. */
export interface OidcSubject {
  readonly repository?: string;
  readonly ref?: string;
  readonly environment?: string;
  readonly pullRequest?: true;
  readonly jobWorkflow?: string;
  readonly workflow?: string;
  readonly organization?: string;
  readonly project?: string;
  readonly workspace?: string;
  readonly pipeline?: string;
  readonly phase?: string;
  readonly run?: string;
}

/**
 * Reads the `name:value` pairs that CI systems put into `sub`. GitHub: `repo:O/R:environment:E`, `…:ref:…`,
 * `…:pull_request`, or a list of claims that the organization chose ("OpenID Connect reference"). GitLab:
 * `project_path:G/P:ref_type:branch:ref:main` ("OpenID Connect authentication using ID tokens"). HCP Terraform:
 * `organization:O:project:P:workspace:W:run_phase:apply` ("Workload identity tokens"). Buildkite:
 * `organization:O:pipeline:P:ref:…` ("OIDC with Buildkite"). Other forms give nothing. For display only: it proves no more
 * than the subject does.
 */
export function oidcSubjectOf(subject: string): OidcSubject {
  const pairs: { readonly name: string; readonly words: string[] }[] = [];
  for (const word of subject.split(":").slice(0, mostWords)) {
    const last = pairs.at(-1);
    // A word right behind a name is its value, even one that is a name itself: an environment may be called "ref".
    if (last !== undefined && last.words.length === 0 && last.name !== bare) last.words.push(word);
    else if (word === bare || parts.has(word)) pairs.push({ name: word, words: [] });
    else last?.words.push(word);
  }
  const read = pairs.flatMap(({ name, words }): readonly (readonly [Part, string])[] => {
    const part = parts.get(name);
    return part === undefined ? [] : [[part, words.join(":")]];
  });
  // A name that comes twice keeps its first value.
  const found: Partial<Record<Part, string>> = Object.fromEntries(read.toReversed());
  const { passed: _, ...shown } = found;
  return { ...shown, ...(pairs.some(({ name }) => name === bare) ? { pullRequest: true } : {}) };
}

/** The subject in words: `repository acme/bot, environment prod`; empty when it has no known form. */
export function subjectInWords(subject: string): string {
  const found = oidcSubjectOf(subject);
  const written = inOrder.flatMap(([part, word]) => (found[part] ? [`${word} ${found[part]}`] : []));
  return [...written, ...(found.pullRequest ? ["a pull request"] : [])].join(", ");
}

type Part = Exclude<keyof OidcSubject, "pullRequest"> | "passed";

/** GitHub writes this without a value. */
const bare = "pull_request";

/** Subjects that systems write have a dozen; longer text is somebody's own. */
const mostWords = 64;

/** The names as the systems write them; those whose value nobody needs to see are passed over. */
const parts: ReadonlyMap<string, Part> = new Map([
  ["repo", "repository"],
  ["repository", "repository"],
  ["project_path", "repository"],
  ["ref", "ref"],
  ["environment", "environment"],
  ["job_workflow_ref", "jobWorkflow"],
  ["workflow", "workflow"],
  ["workflow_ref", "workflow"],
  ["organization", "organization"],
  ["project", "project"],
  ["workspace", "workspace"],
  ["pipeline", "pipeline"],
  ["run_phase", "phase"],
  ["run_id", "run"],
  ...passedOver(),
]);

function passedOver(): readonly (readonly [string, Part])[] {
  const names =
    "actor actor_id base_ref commit context enterprise event_name head_ref namespace_id namespace_path project_id ref_type " +
    "repository_id repository_owner repository_owner_id repository_visibility runner_environment sha step user_login";
  return names.split(" ").map((name) => [name, "passed"]);
}

const inOrder: readonly (readonly [Exclude<Part, "passed">, string])[] = [
  ["repository", "repository"],
  ["organization", "organization"],
  ["project", "project"],
  ["workspace", "workspace"],
  ["pipeline", "pipeline"],
  ["environment", "environment"],
  ["ref", "ref"],
  ["jobWorkflow", "workflow"],
  ["workflow", "workflow"],
  ["phase", "phase"],
  ["run", "run"],
];
