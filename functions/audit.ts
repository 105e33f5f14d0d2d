import middy from "@middy/core";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { Fault } from "../core/fault.ts";
import { type Audited, type AuditPorts, audit } from "../core/flow/audit.ts";
import type { Message } from "../core/flow/live/messages.ts";

/** Where log lines go; each is one JSON object and never holds event text. */
export type Log = (line: Readonly<Record<string, string | number>>) => void;

const toStandardOutput: Log = (line) => console.log(JSON.stringify(line));

/**
 * The audit function: an SQS batch of EventBridge envelopes in, the ids of the messages that must come again out. Its
 * rights are reading facts and appending to the ledger. Adapters are given by whoever composes it.
 */
export function auditHandler(ports: AuditPorts, log: Log = toStandardOutput) {
  return middy<SQSEvent, SQSBatchResponse>({ timeoutEarlyInMillis: 0 }).handler(async (event) => ({
    batchItemFailures: await failuresOf(event.Records, ports, log),
  }));
}

type Failures = SQSBatchResponse["batchItemFailures"];

/** The whole batch at once; if that fails, one by one, so that one bad message does not hold its neighbours back. */
async function failuresOf(records: readonly SQSRecord[], ports: AuditPorts, log: Log): Promise<Failures> {
  try {
    report(await audit(records.map(messageOf), ports), log);
    return [];
  } catch (cause) {
    if (records.length === 1) return [failed(records[0]?.messageId ?? "", cause, log)];
  }
  const failures: Failures = [];
  for (const record of records) failures.push(...(await failuresOf([record], ports, log)));
  return failures;
}

const messageOf = ({ messageId, body }: SQSRecord): Message => ({ id: messageId, body });

function failed(itemIdentifier: string, cause: unknown, log: Log): Failures[number] {
  const code = cause instanceof Fault ? cause.code : "bug";
  log({
    level: "error",
    step: "failed",
    message: itemIdentifier,
    code,
    error: cause instanceof Error ? cause.name : "unknown",
  });
  return { itemIdentifier };
}

function report({ dispositions, settlement, reconsidered, merges, crowded, blind }: Audited, log: Log): void {
  let filtered = 0;
  for (const one of dispositions) {
    if (one.kind === "filtered") filtered++;
    else if (one.kind === "parked") log({ level: "warn", step: "parked", message: one.message, reason: one.reason });
  }
  // Where the fact's name is foreign text only the reason is said.
  if (blind.length > 0) log({ level: "warn", step: "blind", facts: blind.length });
  if (crowded > 0) log({ level: "warn", step: "crowded", records: crowded });
  for (const { from, into, findingIds, left } of merges)
    log({ level: "info", step: "merged", caseId: into, from, findings: findingIds.length, left });
  for (const { caseId, findingId, kind, would } of [...settlement.decisions, ...(reconsidered?.decisions ?? [])])
    log({ level: "info", step: "decided", caseId, findingId, kind, would });
  log({ level: "info", step: "batch", messages: dispositions.length, filtered, findings: settlement.findings.length });
}
