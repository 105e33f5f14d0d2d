import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { openStore, type Store } from "../../../adapters/local/sqlite.ts";

/** Gives each test of a file stores in folders of its own, closed and removed after it. */
export function storeFolder(): { readonly path: () => string; readonly open: (file?: string) => Store } {
  const folders: string[] = [];
  const stores: Store[] = [];
  afterEach(() => {
    for (const store of stores.splice(0)) store.close();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  const path = (): string => {
    const folder = mkdtempSync(join(tmpdir(), "cordon-test-"));
    folders.push(folder);
    return join(folder, "store.sqlite");
  };
  return {
    path,
    open(file = path()) {
      const store = openStore(file);
      stores.push(store);
      return store;
    },
  };
}
