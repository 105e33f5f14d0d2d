import type { Instant } from "../event/instant.ts";

/** Something that claims to be for us and could not be read, with its body: nothing is lost, and it can be read again later. */
export interface ParkedItem {
  readonly schema: 1;
  /** Where it came from: a message id, a file and line. */
  readonly source: string;
  readonly reason: string;
  readonly body: string;
  readonly at: Instant;
}

/** Keeps what was parked. The same body from the same source is kept once. */
export interface ParkedStore {
  park(item: ParkedItem): Promise<void>;
  list(): Promise<readonly ParkedItem[]>;
}

/** What makes two parked items the same one. */
export const parkedKey = ({ source, body }: ParkedItem): string => JSON.stringify([source, body]);
