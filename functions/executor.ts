import middy from "@middy/core";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { instant } from "../core/event/instant.ts";
import type { JsonObject } from "../core/event/json.ts";
import { Fault } from "../core/fault.ts";
import type { Clock } from "../core/flow/clock.ts";
import { type ExecutorMessage, readExecutorMessage } from "../core/flow/executor-message.ts";
import type { Later } from "../core/flow/later.ts";

/** Where log lines go; each is one JSON object and never holds foreign text. */
export type Log = (line: Readonly<Record<string, string | number>>) => void;

/** How one message came out: `again` keeps it in the queue. */
export interface Worked {
  readonly kind: "done" | "again";
  readonly step: string;
  readonly caseId?: string;
  readonly run: string;
}

/** Does what one message says; undefined when the message is not for this function. */
export type Work = (message: ExecutorMessage) => Promise<Worked> | undefined;

/** What waits for people is looked at again so often, in milliseconds: an approval sends no message. */
export const waitEvery = 60_000;

/** Leaves a message for later and frees the principal: an approval may take hours, and others work on it meanwhile. */
export async function comeBack(
  { run, message }: { readonly run: string; readonly message: JsonObject },
  { later, clock }: { readonly later: Later; readonly clock: Clock },
): Promise<void> {
  const at = (Math.floor(clock.now() / waitEvery) + 1) * waitEvery;
  await later.schedule(`${message["kind"]} ${run} at ${at}`, instant(at), message);
}

const toStandardOutput: Log = (line) => console.log(JSON.stringify(line));

/**
 * A function that works on principals: an SQS FIFO batch in, the ids of the messages that must come again out. Messages of
 * one principal are one group; after one that must come again the rest of its group waits, and other groups go on.
 */
export function executorHandler(work: Work, log: Log = toStandardOutput) {
  return middy<SQSEvent, SQSBatchResponse>({ timeoutEarlyInMillis: 0 }).handler(async (event) => {
    const held = new Set<string>();
    const failed: SQSBatchResponse["batchItemFailures"] = [];
    for (const record of event.Records) {
      const group = record.attributes.MessageGroupId ?? record.messageId;
      if (!held.has(group) && (await isDone(record, work, log))) continue;
      held.add(group);
      failed.push({ itemIdentifier: record.messageId });
    }
    return { batchItemFailures: failed };
  });
}

/** A message that cannot be read, or is another function's, comes again until the queue parks it with its whole body. */
async function isDone({ messageId, body }: SQSRecord, work: Work, log: Log): Promise<boolean> {
  const message = readExecutorMessage(body);
  const working = message === undefined ? undefined : work(message);
  if (working === undefined) {
    log({ level: "error", step: message === undefined ? "unreadable" : "misrouted", message: messageId });
    return false;
  }
  try {
    const { kind, step, run, caseId } = await working;
    log({ level: "info", step, run, ...(caseId === undefined ? {} : { caseId }) });
    return kind === "done";
  } catch (cause) {
    const code = cause instanceof Fault ? cause.code : "bug";
    log({
      level: "error",
      step: "failed",
      message: messageId,
      code,
      error: cause instanceof Error ? cause.name : "unknown",
    });
    return false;
  }
}
