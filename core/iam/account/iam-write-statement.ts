import { type ChangingCall, type Fields, fieldsOf, listOf, textOf } from "./iam-change.ts";

/** One statement that a call adds to a resource's policy, as an IAM policy has it. */
export interface AddedStatement {
  readonly sid: string;
  readonly statement: Fields;
}

/** `lambda:AddPermission` and its like on layers: the answer has the statement whole, the request in parts. */
export function lambdaStatement(
  { request, response, partition }: ChangingCall,
  resource: string,
): AddedStatement | undefined {
  const sid = textOf(request["statementId"]);
  const written = parsed(textOf(response["statement"]));
  if (sid === "") return undefined;
  if (written !== undefined) return { sid, statement: written };
  const [action, principal] = [textOf(request["action"]), textOf(request["principal"])];
  if (action === "" || principal === "") return undefined;
  const conditions = {
    ...condition("ArnLike", "AWS:SourceArn", request["sourceArn"]),
    ...conditionsEqual(request),
  };
  return {
    sid,
    statement: {
      Sid: sid,
      Effect: "Allow",
      Principal: principalOf(principal, partition),
      Action: action,
      Resource: resource,
      ...(Object.keys(conditions).length === 0 ? {} : { Condition: conditions }),
    },
  };
}

function conditionsEqual(request: Fields): Fields {
  const equal = {
    ...valued("AWS:SourceAccount", request["sourceAccount"]),
    ...valued("aws:PrincipalOrgID", request["principalOrgID"] ?? request["organizationId"]),
    ...valued("lambda:EventSourceToken", request["eventSourceToken"]),
    ...valued("lambda:FunctionUrlAuthType", request["functionUrlAuthType"]),
  };
  return Object.keys(equal).length === 0 ? {} : { StringEquals: equal };
}

const valued = (key: string, value: unknown): Fields => (textOf(value) === "" ? {} : { [key]: value });

const condition = (operator: string, key: string, value: unknown): Fields =>
  textOf(value) === "" ? {} : { [operator]: { [key]: value } };

/** A service by its domain, everybody as `*`, an account by its number, the rest by ARN. */
function principalOf(principal: string, partition: string): unknown {
  if (principal === "*") return "*";
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:${partition}:iam::${principal}:root` };
  return principal.startsWith("arn:") ? { AWS: principal } : { Service: principal };
}

/** `AddPermission` of SQS and SNS and `PutPermission` of EventBridge: a label, accounts, and names of actions. */
export function labelledStatement(
  { api, request, partition }: ChangingCall,
  resource: string,
): AddedStatement | undefined {
  const service = api.slice(0, api.indexOf(":"));
  const sid = textOf(request["label"]) || textOf(request["statementId"]);
  const accounts = [...textsIn(request, accountNames), ...textsIn(request, ["principal"])];
  const actions = textsIn(request, actionNames).map((one) => (one.includes(":") ? one : `${service}:${one}`));
  if (sid === "" || accounts.length === 0 || actions.length === 0) return undefined;
  const asked = fieldsOf(request["condition"]);
  const conditions = condition(textOf(asked["type"]) || "StringEquals", textOf(asked["key"]), asked["value"]);
  return {
    sid,
    statement: {
      Sid: sid,
      Effect: "Allow",
      Principal: accounts.includes("*")
        ? "*"
        : { AWS: accounts.map((one) => (/^\d{12}$/.test(one) ? `arn:${partition}:iam::${one}:root` : one)) },
      Action: actions,
      Resource: resource,
      ...(Object.keys(conditions).length === 0 ? {} : { Condition: conditions }),
    },
  };
}

/** Spellings that CloudTrail uses for the same list. */
const accountNames = [
  "aWSAccountIds",
  "awsAccountIds",
  "AWSAccountIds",
  "aWSAccountId",
  "awsAccountId",
  "AWSAccountId",
];
const actionNames = ["actions", "actionName", "actionNames", "action"];

const textsIn = (request: Fields, names: readonly string[]): readonly string[] =>
  names.flatMap((name) => {
    const given = request[name];
    return (typeof given === "string" ? [given] : listOf(given).map(textOf)).filter((one) => one !== "");
  });

function parsed(json: string): Fields | undefined {
  if (json === "") return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    // The request has the same in parts.
    return undefined;
  }
}
