import { type ClientCategory, type ClientFamily, clientFamilies } from "./client-families.ts";
import { osOf, plain, runtimeOf } from "./client-platform.ts";
import { firstPart, readUserAgent, type UserAgent, type Word } from "./user-agent.ts";

/**
 * What a user agent claims to be. A hint, class inferred at best: the caller writes this text, and AWS passes it on. It
 * never says who called. Only {@link familyOf} may be shown; the other values are bounded and plain, and still foreign.
 */
export interface Client {
  readonly category: ClientCategory;
  /** A name from the table of families; the host of an AWS service; or the caller's own word when nothing is known. */
  readonly client?: string;
  readonly version?: string;
  readonly os?: string;
  /** Language and version: `python 3.11.6`. */
  readonly runtime?: string;
  /** The command that the AWS CLI says it ran: `s3.cp`. */
  readonly command?: string;
  /** The SDK or CLI beneath, when something else drives it: what Terraform or an agent calls with. */
  readonly tool?: string;
}

interface Hit {
  readonly rank: number;
  readonly family: ClientFamily;
  readonly word: Word;
}

const byMark: ReadonlyMap<string, { readonly rank: number; readonly family: ClientFamily }> = new Map(
  clientFamilies
    .flatMap((family) => family.marks.map((mark) => ({ mark, family })))
    .map(({ mark, family }, rank) => [mark, { rank, family }]),
);

const labels: ReadonlyMap<string, string> = new Map(clientFamilies.map(({ client, label }) => [client, label]));

/** Reads the `userAgent` of a record. Never throws; looks at no more than 1,024 characters. */
export function clientOf(userAgent: string): Client {
  const known = remembered.get(userAgent);
  if (known !== undefined) return known;
  const agent = readUserAgent(userAgent);
  const client = { ...named(agent), ...platform(agent) };
  if (userAgent.length > rememberedLongest) return client;
  if (remembered.size >= rememberedMost) remembered.clear();
  remembered.set(userAgent, client);
  return client;
}

/** Programs write the same text on every call. Bounded: the caller writes it. */
const remembered = new Map<string, Client>();
const rememberedMost = 512;
const rememberedLongest = 1_024;

/** The family of a client, in words of our own: the only thing of a user agent that may be printed. */
export function familyOf({ category, client = "" }: Client): string {
  if (category === "unknown") return "unknown client";
  return labels.get(client) ?? (category === "service" ? "AWS service" : "unknown client");
}

function named(agent: UserAgent): Client {
  const hits = agent.words.map(hitOf).filter((hit) => hit !== undefined);
  const best = first(hits);
  if (best === undefined) return awsOf(agent) ?? unknownOf(agent);
  const { client, category } = best.family;
  const version = versionOf(best, agent);
  const drives = category !== "sdk" && category !== "cli" && category !== "browser";
  const tool = drives
    ? first(hits.filter(({ family }) => family.category === "sdk" || family.category === "cli"))
    : undefined;
  return {
    category,
    client,
    ...(version !== undefined && { version }),
    ...(tool !== undefined && { tool: tool.family.client }),
  };
}

function hitOf(word: Word): Hit | undefined {
  // China's endpoints end in `.com.cn`; the names before it are the same.
  const found = byMark.get(word.key.endsWith(".amazonaws.com.cn") ? word.key.slice(0, -".cn".length) : word.key);
  return found && { ...found, word };
}

function first(hits: readonly Hit[]): Hit | undefined {
  let best: Hit | undefined;
  for (const hit of hits) if (best === undefined || hit.rank < best.rank) best = hit;
  return best;
}

function versionOf({ family, word }: Hit, { words }: UserAgent): string | undefined {
  if (family.versionIn === "last-part") return plain(word.value.split(/[#/]/).at(-1) ?? "");
  if (family.versionIn === "version-word") return plain(words.find((one) => one.key === "version")?.value ?? "");
  return plain(firstPart(word.value));
}

/** `AWS Internal`, and the bare host of a service or of its console. */
function awsOf({ words }: UserAgent): Client | undefined {
  const [one, two, ...more] = words;
  if (one === undefined || more.length > 0) return undefined;
  if (two !== undefined)
    return one.key === "aws" && two.key === "internal" ? { category: "console", client: "aws-internal" } : undefined;
  const host = plain(one.name)?.toLowerCase();
  if (host === undefined || host.length !== one.name.length || !/\.amazonaws\.com(?:\.cn)?$/.test(host))
    return undefined;
  // `signin` and `console` are the hosts that the console signs with (CloudTrail user guide, record contents).
  return host.startsWith("signin.") || host.split(".").includes("console")
    ? { category: "console", client: "aws-console" }
    : { category: "service", client: host };
}

/** A caller's own name, when it is written as a product and consists of plain characters. */
function unknownOf({ words }: UserAgent): Client {
  const product = words.find((word) => word.value !== "" && plain(word.name) === word.name);
  const version = product && plain(firstPart(product.value));
  return {
    category: "unknown",
    ...(product !== undefined && { client: product.name }),
    ...(version !== undefined && { version }),
  };
}

function platform(agent: UserAgent): Pick<Client, "os" | "runtime" | "command"> {
  const os = osOf(agent);
  const runtime = runtimeOf(agent);
  const said = agent.words.find((word) => word.key === "md/command" || word.key === "command");
  const command = said && plain(said.value);
  return {
    ...(os !== undefined && { os }),
    ...(runtime !== undefined && { runtime }),
    ...(command !== undefined && { command }),
  };
}
