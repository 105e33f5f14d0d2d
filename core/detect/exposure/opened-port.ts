import type { ApiCall } from "../../event/event.ts";
import { at, fields, type Json, type JsonObject, list, text } from "../../event/json.ts";

/** A rule of a security group that lets in everybody. */
export interface OpenedRule {
  readonly from: number;
  readonly to: number;
  readonly everything: boolean;
  readonly cidr: string;
}

const many = (value: Json | undefined): readonly JsonObject[] =>
  (Array.isArray(value) ? list(value) : [value]).map(fields).filter((one) => Object.keys(one).length > 0);

/** The rules for traffic coming in that a call adds, as far as they are for everybody (EC2 API, "IpPermission"). */
export function openedRules({ api, request }: ApiCall): readonly OpenedRule[] {
  if (api === "ec2:ModifySecurityGroupRules") return modified(request);
  const permissions = many(at(request, "ipPermissions", "items"));
  // The short form has one rule in the request itself.
  const short = text(request["cidrIp"]) === "" ? [] : [request];
  return [...permissions, ...short].flatMap((one) =>
    [
      text(one["cidrIp"]),
      ...many(at(one, "ipRanges", "items")).map((range) => text(range["cidrIp"])),
      ...many(at(one, "ipv6Ranges", "items")).map((range) => text(range["cidrIpv6"])),
    ]
      .filter(isEverywhere)
      .map((cidr) => ruleOf(one["ipProtocol"], one["fromPort"], one["toPort"], cidr)),
  );
}

function modified(request: JsonObject): readonly OpenedRule[] {
  const rules = many(at(request, "ModifySecurityGroupRulesRequest", "SecurityGroupRule"));
  return rules
    .map((one) => fields(one["SecurityGroupRule"]))
    .flatMap((one) =>
      [text(one["CidrIpv4"]), text(one["CidrIpv6"])]
        .filter(isEverywhere)
        .map((cidr) => ruleOf(one["IpProtocol"], one["FromPort"], one["ToPort"], cidr)),
    );
}

/** Protocol -1 is all of them, and ports do not count then. */
function ruleOf(protocol: Json | undefined, from: Json | undefined, to: Json | undefined, cidr: string): OpenedRule {
  const everything = String(protocol) === "-1" || from === undefined || from === null || Number(from) === -1;
  const first = everything ? 0 : Number(from);
  return { from: first, to: everything ? 65_535 : Number(to ?? from), everything, cidr };
}

/** Ports of what manages machines, holds data or serves models, none of which asks everybody in (IANA, and each maker's manual). */
const guarded: readonly (readonly [port: number, what: string])[] = [
  [22, "SSH"],
  [23, "Telnet"],
  [3389, "Remote Desktop"],
  [5900, "VNC"],
  [5985, "Windows Remote Management"],
  [5986, "Windows Remote Management"],
  [2375, "Docker"],
  [2376, "Docker"],
  [2379, "etcd"],
  [6443, "Kubernetes"],
  [10250, "kubelet"],
  [1433, "SQL Server"],
  [1521, "Oracle"],
  [3306, "MySQL"],
  [5432, "PostgreSQL"],
  [5439, "Redshift"],
  [6379, "Redis"],
  [9200, "OpenSearch"],
  [11211, "Memcached"],
  [27017, "MongoDB"],
  [6006, "TensorBoard"],
  [6333, "Qdrant"],
  [8265, "Ray"],
  [8888, "Jupyter"],
  [11434, "Ollama"],
  [19530, "Milvus"],
];

/** What a rule opens that is never for everybody; beyond a few hundred ports a range is as good as all. */
export function guardedIn({ from, to, everything }: OpenedRule): readonly string[] {
  if (everything || to - from >= wide) return ["every port"];
  return [
    ...new Set(guarded.filter(([port]) => from <= port && port <= to).map(([port, what]) => `${what} (${port})`)),
  ];
}

const wide = 1_000;

/** Half of all addresses is as good as all: two such ranges make the whole. */
export function isEverywhere(cidr: string): boolean {
  const length = Number(cidr.slice(cidr.indexOf("/") + 1));
  return cidr.includes("/") && Number.isInteger(length) && length >= 0 && length <= 7;
}
