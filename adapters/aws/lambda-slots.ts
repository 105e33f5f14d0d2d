import { parseArn } from "../../core/iam/arn.ts";
import { answered, isGone } from "./answered.ts";
import { calls } from "./lambda-slots.calls.ts";
import type { SlotReader, SlotWriter } from "./slot-seam.ts";

/** Reads a function's reserved concurrency; null is none, and 0 is halted. */
export const readLambda: SlotReader = (slot, { clients, session, ask }) => {
  if (slot.kind !== "function-concurrency") return undefined;
  const FunctionName = slot.functionArn;
  return (async () => {
    const { GetFunctionConcurrencyCommand } = await import("@aws-sdk/client-lambda");
    const lambda = await clients.lambda(session, regionOf(FunctionName));
    try {
      const answer = await ask("lambda:GetFunctionConcurrency", () =>
        lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })),
      );
      return answer.ReservedConcurrentExecutions ?? null;
    } catch (cause) {
      if (cause instanceof Error && isGone(cause.cause)) return null;
      throw cause;
    }
  })();
};

/** Sets a function's reserved concurrency, or takes the reservation away. */
export const writeLambda: SlotWriter = ({ slot, after }, { clients, session, account, partition }) => {
  if (slot.kind !== "function-concurrency" || !(after === null || typeof after === "number")) return undefined;
  const FunctionName = slot.functionArn;
  const region = regionOf(FunctionName);
  const [, put, remove] = calls;
  return (async () => {
    const { DeleteFunctionConcurrencyCommand, PutFunctionConcurrencyCommand } = await import("@aws-sdk/client-lambda");
    const lambda = await clients.lambda(session, region);
    const names = { account, partition, region };
    return after === null
      ? answered(() => lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName })), remove, names)
      : answered(
          () => lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: after })),
          put,
          names,
        );
  })();
};

const regionOf = (arn: string): string => parseArn(arn)?.region ?? "";
