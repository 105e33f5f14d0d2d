import type { WorkloadClass } from "../../identity/workload.ts";
import type { CapacityUse } from "./suggest-envelope.ts";
import type { Suggested } from "./suggest-identity.ts";
import type { Use } from "./suggest-use.ts";

/** A class and the sign it is guessed by. */
export interface GuessedClass {
  readonly class: WorkloadClass;
  readonly because: string;
}

/** The class where one sign shows it; nothing otherwise, for a wrong class is worse than none. */
export function guessedClass(who: Suggested, use: Use, capacity: CapacityUse | undefined): GuessedClass | undefined {
  if (who.kind === "declared") {
    const { class: declared } = who.workload;
    return declared && { class: declared, because: "from the manifest" };
  }
  const { kind, value } = who.selector;
  switch (kind) {
    case "bedrockAgent":
    case "agentCoreRuntime":
      return { class: "agent", because: "guessed: it runs as an agent in Bedrock" };
    case "sagemaker":
      if (typeof value !== "string" && "endpoint" in value)
        return { class: "model-serving", because: "guessed: it serves an endpoint" };
      break;
    case "oidc":
      return uses(use, (action) => action.startsWith("cloudformation:") || /^iam:(?:Create|Put|Attach)/.test(action))
        ? { class: "deployment", because: "guessed: a pipeline's subject that makes stacks or roles" }
        : { class: "pipeline", because: "guessed: a pipeline's subject" };
    case "codeBuildProject":
    case "glueJob":
      return { class: "pipeline", because: "guessed: builds and jobs" };
  }
  if ((capacity?.families.size ?? 0) > 0 || uses(use, (action) => startsTraining.has(action)))
    return { class: "orchestration", because: "guessed: it starts accelerators or training jobs" };
  return use.models.size > 0
    ? { class: "agent", because: "guessed: it asks models; change it where no agent decides what to do" }
    : undefined;
}

const startsTraining: ReadonlySet<string> = new Set([
  "sagemaker:CreateTrainingJob",
  "sagemaker:CreateHyperParameterTuningJob",
  "bedrock:CreateModelCustomizationJob",
]);

const uses = ({ actions }: Use, wanted: (action: string) => boolean): boolean => [...actions.keys()].some(wanted);
