import type { Context } from "aws-lambda";

/** What Lambda hands to every function beside its event. */
export const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: "one",
  functionVersion: "1",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:111122223333:function:one",
  memoryLimitInMB: "512",
  awsRequestId: "11111111-1111-4111-8111-000000000001",
  logGroupName: "/aws/lambda/one",
  logStreamName: "stream",
  getRemainingTimeInMillis: () => 30_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};
