// The heap that every process of a JavaScript sample starts from: this script is run when the image
// is built, and what it leaves is the snapshot. The process's first argument says what it becomes.
"use strict";

const { readFileSync } = require("fs");
const { compileFunction } = require("vm");
const { startupSnapshot } = require("v8");

const builtin = require; // of a snapshot in the making, which knows no files
const modules = {};

/** `require` of node's own modules, and of the files beside this one. */
function load(name) {
  if (!name.startsWith("./")) return builtin(name);
  if (!modules[name]) {
    const module = { exports: {} };
    const text = readFileSync(name, "utf8");
    compileFunction(text, ["require", "module"], { filename: name })(load, module);
    modules[name] = module.exports;
  }
  return modules[name];
}

const roles = {
  "solution.js": load("./program.js").run,
  tester: load("./tester.js").run,
  candidate: load("./candidate.js").serve,
};
startupSnapshot.setDeserializeMainFunction(() => roles[process.argv[1]]());
