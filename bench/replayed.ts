import { type LineResult, runLine } from "../cli/embedded-line.ts";
import { watchersFor } from "../cli/watchers.ts";
import { emptyRegistry } from "../core/identity/registry.ts";

/** The whole line over a folder of logs, without manifests and without a word. */
export const replayed = (path: string, workers: number): Promise<LineResult> =>
  runLine(
    {
      inputs: [{ shown: path, path }],
      registry: emptyRegistry,
      watchers: watchersFor([]),
      policy: { mode: "observe" },
      horizon: {},
      workers,
      rows: "not-wanted",
    },
    { total: quiet, progress: quiet, parked: quiet, passedOver: quiet },
  );

const quiet = (): void => undefined;
