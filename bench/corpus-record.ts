/** What a record is made of. Texts named `…Json` are JSON already; the others hold nothing that JSON must escape. */
export interface RecordParts {
  readonly identityJson: string;
  readonly time: string;
  readonly source: string;
  readonly name: string;
  readonly region: string;
  readonly address: string;
  readonly userAgent: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly requestJson: string;
  readonly responseJson: string;
  readonly additionalJson?: string;
  readonly requestId?: string;
  readonly eventId: string;
  readonly readOnly: boolean;
  readonly resourcesJson?: string;
  readonly eventType: "AwsApiCall" | "AwsServiceEvent" | "AwsConsoleSignIn";
  readonly apiVersion?: string;
  readonly management: boolean;
  readonly account: string;
  readonly sharedEventId?: string;
  readonly vpcEndpointId?: string;
  readonly serviceDetailsJson?: string;
  /** `false` where AWS itself called: such records have no TLS details. */
  readonly tls: boolean;
}

/** One record as CloudTrail writes it: minified, with CloudTrail's order of keys. */
export function recordText(parts: RecordParts): string {
  const { error, management } = parts;
  return (
    `{"eventVersion":"1.11","userIdentity":${parts.identityJson},"eventTime":"${parts.time}","eventSource":"${parts.source}",` +
    `"eventName":"${parts.name}","awsRegion":"${parts.region}","sourceIPAddress":"${parts.address}","userAgent":"${parts.userAgent}",` +
    (error === undefined ? "" : `"errorCode":"${error.code}","errorMessage":"${error.message}",`) +
    `"requestParameters":${parts.requestJson},"responseElements":${parts.responseJson},` +
    optional("additionalEventData", parts.additionalJson) +
    (parts.requestId === undefined ? "" : `"requestID":"${parts.requestId}",`) +
    `"eventID":"${parts.eventId}","readOnly":${parts.readOnly},` +
    optional("resources", parts.resourcesJson) +
    `"eventType":"${parts.eventType}",` +
    (parts.apiVersion === undefined ? "" : `"apiVersion":"${parts.apiVersion}",`) +
    `"managementEvent":${management},"recipientAccountId":"${parts.account}",` +
    (parts.sharedEventId === undefined ? "" : `"sharedEventID":"${parts.sharedEventId}",`) +
    optional("serviceEventDetails", parts.serviceDetailsJson) +
    (parts.vpcEndpointId === undefined
      ? ""
      : `"vpcEndpointId":"${parts.vpcEndpointId}","vpcEndpointAccountId":"${parts.account}",`) +
    `"eventCategory":"${management ? "Management" : "Data"}"` +
    (parts.tls
      ? `,"tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"${hostOf(parts.source, parts.region)}"}}`
      : "}")
  );
}

/** A log file's content: `{"Records":[…]}` without a line break. */
export const logFileText = (records: readonly string[]): string => `{"Records":[${records.join(",")}]}`;

/** Where CloudTrail would deliver a log file of this account, Region and time, below the bucket. */
export function logFilePath(account: string, region: string, at: number, unique: string): string {
  const time = new Date(at).toISOString();
  const day = time.slice(0, 10).replaceAll("-", "/");
  const stamp = `${time.slice(0, 10).replaceAll("-", "")}T${time.slice(11, 13)}${time.slice(14, 16)}Z`;
  return `AWSLogs/${account}/CloudTrail/${region}/${day}/${account}_CloudTrail_${region}_${stamp}_${unique}.json.gz`;
}

/** CloudTrail's own spelling of a time: whole seconds, UTC. */
export function eventTime(at: number): string {
  if (at === spelled.at) return spelled.text;
  spelled = { at, text: `${new Date(at).toISOString().slice(0, 19)}Z` };
  return spelled.text;
}

let spelled = { at: 0, text: "1970-01-01T00:00:00Z" };

/** How STS answers spell when a credential ends: `Nov 20, 2026, 3:12:45 AM`. */
export function expirationText(at: number): string {
  const date = new Date(at);
  const hour = date.getUTCHours();
  const two = (value: number): string => String(value).padStart(2, "0");
  const clock = `${hour % 12 === 0 ? 12 : hour % 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  const day = `${months[date.getUTCMonth()] ?? ""} ${date.getUTCDate()}, ${date.getUTCFullYear()}`;
  return `${day}, ${clock} ${hour < 12 ? "AM" : "PM"}`;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

const optional = (key: string, json: string | undefined): string => (json === undefined ? "" : `"${key}":${json},`);

const hostOf = (source: string, region: string): string =>
  source === "iam.amazonaws.com" ? source : `${source.slice(0, source.indexOf("."))}.${region}.amazonaws.com`;
