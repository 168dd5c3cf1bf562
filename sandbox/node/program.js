// A program in one process, as `node solution.js` would run the file made of solution and tests, but
// for this: they are two texts, tests enter the process only when the solution has been loaded, and
// see their own `console`, `JSON`, `require` and `assert`, out of the solution's reach. The secret
// that proves a pass is asked for when the event loop has come to its natural end after the tests.
"use strict";

const { compileFunction, Script } = require("vm");
const { finish, firstPart, nextPart } = require("./control.js");
const around = require("./surroundings.js");

const { FILE, PARAMETERS, describe, describeAssertion, enterFile } = around;

// Taken now: a program may replace every property of every object that it can reach.
const { stringify } = JSON;
const { apply } = Reflect;
const { assign } = Object;
const runScript = Script.prototype.runInThisContext;

/** Load a solution as a script; what it declares is global. */
function load(solution, values) {
  const named = PARAMETERS.map((name, i) => [name, values[i]]);
  assign(globalThis, Object.fromEntries(named));
  const script = new Script(solution, { filename: FILE });
  return () => apply(runScript, script, []);
}

function run() {
  let failure = null;
  let phase = "compile";
  let ended = false;
  const end = (facts) => finish(stringify(facts), facts.proof ? 0 : 1);

  process.on("uncaughtException", (error) => end(describe(phase, error)));
  process.on("beforeExit", () => {
    if (!ended) return;
    end(failure || { proof: nextPart("hex") });
  });
  const values = enterFile(around.makeAsserts());
  const fail = (message) => {
    failure = failure || describeAssertion(message);
  };
  const parameters = [...PARAMETERS, "console", "JSON"];
  const all = [...values, around.makeConsole(fail), around.makeJson()];
  try {
    const solution = firstPart();
    const start = load(solution, values);
    phase = "load";
    start();
    phase = "compile";
    const tests = nextPart();
    // What the file of both would be refused for, such as a name declared twice.
    compileFunction(`${solution}\n${tests}`, PARAMETERS, { filename: FILE });
    const test = compileFunction(tests, parameters, { filename: "/tmp/tests.js" });
    phase = "test";
    apply(test, values[0], all);
    ended = true;
  } catch (error) {
    end(describe(phase, error));
  }
}

module.exports = { load, run };
