import { Fault } from "../../fault.ts";
import type { PulledFolder, PullProgress, Stopping } from "./pull-folder.ts";
import type { TrailObject } from "./trail-layout.ts";

/** Reads one object of a trail's bucket, exactly the version that was listed. */
export interface TrailReader {
  read(object: TrailObject): Promise<AsyncIterable<Uint8Array>>;
}

export interface ObjectsPulled {
  readonly fetched: number;
  readonly already: number;
  /** Objects that were listed and could not be read, with the reason; the next run tries them again. */
  readonly missed: readonly { readonly path: string; readonly because: string }[];
  readonly stopped: boolean;
}

export interface ObjectsPull {
  readonly objects: readonly TrailObject[];
  readonly reader: TrailReader;
  readonly folder: PulledFolder;
  readonly progress: PullProgress;
  readonly stopping: Stopping;
  /** Downloads at the same time. */
  readonly lanes: number;
}

/** The objects that a folder does not hold whole yet: another size or another ETag means another object. */
export async function missingFrom(
  folder: PulledFolder,
  objects: readonly TrailObject[],
): Promise<readonly TrailObject[]> {
  const { objects: known } = await folder.remembered();
  const missing: TrailObject[] = [];
  for (const object of objects) {
    const etag = known.get(object.path);
    const whole = (await folder.sizeOf(object.path)) === object.size && (etag === undefined || etag === object.etag);
    if (!whole) missing.push(object);
  }
  return missing;
}

/**
 * Fetches what is missing. A fault that would meet every object (denied, throttled, unreachable, full) ends the pull
 * after what is complete was remembered; an object that is gone or changed is named and left out.
 */
export async function pullObjects(pull: ObjectsPull): Promise<ObjectsPulled> {
  const { folder, objects } = pull;
  const before = await folder.remembered();
  const known = new Map(before.objects);
  const missing = await missingFrom(folder, objects);
  const missed: { path: string; because: string }[] = [];
  const waiting = missing.values();
  const ended: { fault?: unknown } = {};
  let stopped = false;
  let fetched = 0;
  let unsaved = 0;
  const save = async (): Promise<void> => {
    unsaved = 0;
    await folder.remember({ ...before, objects: new Map(known) });
  };
  const lane = async (): Promise<void> => {
    for (const object of waiting) {
      stopped ||= pull.stopping();
      if (stopped || "fault" in ended) return;
      try {
        await fetchWhole(pull, object);
        known.set(object.path, object.etag);
        fetched += 1;
        unsaved += 1;
        // The pause between two writes of the state grows with it, so that all of them together stay linear.
        if (unsaved >= Math.max(200, known.size / 10)) await save();
      } catch (cause) {
        if (isOfThisObject(cause)) missed.push({ path: object.path, because: cause.message });
        else if (!("fault" in ended)) ended.fault = cause;
      }
      pull.progress.advance(object.size);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, pull.lanes) }, lane));
  await save();
  if ("fault" in ended) throw ended.fault;
  return { fetched, already: objects.length - missing.length, missed, stopped };
}

/** A connection that breaks within a body is tried again here; before it, the reader has waited and tried already. */
async function fetchWhole({ folder, reader }: ObjectsPull, object: TrailObject): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const content = await reader.read(object);
    try {
      return await folder.write(object.path, content, object.size);
    } catch (cause) {
      if (!(cause instanceof Fault && cause.code === "unreachable") || attempt >= 3) throw cause;
    }
  }
}

const isOfThisObject = (cause: unknown): cause is Fault =>
  cause instanceof Fault && (cause.code === "not-found" || cause.code === "conflict");
