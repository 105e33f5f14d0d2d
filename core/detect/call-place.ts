import { clientOf, familyOf } from "../event/client.ts";
import type { ApiCall } from "../event/event.ts";
import { text } from "../event/json.ts";
import { addressOf } from "../iam/network.ts";

/** From where a call came, as AWS wrote it. */
export type CallPlace =
  /** A public address, by the block that it lies in. */
  | { readonly kind: "network"; readonly block: string }
  | { readonly kind: "endpoint"; readonly id: string; readonly owner?: string }
  /** A service that called for somebody, an address that is nobody's in public, or nothing that can be told. */
  | { readonly kind: "untold" };

/**
 * The block is a /16, or a /32 of IPv6: about what one provider hands to one site. Coarser than a network, so that an
 * address that changes at home or behind a gateway is no other place; two sites of one provider may look like one.
 */
export function placeOf({ record }: ApiCall): CallPlace {
  const id = text(record["vpcEndpointId"]);
  const owner = text(record["vpcEndpointAccountId"]);
  if (id !== "") return { kind: "endpoint", id: id.slice(0, 64), ...(owner === "" ? {} : { owner }) };
  const address = addressOf(text(record["sourceIPAddress"]));
  if (address === undefined || isPrivate(address)) return { kind: "untold" };
  const [one = 0, two = 0] = address;
  return {
    kind: "network",
    block: address.length === 4 ? `${one}.${two}.0.0/16` : `${one.toString(16)}:${two.toString(16)}::/32`,
  };
}

/** RFC 1918, RFC 6598, loopback and link-local; of IPv6 the unique local and link-local addresses. */
function isPrivate(address: readonly number[]): boolean {
  const [one = 0, two = 0] = address;
  if (address.length !== 4) return (one & 0xfe00) === 0xfc00 || (one & 0xffc0) === 0xfe80 || one === 0;
  return (
    one === 10 ||
    one === 127 ||
    one === 0 ||
    (one === 172 && two >= 16 && two < 32) ||
    (one === 192 && two === 168) ||
    (one === 100 && two >= 64 && two < 128) ||
    (one === 169 && two === 254)
  );
}

/** What a call's user agent claims: hints, its caller chose every word. */
export interface ClaimedClient {
  /** One of our own labels. */
  readonly family: string;
  readonly agent: boolean;
  /** A name from the table of systems; empty where none is claimed. */
  readonly os: string;
  /** A Linux made for breaking in. */
  readonly hacking: boolean;
  /** It says that it runs in a function or a container of AWS (`AWS_EXECUTION_ENV`). */
  readonly inWorkload: boolean;
}

export function claimedClient({ record }: ApiCall): ClaimedClient {
  const said = text(record["userAgent"]).slice(0, longest);
  const before = known.get(said);
  if (before !== undefined) return before;
  const made = clientIn(said);
  if (known.size >= mostKnown) known.clear();
  known.set(said, made);
  return made;
}

/** A run sees few user agents, many times. */
const known = new Map<string, ClaimedClient>();
const mostKnown = 1_000;

function clientIn(said: string): ClaimedClient {
  const client = clientOf(said);
  return {
    family: familyOf(client),
    agent: client.category === "agent",
    os: client.os ?? "",
    hacking: /[-#/+.]?\b(?:kali\d*|parrot\d*|pentoo)\b/i.test(said),
    inWorkload: /\bexec-env\/AWS_(?:Lambda|ECS)_/i.test(said),
  };
}

/** CloudTrail cuts user agents there ("CloudTrail record contents"). */
const longest = 1_024;
