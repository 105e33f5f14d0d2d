import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { fields, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { parseArn } from "../../iam/arn.ts";
import { asAccessKeyId, isLongTerm } from "../../iam/identifiers.ts";
import { graded, titled } from "../attempt.ts";
import { defineDetector, type Seen } from "../detector.ts";
import type { Evidence, Severity } from "../finding.ts";
import { builtArn } from "../touched.ts";

/** Finds the birth, or the return, of a static key: the credential that nothing expires. */
export const sprawlAccessKey = defineDetector({
  id: "sprawl-access-key",
  version: "1",
  title: "A static access key was created or activated",
  family: "secret-sprawl",
  maturity: "stable",
  needsDeclarations: false,
  attack: ["T1098.001", "T1136.003"],
  controls: {
    owaspNhi: ["NHI7:2025", "NHI2:2025"],
    owaspAsi: ["ASI03"],
    nistCsf: ["PR.AA-01", "DE.CM-03"],
    nistAiRmf: ["MEASURE 2.7", "MANAGE 4.1"],
    maestro: ["L4 Deployment and Infrastructure", "L6 Security and Compliance"],
  },
  watches: [calls("iam:CreateAccessKey", "iam:UpdateAccessKey")],
  falsePositives: [
    "A person rotates their own key",
    "A deployment tool sets up a machine user that cannot take a role",
    "An administrator hands a first key to a new colleague",
  ],
  triage: [
    "Ask who needs the key and why a role, OIDC or Roles Anywhere would not do",
    "Look for calls signed with the new key, above all from addresses the account has not seen",
    "If nobody asked for it, deactivate the key; deleting it would destroy evidence",
  ],
  references: [
    "https://hackingthe.cloud/aws/post_exploitation/iam_persistence/",
    "https://stratus-red-team.cloud/attack-techniques/AWS/aws.persistence.iam-create-admin-user/",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
  ],
  wants: () => [],
  detect(seen) {
    const { event } = seen;
    if (event.kind !== "api-call" || (event.api === "iam:UpdateAccessKey" && event.request["status"] !== "Active"))
      return [];
    const whose = holderOf(event);
    const { base, why } = judged(seen, event, whose);
    const resource = whose.arn === undefined ? {} : { resource: whose.arn };
    const [did, tried] =
      event.api === "iam:CreateAccessKey" ? ["was created", "create"] : ["was activated again", "activate"];
    return [
      {
        title: titled(`A static access key ${did} ${why}`, `${tried} a static access key (${why})`, event.outcome),
        severity: graded(base, event.outcome),
        confidence: "high",
        ...resource,
        evidence: [{ kind: "field", eventID: event.id, path: whose.path, value: excerpt(whose.name) }, ...keyOf(event)],
      },
    ];
  },
});

/** Whose key it is; a call without a name is about the caller. */
interface Holder {
  readonly name: string;
  readonly path: string;
  readonly self: boolean;
  readonly root: boolean;
  readonly arn?: string;
}

function holderOf(call: ApiCall): Holder {
  const { principal, request, response } = call;
  const asked = text(request["userName"]);
  const answered = text(fields(response["accessKey"])["userName"]);
  const name = asked || answered;
  const own = parseArn(principal.arn ?? "");
  if (principal.kind === "root" && (asked === "" || asked === "root"))
    return { name: principal.arn ?? "root", path: "userIdentity.arn", self: true, root: true, ...arnOf(principal.arn) };
  if (principal.kind === "iam-user" && (name === "" || name === own?.resource.split("/").at(-1)))
    return { name: principal.arn ?? name, path: "userIdentity.arn", self: true, root: false, ...arnOf(principal.arn) };
  // A denied call often has no parameters; a session has no keys of its own, so it was for a user all the same.
  if (name === "") return { name: call.name, path: "eventName", self: false, root: false };
  const path = asked ? "requestParameters.userName" : "responseElements.accessKey.userName";
  return { name, path, self: false, root: false, ...arnOf(builtArn(call, "user", name)) };
}

const arnOf = (arn: string | undefined) => (arn === undefined ? {} : { arn });

interface Judged {
  readonly base: Severity;
  readonly why: string;
}

/** A program that makes itself a way to stay is worst but for the root user; rotating one's own key is ordinary. */
function judged({ attribution, workload }: Seen, { principal }: ApiCall, { root, self, name }: Holder): Judged {
  if (root) return { base: "critical", why: "for the root user" };
  if (name.startsWith("BedrockAPIKey-"))
    return { base: "critical", why: "for the user behind a Bedrock API key, which has no use for one" };
  if (attribution.kind === "workload" && (workload?.class === "deployment" || workload?.class === "pipeline"))
    return { base: "medium", why: "by a declared deployment" };
  if (attribution.kind === "workload") return { base: "high", why: "by a workload" };
  if (!self) return { base: "high", why: "for another user" };
  const byKey = principal.accessKeyId !== undefined && isLongTerm(principal.accessKeyId);
  return attribution.kind === "person" || !byKey
    ? { base: "low", why: "by its owner" }
    : { base: "medium", why: "with another static key of the same user" };
}

/** The key's id names it and opens nothing; the secret never reaches a decoded event. */
function keyOf({ id, request, response }: ApiCall): readonly Evidence[] {
  const places = [
    ["responseElements.accessKey.accessKeyId", fields(response["accessKey"])["accessKeyId"]],
    ["requestParameters.accessKeyId", request["accessKeyId"]],
  ] as const;
  return places.flatMap(([path, value]): Evidence[] => {
    const key = asAccessKeyId(value);
    return key === undefined ? [] : [{ kind: "field", eventID: id, path, value: excerpt(key) }];
  });
}
