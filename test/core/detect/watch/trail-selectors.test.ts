import { expect, it } from "vitest";
import { narrowingOf } from "../../../../core/detect/watch/trail-selectors.ts";

const advanced = (...selectors: readonly (readonly object[])[]) => ({
  advancedEventSelectors: selectors.map((fieldSelectors) => ({ fieldSelectors: [...fieldSelectors] })) as never,
});
const management = { field: "eventCategory", equals: ["Management"] };
const readOnly = (value: string) => ({ field: "readOnly", equals: [value] });

it.each([
  ["nothing at all", {}, undefined],
  ["no basic selector", { eventSelectors: [] }, "high"],
  ["a basic selector by its defaults", { eventSelectors: [{}] }, undefined],
  ["only reads", { eventSelectors: [{ readWriteType: "ReadOnly" }] }, "high"],
  ["only writes", { eventSelectors: [{ readWriteType: "WriteOnly" }] }, "medium"],
  ["data events beside everything", { eventSelectors: [{ includeManagementEvents: false }, {}] }, undefined],
  ["advanced, everything", advanced([management]), undefined],
  ["advanced, only reads", advanced([management, readOnly("true")]), "high"],
  ["advanced, only writes", advanced([management, readOnly("false")]), "medium"],
  ["advanced, both halves", advanced([management, readOnly("true")], [management, readOnly("false")]), undefined],
  ["advanced, one source", advanced([management, { field: "eventSource", equals: ["s3.amazonaws.com"] }]), "medium"],
  [
    "advanced, without RDS data",
    advanced([management, { field: "eventSource", notEquals: ["rdsdata.amazonaws.com"] }]),
    undefined,
  ],
  [
    "advanced, one source beside everything",
    advanced([management, { field: "eventName", equals: ["x"] }], [management]),
    undefined,
  ],
  ["advanced, data only", advanced([{ field: "eventCategory", equals: ["Data"] }]), "high"],
])("judges %s", (_, request, severity) => expect(narrowingOf(request)?.severity).toBe(severity));
