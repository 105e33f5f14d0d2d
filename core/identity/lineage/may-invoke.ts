import { writtenAs } from "../role-session.ts";
import type { Naming, Registry, Workload } from "../workload.ts";
import type { AskedKind } from "./delegation.ts";

/** What was asked, as a manifest's `mayInvoke` may write it. */
export interface Callee {
  readonly kind: "agent" | "gateway";
  /** Every name it goes by, the manifest's first. */
  readonly names: readonly [string, ...string[]];
  /** The manifest that declares what was asked. */
  readonly workload?: Workload;
}

/** What an ARN of this kind is called; nothing for what is no agent and no gateway. */
export function calleeOf(kind: AskedKind, asked: string, registry: Registry): Callee | undefined {
  const last = asked.slice(asked.lastIndexOf("/") + 1);
  switch (kind) {
    case "agent-runtime":
      return agent(withoutSuffix(last), registry.selecting("agentCoreRuntime", writtenAs(asked)));
    case "bedrock-agent":
      return agent([last], registry.selecting("bedrockAgent", writtenAs(asked)));
    case "gateway":
      return { kind: "gateway", names: withoutSuffix(last) };
    case "workload-identity": {
      // Identities are called as their owner likes; only a declared workload's own name says whose it is.
      const workload = registry.named(last);
      return workload?.status === "active" ? { kind: "agent", names: [last], workload } : undefined;
    }
    case "tool":
      return undefined;
  }
}

/** Whether the manifest lets its workload ask this. One without the list is not limited by it; itself it may always ask. */
export function mayInvoke({ name, envelope }: Workload, { kind, names, workload }: Callee): boolean {
  if (envelope.mayInvoke === undefined || workload?.name === name || names.includes(name)) return true;
  return envelope.mayInvoke.some((allowed) => {
    const [wanted, pattern = ""] = split(allowed);
    return wanted === kind && names.some((one) => matches(pattern, one));
  });
}

const agent = (names: Callee["names"], naming: Naming | undefined): Callee => ({
  kind: "agent",
  names: naming === undefined ? names : [naming.manifest.name, ...names],
  ...(naming === undefined ? {} : { workload: naming.manifest }),
});

/** AgentCore's ids are the name, a dash and ten characters of its own (AgentCore API reference, `agentRuntimeId`, `gatewayId`). */
const withoutSuffix = (id: string): Callee["names"] => {
  const name = /^(.+)-[A-Za-z0-9]{10}$/.exec(id)?.[1];
  return name === undefined ? [id] : [name, id];
};

const split = (allowed: string): readonly [kind: string, pattern?: string] => {
  const colon = allowed.indexOf(":");
  return [allowed.slice(0, colon), allowed.slice(colon + 1)];
};

const matches = (pattern: string, name: string): boolean =>
  pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
