import { type LineResult, runLine } from "../cli/embedded-line.ts";
import { watchersFor } from "../cli/watchers.ts";
import { emptyRegistry } from "../core/identity/registry.ts";
import type { Workload } from "../core/identity/workload.ts";

/** The whole line over a folder of logs, without a word: without manifests, or with one that names nobody in them. */
export const replayed = (path: string, workers: number, manifests: "none" | "one" = "none"): Promise<LineResult> =>
  runLine(
    {
      inputs: [{ shown: path, path }],
      registry: manifests === "none" ? emptyRegistry : { ...emptyRegistry, workloads: [bystander] },
      watchers: watchersFor([]),
      policy: { mode: "observe" },
      horizon: {},
      workers,
      rows: "not-wanted",
    },
    { total: quiet, progress: quiet, parked: quiet, passedOver: quiet },
  );

const bystander: Workload = {
  name: "bystander",
  owner: "nobody",
  protected: false,
  status: "active",
  roles: [],
  selectors: [],
  envelope: { statements: [] },
  response: { contain: "never" },
  where: "bench",
};

const quiet = (): void => undefined;
