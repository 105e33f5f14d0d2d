import type { Principal } from "../../event/principal.ts";
import { parseArn } from "../../iam/arn.ts";
import type { Attribution } from "../../identity/attribution.ts";
import type { Selector } from "../../identity/manifest/selector.ts";
import { selectorKeys } from "../../identity/manifest/selector-keys.ts";
import type { PlacementKind, Placements } from "../../identity/placement.ts";
import { issuerOf } from "../../identity/web-subject.ts";
import type { Registry, Workload } from "../../identity/workload.ts";
import { readsAsSelector } from "./suggest-readable.ts";

/** Whom a draft is about: a declared workload, or what names an undeclared one. */
export type Suggested =
  | { readonly kind: "declared"; readonly key: string; readonly workload: Workload }
  | {
      readonly kind: "undeclared";
      readonly key: string;
      readonly selector: Selector;
      /** How the selector was found, for the draft's reader. */
      readonly because: string;
      /** What a person would call it. */
      readonly name: string;
      readonly account: string;
      readonly region: string;
    };

/** Why nobody needs a draft for who acted. */
export type PassedOver = "person" | "AWS service" | "other account" | "nobody's" | "asks only";

/**
 * Whom a principal's calls belong to. Runs of one thing (tasks, builds, instances of a group) are that thing where the
 * records show it, else their role; a name that the caller chose counts as the role.
 */
export function suggestedFor(
  principal: Principal,
  attribution: Attribution,
  known: { readonly registry: Registry; readonly placements: Placements },
): Suggested | PassedOver {
  switch (attribution.kind) {
    case "person":
      return "person";
    case "service":
      return "AWS service";
    case "external":
    case "workload": {
      const workload = attribution.declared ? known.registry.named(attribution.id) : undefined;
      if (workload !== undefined) return { kind: "declared", key: `declared ${workload.name}`, workload };
      if (attribution.kind === "external") return "other account";
      if (attribution.class === "inferred")
        return byRole(principal, known.registry, "by its role: what its sessions are called is the caller's choice");
      return byId(attribution, principal, known.placements) ?? byRole(principal, known.registry, roleOnly);
    }
    case "contested":
      return byRole(principal, known.registry, "by its role: several things claim its sessions");
    case "unattributed":
      return byRole(principal, known.registry, roleOnly);
  }
}

const roleOnly = "by its role: nothing shows what runs with it";

function byRole(principal: Principal, registry: Registry, because: string): Suggested | PassedOver {
  switch (principal.kind) {
    case "assumed-role":
      return rolesDraft(principal.role, registry, because);
    case "role":
      return principal.arn === undefined ? "nobody's" : rolesDraft(principal.arn, registry, because);
    case "iam-user":
      return principal.arn === undefined || principal.unproven
        ? "nobody's"
        : (drafted("userArn", principal.arn, "by its user: it holds keys, and nothing shows a person") ?? "nobody's");
    case "aws-account":
      return "other account";
    case "aws-service":
      return "AWS service";
    case "identity-center-user":
    case "saml-user":
      return "person";
    case "root":
    case "directory":
    case "federated-user":
    case "web-identity-user":
    case "unknown":
      return "nobody's";
  }
}

function rolesDraft(role: string, registry: Registry, because: string): Suggested | PassedOver {
  // Somebody disputes what a manifest says of it: a second manifest for the role would settle nothing.
  if (registry.byRole(role) !== undefined) return "nobody's";
  const resource = parseArn(role)?.resource ?? "";
  if (resource.startsWith("role/aws-service-role/")) return "AWS service";
  // Identity Center keeps its roles under a path that nobody else can use; records of its sessions leave the path out.
  if (/^role\/(?:aws-reserved\/sso\.amazonaws\.com\/.*|AWSReservedSSO_)/.test(resource)) return "person";
  return drafted("roleArn", role, because) ?? "nobody's";
}

