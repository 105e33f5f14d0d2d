import { addressOf } from "../../iam/network.ts";
import { type Read, read, refuse } from "./refusal.ts";

/** An address block: addresses with as many groups whose first `bits` bits are those of `groups`. */
export interface Network {
  /** Bytes of IPv4, 16-bit groups of IPv6. */
  readonly groups: readonly number[];
  readonly bits: number;
}

/** Reads `192.0.2.0/24` or `2001:db8::/32`. Like EventBridge it refuses a block of one address: that is an exact value. */
export function readCidr(value: unknown, where: string): Read<Network> {
  if (typeof value !== "string") return refuse(where, 'cidr takes a text such as "192.0.2.0/24"');
  const slash = value.indexOf("/");
  if (slash < 0) return refuse(where, "a CIDR block needs a / and the number of fixed bits");
  const groups = addressOf(value.slice(0, slash));
  if (groups === undefined) return refuse(where, "the part before / is not an IPv4 or IPv6 address");
  const bits = decimal(value.slice(slash + 1), 3);
  if (bits === undefined) return refuse(where, "the part after / is not a number of bits");
  const widest = groups.length === 4 ? 31 : 127;
  if (bits > widest)
    return refuse(where, `the number of fixed bits has to be ${widest} or less; write a single address as a value`);
  return read({ groups, bits });
}

/** The block of exactly this address, when the text is an IPv6 address, which has many spellings. */
export function singleIpv6(text: string): Network | undefined {
  if (!text.includes(":")) return undefined;
  const groups = addressOf(text);
  return groups === undefined ? undefined : { groups, bits: 128 };
}

/** Whether the text is an address in the block. What is not an address is in none. */
export function inNetwork(network: Network, text: string): boolean {
  const groups = addressOf(text);
  if (groups === undefined || groups.length !== network.groups.length) return false;
  const width = groups.length === 4 ? 8 : 16;
  for (let i = 0, bits = network.bits; bits > 0; i++, bits -= width) {
    const shift = Math.max(0, width - bits);
    if ((groups[i] ?? 0) >> shift !== (network.groups[i] ?? 0) >> shift) return false;
  }
  return true;
}

/** A decimal number without sign, blank or leading zero: `010` is 8 to some readers and 10 to others. */
function decimal(text: string, digits: number): number | undefined {
  if (text.length > digits || !/^(?:0|[1-9][0-9]*)$/.test(text)) return undefined;
  return Number(text);
}
