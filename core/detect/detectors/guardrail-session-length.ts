import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Detector, Seen } from "../detector.ts";
import { type Fact, factKey } from "../facts/fact.ts";
import { fieldOf, guardRailDetector, type Weakened } from "../guard-rails/guard-rail.ts";
import { touchedBy } from "../touched.ts";

/** Finds roles and permission sets whose sessions may last longer than before. */
export const guardrailSessionLength = (iam: IamTables): Detector =>
  guardRailDetector(iam, {
    id: "guardrail-session-length",
    version: "1",
    title: "Sessions may last longer than before",
    maturity: "incubating",
    attack: ["T1098", "T1550.001"],
    controls: { owaspNhi: ["NHI7:2025"], nistCsf: ["PR.AA-05", "DE.CM-09"] },
    watches: [calls("iam:UpdateRole", "sso:CreatePermissionSet", "sso:UpdatePermissionSet")],
    falsePositives: ["A long training job or build cannot renew its credentials", "People ask to sign in once a day"],
    triage: [
      "Ask what runs longer than an hour and cannot ask for a new session",
      "If it is a workload, declare the length as envelope.session.maxSeconds in its manifest",
      "If nobody asked for it, set the former length again: a stolen session lives as long as the role allows",
    ],
    references: [
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html",
      "https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosessionduration.html",
      "https://hackingthe.cloud/aws/post_exploitation/role-chain-juggling/",
    ],
    wants: questions,
    weakenedBy: (call, seen) => (call.api === "iam:UpdateRole" ? ofRole(call, seen) : ofPermissionSet(call)),
  });

/** What IAM and Identity Center give where nobody asks for more (IAM API, "CreateRole"; Identity Center, "Set session duration"). */
const usual = 3_600;

function questions(call: ApiCall): readonly Fact[] {
  const arn = call.api === "iam:UpdateRole" && asked(call) !== undefined ? touchedBy(call)?.arn : undefined;
  return arn === undefined ? [] : [{ kind: "identity", arn, before: { at: call.at, id: call.id } }];
}

/** The seconds that an UpdateRole sets; nothing where it changes the description only. */
function asked({ request }: ApiCall): number | undefined {
  const given = Number(request["maxSessionDuration"] ?? Number.NaN);
  return Number.isFinite(given) ? given : undefined;
}

function ofRole(call: ApiCall, { facts, registry }: Seen): readonly Weakened[] {
  const seconds = asked(call);
  const touched = touchedBy(call);
  const [question] = questions(call);
  if (seconds === undefined || seconds <= usual || touched === undefined) return [];
  const answer = question === undefined ? undefined : facts.get(factKey(question));
  const identity = answer?.kind === "identity" ? answer.identity : undefined;
  const whole = identity?.extent === "whole" ? usual : undefined;
  const before = identity?.maxSessionSeconds ?? whole;
  if (before !== undefined && seconds <= before) return [];
  const owner = registry.byRole(identity?.arn ?? touched.arn ?? "");
  const promised = owner?.envelope.session?.maxSeconds;
  if (promised !== undefined && seconds <= promised) return [];
  const whose = owner === undefined ? "" : ` of ${owner.name}`;
  const length = `${hours(seconds)}${before === undefined ? "; how long before is not known" : `, before ${hours(before)}`}`;
  const limit = promised === undefined ? "" : `; its manifest promises ${hours(promised)}`;
  return [
    {
      did: `Sessions of role ${excerpt(touched.name)}${whose} may last ${length}${limit}`,
      tried: `let sessions of role ${excerpt(touched.name)} last ${hours(seconds)}`,
      severity: promised !== undefined ? "high" : before === undefined ? "low" : "medium",
      confidence: before === undefined && promised === undefined ? "low" : "high",
      ...(touched.arn === undefined ? {} : { resource: identity?.arn ?? touched.arn }),
      evidence: [
        fieldOf(call, touched.path, touched.name),
        { kind: "count", what: "seconds that a session may last", count: seconds, ...limitOf(promised ?? before) },
      ],
    },
  ];
}

function ofPermissionSet(call: ApiCall): readonly Weakened[] {
  const seconds = isoSeconds(text(call.request["sessionDuration"]));
  if (seconds === undefined || seconds <= usual) return [];
  const set = text(call.request["permissionSetArn"]) || text(call.request["name"]);
  return [
    {
      did: `Sessions of a permission set may last ${hours(seconds)}; how long before is not known`,
      tried: `let sessions of a permission set last ${hours(seconds)}`,
      severity: "low",
      confidence: "low",
      ...(set.startsWith("arn:") ? { resource: set } : {}),
      evidence: [
        fieldOf(call, "requestParameters.sessionDuration", call.request["sessionDuration"]),
        { kind: "count", what: "seconds that a session may last", count: seconds, limit: usual },
      ],
    },
  ];
}

const limitOf = (limit: number | undefined) => (limit === undefined ? {} : { limit });

/** `PT8H`, `PT1H30M`: the only parts that Identity Center takes. */
function isoSeconds(duration: string): number | undefined {
  const [, h, m, s] = /^PT(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,6})S)?$/.exec(duration) ?? [];
  if (h === undefined && m === undefined && s === undefined) return undefined;
  return Number(h ?? 0) * 3_600 + Number(m ?? 0) * 60 + Number(s ?? 0);
}

function hours(seconds: number): string {
  const count = Math.round(seconds / 360) / 10;
  return count === 1 ? "an hour" : `${count} hours`;
}
