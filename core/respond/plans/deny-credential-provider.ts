import { isObject, text } from "../../event/json.ts";
import { parseArn } from "../../iam/arn.ts";
import { inlineDeny } from "../inline-deny.ts";
import { type PlanRequest, refused } from "../planned.ts";
import { definePlanner, drafted } from "../planner.ts";
import type { Slot } from "../slot.ts";
import { heldIn } from "../snapshot.ts";

/** What gives out tokens and keys of a credential provider (Service Authorization Reference, bedrock-agentcore). */
const vending = ["bedrock-agentcore:GetResourceApiKey", "bedrock-agentcore:GetResourceOauth2Token"];

/**
 * Lets a workload get no more tokens from credential providers of AgentCore Identity. The provider itself is never
 * deleted: its secret would be lost, and the tokens that it has given out would live on all the same.
 */
export const denyCredentialProvider = definePlanner({
  id: "deny-credential-provider",
  title: "Let a workload get no more tokens from a credential provider",
  target: "the ARN of the workload's role",
  only: "the providers' ARNs",
  classes: ["agent", "orchestration"],
  families: ["ai-abuse", "secret-sprawl", "privilege-drift", "identity", "exposure", "external", "custom"],
  sets: [
    { slot: "inline-policy", to: ["a Deny of GetResourceOauth2Token and GetResourceApiKey on the providers"], tier: 2 },
  ],
  sideEffects: ["the workload can call nothing any more that needs a token of these providers"],
  notStopped: [
    "tokens and keys that were given out stay valid until they expire or are revoked where they were issued",
  ],
  undo: "the policy that was written is deleted, if it still says what was written",
  reads: ({ only }) => (only ?? []).map(providerOf),
  draft(request) {
    const { only } = request.action;
    if (only === undefined || only.some((arn) => parseArn(arn)?.service !== "bedrock-agentcore"))
      return refused("it does not say which credential provider");
    const step = inlineDeny(request, {
      name: "provider",
      actions: vending,
      resources: only,
      does: `lets it get no more tokens from ${only.map(nameOf).join(", ")}`,
    });
    if (!("change" in step)) return step;
    return { ...drafted(step), notStopped: only.map((arn) => vended(request, arn)) };
  },
});

const providerOf = (arn: string): Slot => ({ kind: "credential-provider", arn });

const nameOf = (arn: string): string => arn.split("/").at(-1) ?? arn;

/** Where the tokens of a provider are revoked, as far as its configuration says who issues them. */
function vended(request: PlanRequest, arn: string): string {
  const known = heldIn(request.snapshot, providerOf(arn));
  const vendor = isObject(known) ? text(known["credentialProviderVendor"]) : "";
  const key = parseArn(arn)?.resource.includes("apikeycredentialprovider") === true;
  const issuer = vendor === "" ? "whoever issues them" : vendor.replace(/Oauth2$/, "");
  return key
    ? `the API key of ${nameOf(arn)} stays valid: make a new one at ${issuer} and revoke the old`
    : `tokens that ${nameOf(arn)} has given out stay valid: revoke the grants of its client at ${issuer}, and change the client's secret`;
}
