import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readCaller } from "../../../adapters/aws/caller.ts";
import { lookupReader } from "../../../adapters/aws/cloudtrail-lookup.ts";
import { pullClients } from "../../../adapters/aws/pull-clients.ts";
import { listTrail, trailReader } from "../../../adapters/aws/trail-bucket.ts";
import { parsePlace } from "../../../core/flow/pull/trail-layout.ts";
import { account, at, logKey, virtualTime } from "./fake-aws.ts";

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

let server: Server;
let requests: { readonly url: string; readonly body: string; readonly signed: boolean }[] = [];
let reply: (request: IncomingMessage, body: string, count: number) => Reply;

beforeEach(async () => {
  requests = [];
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    requests.push({
      url: request.url ?? "",
      body,
      signed: request.headers.authorization?.startsWith("AWS4-HMAC-SHA256") === true,
    });
    const { status, type, body: answer } = reply(request, body, requests.length);
    response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(answer) }).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${port}`);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
  vi.stubEnv("AWS_CONFIG_FILE", "/nonexistent");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent");
  vi.stubEnv("AWS_REGION", undefined);
  vi.stubEnv("AWS_DEFAULT_REGION", undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const json = (value: object, status = 200): Reply => ({
  status,
  type: "application/x-amz-json-1.1",
  body: JSON.stringify(value),
});
const xml = (body: string, status = 200): Reply => ({ status, type: "text/xml", body: `<?xml version="1.0"?>${body}` });

/** The real SDK over HTTP to a server of this test: what is faked is AWS, not the client. */
describe("the SDK's clients on the wire", () => {
  test("take the Region from the flag, then the environment, else have none and send nothing", async () => {
    expect((await pullClients("eu-west-2")).region).toBe("eu-west-2");
    expect((await pullClients(undefined)).region).toBeUndefined();
    vi.stubEnv("AWS_REGION", "eu-central-1");
    expect((await pullClients(undefined)).region).toBe("eu-central-1");
    expect(requests).toEqual([]);
  });

  test("ask who the caller is, signed", async () => {
    const arn = `arn:aws-us-gov:iam::${account}:user/reader`;
    reply = () =>
      xml(
        `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${arn}</Arn><UserId>x</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
    const clients = await pullClients("us-gov-west-1");
    const { sleep } = virtualTime(at("2026-11-20T04:30:00Z"));
    expect(await readCaller(await clients.caller(), sleep)).toEqual({
      kind: "signed-in",
      account,
      arn,
      partition: "aws-us-gov",
    });
    expect(requests[0]).toMatchObject({ signed: true, body: expect.stringContaining("Action=GetCallerIdentity") });
  });

  test("look up events; throttling is waited out here, never by the SDK behind our back", async () => {
    const record = '{"eventID":"a","eventTime":"2026-11-20T02:00:01Z"}';
    reply = (_request, _body, count) =>
      count < 3
        ? json({ __type: "ThrottlingException", message: "Rate exceeded" }, 400)
        : json({ Events: [{ EventId: "a", EventTime: 1_795_140_001, CloudTrailEvent: record }], NextToken: "t" });
    const time = virtualTime(at("2026-11-20T04:30:00Z"));
    const reader = lookupReader((await pullClients("eu-west-1")).lookup, time.clock, time.sleep);
    const window = {
      region: "eu-west-1",
      from: at("2026-11-20T02:00:00Z"),
      to: at("2026-11-20T02:59:59Z"),
      settled: true,
    };
    expect(await reader.page(window, undefined)).toEqual({
      kind: "page",
      records: [record],
      oldest: at("2026-11-20T02:00:01Z"),
      next: "t",
    });
    expect(requests).toHaveLength(3);
    expect(time.slept).toEqual([500, 1000]);
    expect(JSON.parse(requests[0]?.body ?? "")).toEqual({
      StartTime: 1_795_140_000,
      EndTime: 1_795_143_599,
      MaxResults: 50,
    });
    reply = () => json({ __type: "InvalidNextTokenException", message: "Invalid token" }, 400);
    expect(await reader.page(window, "old")).toEqual({ kind: "token-refused" });
    reply = () => json({ __type: "AccessDeniedException", message: "User is not authorized" }, 400);
    await expect(reader.page(window, undefined)).rejects.toMatchObject({ code: "denied" });
  });

  test("list and read a bucket, and tell denied from gone", async () => {
    const key = logKey("2026/11/20", "0210", "Aa00000000000001");
    const folders = (...names: readonly string[]): string =>
      names.map((name) => `<CommonPrefixes><Prefix>${name}</Prefix></CommonPrefixes>`).join("");
    reply = (request) => {
      const url = new URL(request.url ?? "", "http://localhost");
      const prefix = url.searchParams.get("prefix") ?? "";
      if (url.searchParams.get("list-type") !== "2")
        return { status: 200, type: "application/gzip", body: "0123456789" };
      const inside = prefix.endsWith("AWSLogs/")
        ? folders(`AWSLogs/${account}/`)
        : prefix.endsWith("CloudTrail/")
          ? folders(`AWSLogs/${account}/CloudTrail/eu-west-1/`)
          : `<Contents><Key>${key}</Key><Size>10</Size><ETag>&quot;e&quot;</ETag></Contents>`;
      return xml(`<ListBucketResult><IsTruncated>false</IsTruncated>${inside}</ListBucketResult>`);
    };
    const parsed = parsePlace("s3://acme-trail");
    if (!parsed.ok) throw new Error(parsed.because);
    const client = await (await pullClients("eu-west-1")).bucket();
    const bucket = { client, place: parsed.place, partition: "aws", sleep: async () => {} };
    const wanted = { days: ["2026/11/20"], since: at("2026-11-20T02:00:00Z"), accounts: [], regions: [] };
    const { objects } = await listTrail(bucket, wanted);
    expect(objects).toMatchObject([{ key, size: 10, etag: '"e"' }]);
    const [object] = objects;
    if (object === undefined) throw new Error("nothing listed");
    const reader = trailReader(bucket);
    let text = "";
    for await (const chunk of await reader.read(object)) text += Buffer.from(chunk).toString();
    expect(text).toBe("0123456789");
    reply = () => xml("<Error><Code>AccessDenied</Code><Message>no</Message></Error>", 403);
    await expect(reader.read(object)).rejects.toMatchObject({ code: "denied" });
    reply = () => xml("<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>", 404);
    await expect(reader.read(object)).rejects.toMatchObject({ code: "not-found" });
    reply = () => xml("<Error><Code>PreconditionFailed</Code><Message>other</Message></Error>", 412);
    await expect(reader.read(object)).rejects.toMatchObject({ code: "conflict" });
    const before = requests.length;
    reply = (_request, _body, count) =>
      count - before < 4
        ? xml("<Error><Code>SlowDown</Code></Error>", 503)
        : { status: 200, type: "application/gzip", body: "x" };
    await reader.read(object);
    expect(requests.length - before).toBe(4);
  });
});
