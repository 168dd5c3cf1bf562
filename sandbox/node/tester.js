// The process that holds the tests and the secret, while the solution runs in another.
//
// Parts: in JSON the name of the function that the tests call and what the prompt defines before it,
// the solution, the tests, the secret. Reports as `program.js`, and `{"impossible": reason}` where
// the tests want more than values.
"use strict";

const { compileFunction } = require("vm");
const control = require("./control.js");
const { PARAMETERS, describe, describeAssertion, ...around } = require("./surroundings.js");
const { Solution } = require("./stand_ins.js");

const CHANNEL = 4;

/** Definitions that the tests may use, if they are whole. */
function whole(definitions) {
  try {
    compileFunction(definitions, PARAMETERS);
    return definitions;
  } catch {
    return "";
  }
}

/** The tests as a function; names that are nobody else's are the solution's. */
function compile(tests, solution) {
  const parameters = [...PARAMETERS, "console"].join();
  const text = `with (scope) return function (${parameters}) {\n${tests}\n};`;
  return compileFunction(text, ["scope"], { filename: "/tmp/tests.js" })(solution.scope);
}

/** Run the tests; what went wrong, or nothing. */
function test(solution, definitions) {
  let failure = null;
  const fail = (message) => {
    failure = failure || describeAssertion(message);
  };
  const values = [...around.enterFile(around.makeAsserts()), around.makeConsole(fail)];
  try {
    const tests = `${whole(definitions)}\n${control.nextPart()}`;
    Reflect.apply(compile(tests, solution), values[0], values);
  } catch (error) {
    failure = failure || describe("test", error);
  }
  return failure;
}

function judge() {
  const { entryPoint, definitions } = JSON.parse(control.firstPart());
  control.send(CHANNEL, control.nextPart());
  const { failed } = JSON.parse(control.receive(CHANNEL));
  if (failed) return describe("load", { name: failed.type, message: failed.message });
  const solution = new Solution(CHANNEL, entryPoint);
  const failure = test(solution, definitions);
  if (!solution.isUsed) return { impossible: "the tests call nothing of the solution" };
  if (solution.impossible) return { impossible: solution.impossible };
  if (solution.broken) return describe("test", new Error(solution.broken));
  return failure || { proof: control.nextPart("hex") };
}

function run() {
  let facts;
  try {
    facts = judge();
  } catch (error) {
    facts = describe("load", error);
  }
  control.finish(JSON.stringify(facts), facts.proof ? 0 : 1);
}

module.exports = { run };
