/** A look-up of a settled hour that was not read to its end: where to go on. */
export interface Unfinished {
  readonly path: string;
  readonly token: string;
  /** Bytes of the partial file that are good; what lies behind them was written before a crash and is cut off. */
  readonly bytes: number;
  readonly records: number;
}

/** What a folder remembers between runs. Lost, it costs requests, never records. */
export interface PullState {
  /** From the path of a complete object to the ETag it had. */
  readonly objects: ReadonlyMap<string, string>;
  /** From the path of a look-up that is complete, and whose hour no record can join any more, to its number of records. */
  readonly settled: ReadonlyMap<string, number>;
  readonly unfinished: Unfinished | undefined;
}

/** The folder that a pull fills. Paths are relative, checked before they get here, and never leave the folder. */
export interface PulledFolder {
  remembered(): Promise<PullState>;
  /** Replaces what is remembered, as one step. */
  remember(state: PullState): Promise<void>;
  /** The size of a complete file, or nothing. */
  sizeOf(path: string): Promise<number | undefined>;
  /** Writes a file that appears only when it is whole; refuses a content of another size. */
  write(path: string, content: AsyncIterable<Uint8Array>, size: number): Promise<void>;
  /** The bytes of the partial file; 0 when there is none. */
  partialSize(path: string): Promise<number>;
  /** Cuts the partial file to `bytes`, appends to it, makes it durable, and answers its new length. */
  extend(path: string, bytes: number, content: Uint8Array): Promise<number>;
  /** Makes the partial file the file, in one step. */
  finish(path: string): Promise<void>;
}

/** How a pull tells what it has done; the unit is bytes for files and seconds of history for look-ups. */
export interface PullProgress {
  advance(by: number): void;
}

/** Asks before each step whether the person wants to stop; what is complete stays complete. */
export type Stopping = () => boolean;
