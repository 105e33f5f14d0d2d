import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { calls } from "../../event/watch.ts";
import { isArn, parseArn } from "../../iam/arn.ts";
import { conventionOf } from "../../identity/session-convention.ts";
import type { Registry } from "../../identity/workload.ts";
import { tellingApis } from "../agents/telling-calls.ts";
import { type CallPlace, type ClaimedClient, claimedClient, placeOf } from "../call-place.ts";
import { type CredentialMark, credentialMark, credentialMarkOf, distinctOf } from "../credentials/credential-mark.ts";
import type { Evidence } from "../finding.ts";
import { accountOfRegistry } from "../trust/declared-account.ts";
import type { Mark } from "../windows/window-store.ts";
import { defineWindowDetector, type Span, type WindowDetection } from "../windows/windowed.ts";

/** Finds credentials that AWS gave to an instance, a function or a task, and that something else uses. */
export const sprawlOffWorkload = defineWindowDetector({
  id: "sprawl-off-workload",
  version: "1",
  title: "A workload's own credentials are used away from it",
  family: "secret-sprawl",
  maturity: "incubating",
  needsDeclarations: false,
  attack: ["T1552.005", "T1078.004", "T1550.001"],
  controls: {
    owaspNhi: ["NHI2:2025", "NHI4:2025"],
    owaspAsi: ["ASI03"],
    nistCsf: ["DE.CM-03", "DE.AE-02"],
    nistAiRmf: ["MEASURE 2.7", "MANAGE 4.1"],
    maestro: ["L4 Deployment and Infrastructure", "L6 Security and Compliance"],
  },
  watches: [calls(...tellingApis)],
  falsePositives: [
    "An instance that reaches AWS through two gateways of different providers",
    "VPC endpoints that a central network account owns: declare the account of the deployment or as thirdParty",
    "Somebody debugs on their own machine with credentials copied from an instance",
  ],
  triage: [
    "Compare the addresses with those of the instance, of its NAT gateway and of your VPN",
    "Revoke the role's sessions by their issue time; the workload fetches new credentials by itself",
    "Look how the credentials got out: IMDSv1 and a forged request, a shell, a log that prints the environment",
  ],
  references: [
    "https://stratus-red-team.cloud/attack-techniques/AWS/aws.credential-access.ec2-steal-instance-credentials/",
    "https://hackingthe.cloud/aws/avoiding-detection/steal-keys-undetected/",
    "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-iam.html",
  ],
  // Credentials of an instance live for about six hours.
  size: 12 * 3_600_000,
  wants: () => [],
  marks({ event, registry }) {
    if (event.kind !== "api-call" || event.principal.invokedBy !== undefined) return [];
    const thing = thingOf(event);
    if (thing === undefined) return [];
    const place = placeOf(event);
    const client = claimedClient(event);
    const wrong = foreignEndpoint(place, event, registry) ?? contradiction(client, thing.kind) ?? "";
    // A function's public addresses are AWS's and change: only what is wrong by itself counts.
    if (wrong === "" && (thing.kind !== "instance" || place.kind !== "network")) return [];
    const member = credentialMark({
      key: event.principal.accessKeyId ?? "",
      place: place.kind === "network" ? place.block : place.kind === "endpoint" ? `endpoint ${place.id}` : "",
      client: `${client.family} ${client.os}`.trim(),
      region: "",
      wrong,
    });
    return [{ subject: thing.id, member }];
  },
  begins: () => true,
  judge: judged,
});

interface Thing {
  readonly kind: "instance" | "function" | "other";
  readonly id: string;
}

/** What AWS says it gave the credentials to: no name that the caller chose counts. */
function thingOf({ principal }: ApiCall): Thing | undefined {
  if (principal.kind !== "assumed-role") return undefined;
  const { inScopeOf, ec2RoleDelivery, name } = principal.session;
  if (inScopeOf !== undefined) {
    const id = inScopeOf.credentialsIssuedTo;
    if (inScopeOf.issuerType === "AWS::EC2::Instance")
      return { kind: "instance", id: instanceIn(id, principal.account) };
    return { kind: inScopeOf.issuerType === "AWS::Lambda::Function" ? "function" : "other", id };
  }
  return ec2RoleDelivery !== undefined && conventionOf(name) === "ec2"
    ? { kind: "instance", id: `${principal.account ?? ""}/${name}` }
    : undefined;
}

/** One name, whether AWS wrote an ARN or only the session's name. */
function instanceIn(scope: string, account = ""): string {
  const arn = parseArn(scope);
  return arn === undefined ? `${account}/${scope}` : `${arn.account}/${arn.resource.split("/").at(-1)}`;
}

/** AWS writes whose VPC endpoint a call came through ("CloudTrail record contents": `vpcEndpointAccountId`). */
function foreignEndpoint(place: CallPlace, { principal }: ApiCall, registry: Registry): string | undefined {
  if (place.kind !== "endpoint" || place.owner === undefined || place.owner === principal.account) return undefined;
  return accountOfRegistry(place.owner, registry) === undefined
    ? `came through a VPC endpoint of account ${place.owner}`
    : undefined;
}

/** What the client says of itself cannot be true of the workload. */
function contradiction({ os, hacking }: ClaimedClient, kind: Thing["kind"]): string | undefined {
  if (hacking) return `${hint} runs a Linux made for breaking in`;
  if (os === "macos" && kind !== "instance") return `${hint} runs macOS`;
  return os === "windows" && kind === "function" ? `${hint} runs Windows` : undefined;
}

const hint = "says of itself that it";

interface Use {
  readonly mark: Mark;
  readonly use: CredentialMark;
}

function judged({ subject, marks }: Span): WindowDetection | undefined {
  const uses = marks
    .toSorted((a, b) => a.at - b.at || (a.eventID < b.eventID ? -1 : 1))
    .flatMap((mark): readonly Use[] => {
      const use = credentialMarkOf(mark.member);
      return use === undefined ? [] : [{ mark, use }];
    });
  const wrong = uses.filter(({ use }) => use.wrong !== "");
  // The same key in two networks: an instance that starts again elsewhere gets a new one.
  const roaming = [...Map.groupBy(uses, ({ use }) => use.key).values()].find(
    (some) =>
      distinctOf(
        some.map(({ use }) => use),
        "place",
      ).length > 1,
  );
  const rests = wrong.length > 0 ? wrong : (roaming ?? []);
  const [first, ...rest] = rests;
  if (first === undefined) return undefined;
  const places = distinctOf(
    rests.map(({ use }) => use),
    "place",
  );
  const onlyHints = wrong.length > 0 && wrong.every(({ use }) => use.wrong.startsWith(hint));
  const declared = first.mark.by?.workload;
  return {
    title:
      wrong.length > 0
        ? `Credentials of ${declared ?? "a workload"} are used by something that ${first.use.wrong}`
        : `Credentials of ${declared ?? "an instance"} are used from ${places.length} networks`,
    severity: declared !== undefined && !onlyHints ? "high" : "medium",
    confidence: onlyHints ? "low" : "medium",
    ...(isArn(subject) ? { resource: subject } : {}),
    evidence: [
      { kind: "count", what: "places of the same credentials", count: places.length, limit: 1 },
      ...rests.slice(0, 5).map(
        ({ mark, use }): Evidence => ({
          kind: "field",
          eventID: mark.eventID,
          path: use.wrong.startsWith(hint) ? "userAgent" : "sourceIPAddress",
          value: excerpt(use.wrong === "" ? use.place : use.wrong),
        }),
      ),
    ],
    marks: [first.mark, ...rest.map(({ mark }) => mark)],
  };
}