function byId(
  { id, hops }: Pick<Attribution, "hops"> & { readonly id: string },
  principal: Principal,
  placements: Placements,
): Suggested | undefined {
  const colon = id.indexOf(":");
  const [type, rest] = [id.slice(0, colon), id.slice(colon + 1)];
  const role = principal.kind === "assumed-role" ? principal.role : undefined;
  switch (type) {
    case "lambda":
      return drafted("lambdaFunction", rest.split(":").slice(0, 7).join(":"), "the function that AWS names");
    case "ec2":
      return machine(rest, placements);
    case "ecs":
      return role === undefined ? undefined : drafted("ecsTaskRole", role, "by its task role: tasks come and go");
    case "eks":
      return pod(rest);
    case "oidc":
      return subject(rest, hops.at(-1)?.principal ?? "", principal);
    case "anywhere":
      return drafted("rolesAnywhereSubject", rest, "the certificate's subject");
    case "sagemaker":
      return sagemaker(rest, role);
    case "bedrock-agent":
      return drafted("bedrockAgent", rest, "the agent that its role works in");
    case "agentcore":
      return only("agentcore-runtime", "agentCoreRuntime", role, placements);
    case "codebuild":
      return only("codebuild-project", "codeBuildProject", role, placements);
    case "glue":
      return only("glue-job", "glueJob", role, placements);
    case "user":
    case "bedrock-key":
      return drafted("userArn", rest, "by its user: it holds keys, and nothing shows a person");
    default:
      return undefined;
  }
}

/** `<account>/<region>/<instance>`: machines come and go, the group that starts them stays. */
function machine(rest: string, placements: Placements): Suggested | undefined {
  const [account = "", , instance = ""] = rest.split("/");
  const group = placements.ofRun("ec2-instance", account, instance)?.group;
  return group === undefined
    ? undefined
    : drafted("ec2AutoScalingGroup", group, "the group that starts its machines", account);
}

/** `<issuer or cluster arn>/<namespace>/<service account>` */
function pod(rest: string): Suggested | undefined {
  const parts = rest.split("/");
  const [cluster, namespace = "", name = ""] = [parts.slice(0, -2).join("/"), ...parts.slice(-2)];
  const where = parseArn(cluster) === undefined ? { oidcIssuer: cluster } : { clusterArn: cluster };
  const because = "the service account that the cluster vouches for";
  return drafted("eksServiceAccount", { ...where, namespace, name }, because, parseArn(cluster)?.account);
}

/** An issuer may hold slashes, and so may a subject: the chain's far end or the session tells where the one ends. */
function subject(rest: string, end: string, principal: Principal): Suggested | undefined {
  const provider = principal.kind === "assumed-role" ? principal.session.webIdentity?.provider : undefined;
  const shown = /:oidc-provider\/([^:]+):/.exec(end)?.[1];
  const issuer =
    [provider === undefined ? undefined : issuerOf(provider), shown].find(
      (one) => one !== undefined && rest.startsWith(`${one}/`),
    ) ?? rest.slice(0, Math.max(0, rest.indexOf("/")));
  const name = rest.slice(issuer.length + 1);
  // A star at the end of a subject would be a pattern in the manifest.
  return name.endsWith("*")
    ? undefined
    : drafted("oidc", { issuer, subject: name }, "the subject that the provider vouches for", principal.account);
}

function sagemaker(resource: string, role: string | undefined): Suggested | undefined {
  if (resource.includes(":endpoint/"))
    return drafted("sagemaker", { endpoint: resource }, "the endpoint that its role works in");
  if (resource.includes(":user-profile/") && !resource.includes("/-/"))
    return drafted("sagemaker", { domainUser: resource }, "the Studio user that SageMaker names");
  return role === undefined ? undefined : drafted("sagemaker", { roleArn: role }, "by its role: jobs come and go");
}

/** The one thing that a role was put to work in; of several, which one it was is not known. */
function only(
  kind: PlacementKind,
  selector: string,
  role: string | undefined,
  placements: Placements,
): Suggested | undefined {
  const places = role === undefined ? [] : placements.ofRole(role).filter((one) => one.kind === kind);
  const [first] = places;
  return first === undefined || places.length > 1
    ? undefined
    : drafted(selector, first.resource, "the one thing that its role was given to");
}

function drafted(kind: string, value: Selector["value"], because: string, account?: string): Suggested | undefined {
  const selector: Selector = { kind, value };
  const [key] = selectorKeys(selector);
  if (key === undefined || !readsAsSelector(selector)) return undefined;
  const named = typeof value === "string" ? value : String(Object.values(value).at(-1) ?? "");
  const arn = parseArn(named);
  return {
    kind: "undeclared",
    key,
    selector,
    because,
    name:
      kind === "oidc" ? repositoryIn(named) : named.slice(Math.max(named.lastIndexOf("/"), named.lastIndexOf(":")) + 1),
    account: account || arn?.account || "",
    region: arn?.region ?? "",
  };
}

/** `repo:acme/support-bot:environment:prod` is called support-bot-environment-prod. */
const repositoryIn = (subject: string): string => subject.slice(subject.indexOf("/") + 1).replaceAll(/[:/]/g, "-");
