import type { Random } from "../bench/corpus-random.ts";

/** One record of the sample before it is delivered. */
export interface SampleRecord {
  readonly at: number;
  readonly region: string;
  readonly eventId: string;
  readonly text: string;
}

/** When the sample's first hour begins. */
export const start = Date.UTC(2026, 10, 20, 2);

/** So many minutes and seconds after two o'clock. */
export const clock = (minute: number, second = 0): number => start + (minute * 60 + second) * 1000;

/** The identifier of a record that was built as text. */
export const eventIdOf = (text: string): string => {
  const from = text.indexOf('"eventID":"') + 11;
  return text.slice(from, text.indexOf('"', from));
};

/** A synthetic temporary key, as AWS's examples end: `ASIA…EXAMPLE`. */
export const sampleKey = (random: Random): string => `ASIA${random.id(9)}EXAMPLE`;
