import { type WriteStore, writeLog } from "../../core/iam/account/write-log.ts";

/** Writes of IAM that live as long as their process. */
export function memoryWrites(): WriteStore {
  const log = writeLog();
  return {
    async learn(writes) {
      for (const write of writes) log.add(write);
    },
    read: async (keys) => new Map(keys.map((key) => [key, log.of(key)])),
  };
}
