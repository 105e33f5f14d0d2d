import { text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { unqualified } from "../declared.ts";
import { placed } from "../placed.ts";
import type { PlacementSource } from "../placement.ts";

/** Both calls answer with the function's configuration: its ARN and its role (Lambda API reference, FunctionConfiguration). */
export const lambdaPlacements: PlacementSource = {
  id: "lambda",
  watches: calls("lambda:CreateFunction", "lambda:UpdateFunctionConfiguration"),
  placementsOf: (call) =>
    placed(call, {
      kind: "lambda-function",
      resource: unqualified(text(call.response["functionArn"])),
      role: text(call.response["role"]) || text(call.request["role"]),
      field: "responseElements.functionArn",
    }),
};
