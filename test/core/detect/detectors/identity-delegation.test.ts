import { describe, expect, it } from "vitest";
import { identityDelegation } from "../../../../core/detect/detectors/identity-delegation.ts";
import { runDetector } from "../../../../core/detect/run.ts";
import { askRuntime, inRuntime, runtimeArn } from "../../../fixtures/agents.ts";
import { eventOf } from "../../../fixtures/read.ts";
import { account } from "../../../fixtures/records.ts";
import { attributionOf } from "../../identity/behind.ts";
import { registryFrom } from "../../identity/manifest/manifest-examples.ts";

const manifest = (name: string, selector: string, envelope: string): string => `apiVersion: cordon/v1
kind: Workload
metadata: { name: ${name}, owner: team }
spec:
  identifiedBy: [ ${selector} ]
  envelope: ${envelope}
`;
const role = `{ roleArn: "arn:aws:iam::${account}:role/planner-role" }`;
const runtime = `{ agentCoreRuntime: "${runtimeArn("mailer")}" }`;
const call = askRuntime(inRuntime("planner", 1), "mailer", 2);

function found(planner: string, mailer: string) {
  const registry = registryFrom(manifest("planner", role, planner), manifest("post", runtime, mailer));
  const workload = registry.named("planner");
  const seen = { event: eventOf(call), attribution: attributionOf(call, [], registry), registry, facts: new Map() };
  return runDetector(identityDelegation, { ...seen, ...(workload === undefined ? {} : { workload }) });
}

describe("an edge to a declared agent", () => {
  it("is graver when that agent may do more than the asker, and says what", () => {
    const [finding] = found(`{ models: ["anthropic.*"], mayInvoke: [] }`, `{ models: ["meta.*"] }`);
    expect(finding).toMatchObject({
      severity: "high",
      title: "planner asked the agent post, which its manifest does not name, and which may do more than it may itself",
    });
    expect(finding?.evidence.at(-1)).toEqual({ kind: "grant", action: "bedrock:InvokeModel", resource: "meta.*" });
  });

  it("is medium when it may do no more, and quiet when the manifest names it", () => {
    expect(found(`{ models: ["*"], mayInvoke: [] }`, `{ models: ["meta.*"] }`)).toMatchObject([{ severity: "medium" }]);
    expect(found(`{ mayInvoke: ["agent:post"] }`, `{ models: ["meta.*"] }`)).toEqual([]);
  });
});
