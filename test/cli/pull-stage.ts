import { type PullOptions, pull } from "../../cli/pull.ts";
import { at, fakeBucket, fakeCaller, fakeHistory, logFile, logKey, virtualTime } from "../adapters/aws/fake-aws.ts";

const now = at("2026-11-20T04:30:00Z");
export const keys = Array.from({ length: 5 }, (_, n) => logKey("2026/11/20", "0210", `Aa0000000000000${n}`));
export const objects = () => new Map(keys.map((key, n) => [key, logFile(`id-${n}`)]));
const events = [{ id: "id-0", time: at("2026-11-20T03:05:00Z") }];

export interface Staged {
  readonly caller?: ReturnType<typeof fakeCaller>;
  readonly bucket?: ReturnType<typeof fakeBucket>;
  readonly history?: ReturnType<typeof fakeHistory>;
  readonly region?: string | undefined;
  readonly answer?: string;
  /** The number of "shall I stop" questions answered with no. */
  readonly patience?: number;
}

/** A pull on a stage: faked AWS, virtual time, and everything that was said, asked and sent. */
export function stage(set: Staged) {
  const out: string[] = [];
  const err: string[] = [];
  const asked: string[] = [];
  const bars: { readonly total: number; readonly done: number; readonly ended: boolean }[] = [];
  const time = virtualTime(now);
  const caller = set.caller ?? fakeCaller();
  const bucket = set.bucket ?? fakeBucket(objects());
  const history = set.history ?? fakeHistory(events);
  let patience = set.patience ?? Number.POSITIVE_INFINITY;
  const world = {
    terminal: {
      out: (line: string) => void out.push(line),
      err: (line: string) => void err.push(line),
      interactive: false,
      columns: 100,
    },
    ...time,
    stopping: () => {
      patience -= 1;
      return patience < 0;
    },
    clients: async (given: string | undefined) => ({
      region: given ?? ("region" in set ? set.region : "eu-west-1"),
      caller: async () => caller.client,
      bucket: async () => bucket.client,
      lookup: async () => history.client,
    }),
    ask: async (question: string) => {
      asked.push(question);
      return set.answer;
    },
    bar: async (total: number) => {
      const bar = { total, done: 0, ended: false };
      bars.push(bar);
      return {
        advance: (by: number) => {
          bar.done += by;
        },
        end: () => {
          bar.ended = true;
        },
      };
    },
  };
  const run = (options: Partial<PullOptions>) => pull({ since: "3h", output: "pulled", ...options }, world);
  const calls = () => caller.sent.length + bucket.sent.length + history.sent.length;
  return { run, out, err, asked, bars, caller, bucket, history, calls };
}

export const bucketUrl = { bucket: "s3://acme-trail" };
