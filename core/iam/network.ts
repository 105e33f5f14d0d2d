/** An address block: the addresses with as many groups whose first `bits` bits are those of `groups`. */
export interface Network {
  /** Bytes of IPv4, 16-bit groups of IPv6. */
  readonly groups: readonly number[];
  readonly bits: number;
}

/** Reads `192.0.2.0/24`, `2001:db8::/32` or a single address, as the operators IpAddress and NotIpAddress take them. */
export function networkOf(text: string): Network | undefined {
  const slash = text.indexOf("/");
  const groups = addressOf(slash < 0 ? text : text.slice(0, slash));
  if (groups === undefined) return undefined;
  const widest = groups.length === 4 ? 32 : 128;
  const bits = slash < 0 ? widest : decimal(text.slice(slash + 1));
  return bits === undefined || bits > widest ? undefined : { groups, bits };
}

/** Whether the address lies in the block; never across the two families. */
export function inNetwork({ groups, bits }: Network, address: readonly number[]): boolean {
  if (address.length !== groups.length) return false;
  const width = groups.length === 4 ? 8 : 16;
  for (let i = 0, rest = bits; rest > 0; i++, rest -= width) {
    const shift = Math.max(0, width - rest);
    if ((address[i] ?? 0) >> shift !== (groups[i] ?? 0) >> shift) return false;
  }
  return true;
}

/** 4 bytes or 8 groups, or nothing when the text is not exactly one address. */
export function addressOf(text: string): readonly number[] | undefined {
  if (text.length > 45) return undefined;
  return text.includes(":") ? ipv6(text) : ipv4(text);
}

function ipv4(text: string): readonly number[] | undefined {
  const bytes = text.split(".").map(decimal);
  return bytes.length === 4 && bytes.every((byte) => byte !== undefined && byte <= 255)
    ? bytes.map((byte) => byte ?? 0)
    : undefined;
}

function ipv6(text: string): readonly number[] | undefined {
  const [head, tail, ...more] = text.split("::").map((half) => (half === "" ? [] : groupsOf(half)));
  if (head === undefined || more.length > 0) return undefined;
  if (!text.includes("::")) return head.length === 8 ? head : undefined;
  if (tail === undefined || head.length + tail.length > 7) return undefined;
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

function groupsOf(half: string): readonly number[] | undefined {
  const parts = half.split(":");
  return parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))
    ? parts.map((part) => Number.parseInt(part, 16))
    : undefined;
}

/** Without sign, blank or leading zero: `010` is 8 to some readers and 10 to others. */
const decimal = (text: string): number | undefined => (/^(?:0|[1-9]\d{0,2})$/.test(text) ? Number(text) : undefined);
