import { Fault } from "../../core/fault.ts";
import { type Calling, toFault } from "./fault.ts";

/** How adapters wait; tests pass one that does not. */
export type Sleep = (milliseconds: number) => Promise<void>;

const attempts = 8;
const longest = 20_000;

/**
 * Calls until it succeeds or fails for good, waiting 0.5 s, 1 s, 2 s … 20 s after what may pass. The SDK's own retries are
 * off (`maxAttempts: 1`), so that every request is counted here.
 */
export async function retrying<T>(call: () => Promise<T>, calling: Calling, sleep: Sleep): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (cause) {
      const fault = toFault(cause, calling);
      const again = fault instanceof Fault && (fault.code === "throttled" || fault.code === "unreachable");
      if (!again || attempt >= attempts) throw fault;
      await sleep(Math.min(longest, 500 * 2 ** (attempt - 1)));
    }
  }
}
