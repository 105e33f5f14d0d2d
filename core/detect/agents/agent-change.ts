import type { ApiCall } from "../../event/event.ts";
import { at, isObject, type Json, list, text } from "../../event/json.ts";
import { accountOf } from "../../iam/arn.ts";
import { asAccountId } from "../../iam/identifiers.ts";
import type { Said } from "../watch/watch-row.ts";

type Says = (call: ApiCall) => Said | undefined;

const valueAt = ({ request }: ApiCall, path: string): string => text(at(request, ...path.split(".")));

/** Another account than the one that was called; nothing where either is not known. */
function another(account: string | undefined, call: ApiCall): string | undefined {
  const own = call.account ?? call.principal.account;
  return account === undefined || own === undefined || account === own ? undefined : account;
}

/** The account of a private registry in an image's address: `<account>.dkr.ecr.<Region>.amazonaws.com/…`. */
const registryOf = (image: string): string | undefined => asAccountId(/^(\d{12})\.dkr[.-]ecr/.exec(image)?.[1]);

/** An image from somebody else's registry, or from one that everybody may push to. */
export function foreignImage(path: string): Says {
  return (call) => {
    const value = valueAt(call, path);
    if (value === "") return undefined;
    const owner = another(registryOf(value), call);
    const said = { path: `requestParameters.${path}`, value };
    if (owner !== undefined)
      return {
        ...said,
        severity: "medium",
        did: `An agent runtime runs an image of account ${owner}: {}`,
        tried: `have an agent runtime run an image of account ${owner}`,
      };
    return registryOf(value) === undefined
      ? {
          ...said,
          severity: "medium",
          did: "An agent runtime runs an image from a public registry: {}",
          tried: "have an agent runtime run an image from a public registry",
        }
      : undefined;
  };
}

/** A function of another account answers what the agent asks for. */
export function foreignFunction(path: string): Says {
  return (call) => {
    const value = valueAt(call, path);
    const owner = another(accountOf(value), call);
    return owner === undefined
      ? undefined
      : {
          path: `requestParameters.${path}`,
          value,
          severity: "medium",
          did: `An agent does things by a function of account ${owner}: {}`,
          tried: `have an agent do things by a function of account ${owner}`,
        };
  };
}

/** What a knowledge base reads belongs to another account: its owner writes what agents believe. */
export function foreignBucket(path: string): Says {
  return (call) => {
    const value = valueAt(call, path);
    const owner = another(asAccountId(value), call);
    return owner === undefined
      ? undefined
      : {
          path: `requestParameters.${path}`,
          value,
          severity: "medium",
          did: `A knowledge base reads a bucket of account ${owner}: {}`,
          tried: `have a knowledge base read a bucket of account ${owner}`,
        };
  };
}

/** Code that may call the internet can take along whatever its role may read. */
export function openToNetwork(did: string): Says {
  return (call) =>
    valueAt(call, "networkConfiguration.networkMode") === "PUBLIC" && valueAt(call, "executionRoleArn") !== ""
      ? {
          path: "requestParameters.networkConfiguration.networkMode",
          value: "PUBLIC",
          did,
          tried: "make a code interpreter with a role that reaches the whole internet",
        }
      : undefined;
}

/** A tool behind a gateway that is a server on the internet or a function of another account. */
export function strangeEndpoint(call: ApiCall): Said | undefined {
  const path = "targetConfiguration.mcp";
  const server = valueAt(call, `${path}.mcpServer.endpoint`);
  const foreign = foreignFunction(`${path}.lambda.lambdaArn`)(call);
  if (foreign !== undefined)
    return {
      ...foreign,
      did: "A gateway offers agents a tool that is a function of another account: {}",
      tried: "have a gateway offer agents a function of another account",
    };
  if (server === "" || isAws(server)) return undefined;
  return {
    path: `requestParameters.${path}.mcpServer.endpoint`,
    value: server,
    did: "A gateway offers agents the tools of a server on the internet: {}",
    tried: "have a gateway offer agents the tools of a server on the internet",
  };
}

function isAws(endpoint: string): boolean {
  const host = /^https:\/\/([a-z0-9.-]{1,253})(?:[:/?]|$)/i.exec(endpoint)?.[1]?.toLowerCase() ?? "";
  return host.endsWith(".amazonaws.com") || host.endsWith(".amazonaws.com.cn");
}

/** Lifecycle configurations run as the execution role, whenever the app of whoever works there starts. */
export function hookedIn(settings: string): Says {
  return ({ request }) => {
    const found = hooks(request[settings], 0);
    return found.length === 0 ? undefined : { path: `requestParameters.${settings}`, value: found.slice(0, mostShown) };
  };
}

const mostShown = 5;
/** Settings, an app's own, its list: no deeper than that. */
const deepest = 4;

function hooks(value: Json | undefined, depth: number): readonly string[] {
  if (!isObject(value) || depth > deepest) return [];
  return Object.entries(value).flatMap(([key, held]) => {
    if (key === "lifecycleConfigArn") return text(held) === "" ? [] : [text(held)];
    if (key === "lifecycleConfigArns")
      return list(held)
        .map(text)
        .filter((one) => one !== "");
    return hooks(held, depth + 1);
  });
}
