import { parseArn } from "../../iam/arn.ts";
import { inlineDeny } from "../inline-deny.ts";
import { refused } from "../planned.ts";
import { definePlanner, drafted, setting } from "../planner.ts";
import type { Slot } from "../slot.ts";
import { stillGoingInPart } from "../still-going.ts";

/**
 * Halts one Lambda function and denies everything to the sessions that Lambda opens for it: Lambda names them after the
 * function. Functions that share the role go on.
 */
export const containFunction = definePlanner({
  id: "contain-function",
  title: "Halt one Lambda function, and deny everything to its sessions",
  target: "the ARN of the function's execution role",
  only: "the function's ARN, without version or alias",
  classes: ["agent", "model-serving", "vector-store", "orchestration", "pipeline"],
  sets: [
    { slot: "inline-policy", to: ["a Deny for aws:userid"], tier: 2 },
    { slot: "function-concurrency", to: ["0"], tier: 2 },
  ],
  sideEffects: [
    "every call of the function is throttled: a function on a request path is an outage, queues and streams before it fill up",
    "asynchronous events that are waiting are dropped when they are too old",
  ],
  notStopped: ["an invocation that runs goes on to its end, without AWS calls", ...stillGoingInPart],
  undo: "the reserved concurrency is set back to what it was, none included, and the policy is deleted",
  reads: ({ only }) => (only === undefined ? [] : [concurrencyOf(only[0])]),
  draft(request) {
    const { action, snapshot } = request;
    const [functionArn] = action.only ?? [];
    const fields = parseArn(functionArn ?? "");
    const [kind, name, ...rest] = fields?.resource.split(":") ?? [];
    if (
      functionArn === undefined ||
      fields?.service !== "lambda" ||
      kind !== "function" ||
      name === undefined ||
      rest.length > 0
    )
      return refused("it does not name one function");
    if (fields.account !== snapshot.target.account) return refused("the function is in another account");
    const deny = inlineDeny(request, {
      name: "function",
      actions: "*",
      condition: { StringEquals: { "aws:userid": `${snapshot.target.id}:${name}` } },
      does: `denies everything to the sessions of the function ${name}`,
    });
    if (!("change" in deny)) return deny;
    const halt = setting(request, concurrencyOf(functionArn), 0);
    return drafted(deny, {
      change: halt,
      tier: 2,
      does: `halts the function ${name}: its reserved concurrency becomes 0`,
    });
  },
});

const concurrencyOf = (functionArn: string): Slot => ({ kind: "function-concurrency", functionArn });
