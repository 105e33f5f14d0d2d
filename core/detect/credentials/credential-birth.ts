import type { ApiCall } from "../../event/event.ts";
import { at, type Json, text } from "../../event/json.ts";
import type { ApiName } from "../../iam/identifiers.ts";
import type { Severity } from "../finding.ts";

/** A call after which there is a credential that was not there before, works again, or is somebody else's to read. */
export interface BirthRow {
  readonly api: ApiName;
  /** A title for the deed, and what stands behind "Somebody tried to". */
  readonly did: string;
  readonly tried: string;
  /** How bad that is by somebody whom no manifest names. */
  readonly severity: Severity;
  /** Paths of what it is for in the request, the first that is there. Never one that holds the credential itself. */
  readonly named: readonly string[];
  /** What makes an ARN of that name: service, colon, and what stands before the name. */
  readonly as?: string;
  /** Where the parameters decide: what they say; nothing where no credential comes of it, or another detector tells it. */
  readonly says?: (call: ApiCall) => Birth | undefined;
  /** AWS's page that says what the call does. */
  readonly source: `https://docs.aws.amazon.com/${string}`;
}

/** What the parameters of a call say of the credential. */
export interface Birth {
  readonly path: string;
  readonly value: Json;
  readonly severity?: Severity;
  readonly did?: string;
  readonly tried?: string;
  /** Whose credential it is, by ARN, where no name in the request gives one. */
  readonly resource?: string;
}

/** The call makes a credential only where the request holds something at a path. */
export const where =
  (path: string, is: (value: Json) => boolean, more: Omit<Birth, "path" | "value"> = {}) =>
  (call: ApiCall): Birth | undefined => {
    const value = at(call.request, ...path.split("."));
    return value !== undefined && value !== null && is(value)
      ? { path: `requestParameters.${path}`, value, ...more }
      : undefined;
  };

/** A credential that was switched off works again. */
export const activated = where("status", (value) => text(value) === "Active");
