import { readLogFile } from "../adapters/local/log-file.ts";
import { logFiles } from "../adapters/local/log-tree.ts";
import { type Head, readHead } from "../core/event/head.ts";
import { tracer } from "../core/flow/trace.ts";
import type { LineRequest } from "./embedded-line.ts";

/** What somebody who looks at a record says: whether to go on to the next file. */
export type Look = (head: Head, source: string) => "go-on" | "enough";

/**
 * Reads every record of the inputs once more, on this thread, one at a time: for what was not worth remembering the first
 * time. `source` is `<path>:<line>` or `<path>#<index>`. What cannot be read was named the first time and is passed over.
 */
export async function lookAgain(inputs: LineRequest["inputs"], look: Look): Promise<void> {
  const idle = tracer({ purposes: [], rows: "not-wanted" });
  for (const file of logFiles(inputs)) {
    if (!("bytes" in file)) continue;
    let last: ReturnType<Look> = "go-on";
    const sink = {
      item(value: unknown, _raw: () => string, { mark, number }: { readonly mark: string; readonly number: number }) {
        const read = readHead(value);
        if (read.kind === "read" && last === "go-on") last = look(read.head, `${file.shown}${mark}${number}`);
      },
      broken: () => undefined,
    };
    const into = { sink: () => sink, fileSink: () => () => undefined, pending: 0, take: idle.take };
    await readLogFile(file, into, () => undefined);
    if (said(last) === "enough") return;
  }
}

/** The compiler cannot see that the sink assigns. */
const said = (last: ReturnType<Look>): ReturnType<Look> => last;
