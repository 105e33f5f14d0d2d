import { memoryLedger } from "../../../adapters/memory/ledger.ts";
import { memorySessions } from "../../../adapters/memory/sessions.ts";
import { memoryWaiting } from "../../../adapters/memory/waiting.ts";
import { audit } from "../../../core/flow/audit.ts";
import type { WaitingStore } from "../../../core/flow/live/waiting-store.ts";
import { replayChain } from "../../../core/flow/record.ts";
import type { SessionStore } from "../../../core/identity/lineage/session-store.ts";
import { caseMembers } from "../../../core/record/case-members.ts";
import type { Ledger } from "../../../core/record/ledger.ts";
import { roleArn } from "../../fixtures/incident.ts";
import {
  account,
  eventId,
  fromServiceAccount,
  type RecordObject,
  record,
  region,
  secondsAfter,
} from "../../fixtures/records.ts";
import { entriesOf, messageOf, portsOf, remembering } from "./live.ts";

/** Somebody stops a trail; the number tells the calls apart. */
export const stops = (userIdentity: RecordObject, number: number, over: RecordObject = {}): RecordObject =>
  record({
    userIdentity: userIdentity as never,
    readOnly: false,
    eventSource: "cloudtrail.amazonaws.com",
    eventName: "StopLogging",
    requestParameters: { name: `arn:aws:cloudtrail:${region}:${account}:trail/t${number}` },
    eventID: eventId(number),
    eventTime: secondsAfter(number),
    ...over,
  });

/** A pod asks for a session of role `a`: AWS names the pod's service account. */
export const asks = (key: string, number: number): RecordObject =>
  fromServiceAccount({
    requestParameters: { roleArn: roleArn("a"), roleSessionName: "s" },
    responseElements: {
      subjectFromWebIdentityToken: "system:serviceaccount:bots:support-bot",
      credentials: { accessKeyId: key, sessionToken: "opaque", expiration: "Jan 31, 2026, 1:00:00 PM" },
    },
    eventID: eventId(number),
    eventTime: secondsAfter(0),
  });
/** The line as it stands after several batches, each by a process that knows nothing of the others. */
export function line(
  over: { readonly ledger?: Ledger; readonly waiting?: WaitingStore; readonly store?: SessionStore } = {},
) {
  const { ledger = memoryLedger(), waiting = memoryWaiting(), store = memorySessions() } = over;
  const batch = (records: readonly RecordObject[], more: Parameters<typeof portsOf>[0] = {}) =>
    audit(
      records.map((one) => messageOf(one)),
      portsOf({ sessions: remembering(store), waiting, ledger, ...more }),
    );
  const steps = async (kind: string) =>
    (await entriesOf(ledger)).flatMap(({ step }) => (step.kind === kind ? [step] : []));
  const members = async (caseId: string) => {
    const entries = (await entriesOf(ledger)).filter((entry) => entry.chain === replayChain);
    return [...caseMembers(caseId, entries).findings];
  };
  return { batch, steps, members, ledger, waiting, store };
}
