import type { ItemSink } from "../../core/event/items.ts";
import { readWhole, textReader } from "../../core/event/text-reader.ts";
import { Fault } from "../../core/fault.ts";
import type { Trace, Tracer } from "../../core/flow/trace.ts";
import { isGzipFile, readLogBytes } from "./log-bytes.ts";
import type { LogFile } from "./log-tree.ts";

/** A batch is handed on when it has this many records, so that one huge file needs no more memory than many small ones. */
const batch = 2_048;

/** Reads one file into a tracer, handing on full batches. "passed-over": met inside a folder, and neither JSON nor gzip. */
export async function readLogFile(
  { shown, path, bytes, given }: LogFile,
  into: Tracer,
  handOn: (trace: Trace) => void,
): Promise<"read" | "passed-over"> {
  const sink = strict(into.sink(shown));
  const whole = into.fileSink(shown);
  const reader = textReader(sink);
  let broken = false;
  let form: "read" | "not-json" | undefined;
  try {
    await readLogBytes(path, bytes, {
      whole(text) {
        form = readWhole(text, sink);
      },
      text(piece) {
        reader.feed(piece);
        if (into.pending >= batch) handOn(into.take());
      },
      damaged: () => sink.suspect(),
      broken(because) {
        broken = true;
        whole(because);
      },
    });
  } catch (cause) {
    // Nowhere to put what was read: that is not the file's doing.
    if (cause instanceof Fault) throw cause;
    whole(`the file cannot be read (${codeOf(cause)})`);
    return "read";
  }
  form ??= reader.end();
  if (form === "read" || broken) return "read";
  if (!given && !/\.gz$/i.test(path) && !isGzipFile(path)) return "passed-over";
  whole("neither JSON nor gzip-compressed JSON");
  return "read";
}

/** Once bytes were replaced, an item that holds the replacement character is not what AWS wrote. */
function strict(sink: ItemSink): ItemSink & { suspect(): void } {
  let damaged = false;
  return {
    suspect() {
      damaged = true;
    },
    item(value, raw, place) {
      if (damaged && raw().includes("\ufffd")) sink.broken("not valid UTF-8", place);
      else sink.item(value, raw, place);
    },
    broken: (because, place) => sink.broken(because, place),
  };
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause
    ? String(cause.code)
    : cause instanceof Error
      ? cause.name
      : "unknown error";
