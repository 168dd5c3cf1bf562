// Runs one JavaScript program in a process that starts from a snapshot of this script's heap.
//
// As `node solution.js` would run the file made of solution and tests, but for this: solution and
// tests are two texts, tests enter the process only when the solution has been loaded, and see
// their own `console`, `JSON`, `require` and `assert`, out of the solution's reach. The secret that
// proves a pass is asked for when the event loop has come to its natural end after the tests.
"use strict";

const fs = require("fs");
const vm = require("vm");
const assert = require("assert");
const { startupSnapshot } = require("v8");
const builtinModule = require("module");

const CONTROL = 3;
const NODE = "/usr/bin/node";
const FILE = "/tmp/solution.js";
const PARAMETERS = ["exports", "require", "module", "__filename", "__dirname"];

// Taken now: a program may replace every property of every object that it can reach.
const { readSync, writeSync } = fs;
const { compileFunction, Script } = vm;
const { stringify, parse } = JSON;
const { apply } = Reflect;
const { freeze, assign, create, keys } = Object;
const hasOwn = Object.prototype.hasOwnProperty;
const runScript = Script.prototype.runInThisContext;
const allocate = Buffer.alloc;
const fromText = Buffer.from;
const bufferText = Buffer.prototype.toString;
const readLength = Buffer.prototype.readUInt32BE;
const SERIALIZED = [Object, Array, String, Number, Boolean, Map, Set].map((type) => type.prototype);

class Failure extends Error {}

function read(size) {
  const data = allocate(size);
  for (let at = 0; at < size; ) {
    const count = readSync(CONTROL, data, at, size - at);
    if (count === 0) throw new Failure("the sandbox hung up");
    at += count;
  }
  return data;
}

function write(data) {
  for (let at = 0; at < data.length; ) at += writeSync(CONTROL, data, at, data.length - at);
}

/** The part of the program that comes now, in an encoding of Buffer's. */
function receive(encoding) {
  return apply(bufferText, read(apply(readLength, read(4), [0])), [encoding]);
}

function next(encoding) {
  write(fromText("+"));
  return receive(encoding);
}

/** js-md5's interface, upon node's own implementation of the algorithm. */
function makeMd5() {
  const hasher = () => require("crypto").createHash("md5");
  const wrap = (hash) => ({
    update(data) {
      hash.update(data instanceof ArrayBuffer ? Buffer.from(data) : data);
      return this;
    },
    hex: () => hash.copy().digest("hex"),
    toString: () => hash.copy().digest("hex"),
    digest: () => [...hash.copy().digest()],
    array: () => [...hash.copy().digest()],
    arrayBuffer: () => new Uint8Array(hash.copy().digest()).buffer,
    base64: () => hash.copy().digest("base64"),
  });
  const create = () => wrap(hasher());
  const md5 = (data) => create().update(data).hex();
  for (const name of ["hex", "digest", "array", "arrayBuffer", "base64"]) {
    md5[name] = (data) => create().update(data)[name]();
  }
  md5.create = create;
  md5.update = (data) => create().update(data);
  md5.md5 = md5;
  return md5;
}

/** `require` of a file in /tmp; a snapshot's own warns of every second module. */
function makeRequire(module, asserts) {
  const md5 = makeMd5();
  const fromFile = () => builtinModule.createRequire(FILE);
  const own = (name) => {
    if (name === "js-md5") return md5;
    if (asserts[name]) return asserts[name];
    return fromFile()(name);
  };
  return assign(own, { main: module, cache: {}, resolve: (name) => fromFile().resolve(name) });
}

/** Copies of node's assert modules, by name, that the solution cannot change. */
function makeAsserts() {
  const copy = (original) => {
    const own = (...values) => apply(original.ok, original, values);
    for (const name of keys(original)) own[name] = original[name];
    return own;
  };
  const loose = copy(assert);
  const strict = copy(assert.strict);
  loose.strict = strict.strict = strict;
  freeze(loose);
  freeze(strict);
  const asserts = { assert: loose, "assert/strict": strict };
  for (const name of keys(asserts)) asserts[`node:${name}`] = asserts[name];
  return assign(create(null), asserts);
}

/** The tests' console, whose assertions call `fail` with a message where they do not hold. */
function makeConsole(fail) {
  const own = assign(create(null), console);
  const printError = console.error;
  own.assert = (holds, ...message) => {
    if (holds) return;
    fail(message.length ? message[0] : "Assertion failed");
    printError("Assertion failed", ...message);
  };
  return freeze(own);
}

/** The tests' JSON: refuses to compare where the solution decides how values are written. */
function makeJson() {
  const check = () => {
    for (let i = 0; i < SERIALIZED.length; i++) {
      if (apply(hasOwn, SERIALIZED[i], ["toJSON"])) {
        throw new Failure("the solution changes how JSON writes values");
      }
    }
  };
  const checked = (...values) => {
    check();
    return apply(stringify, JSON, values);
  };
  return freeze(assign(create(null), { stringify: checked, parse }));
}

/** The report of a failure; `error` may be anything, and do anything when it is looked at. */
function describe(phase, error) {
  const facts = { phase, family: "other", type: "Error", message: "" };
  try {
    if (error instanceof assert.AssertionError || error instanceof Failure) {
      facts.family = "assertion";
    }
    if (error === null || typeof error !== "object") {
      facts.message = `${String(error)}`.slice(0, 1000);
      return facts;
    }
    facts.type = `${error.name}`.slice(0, 100);
    facts.message = `${error.message}`.slice(0, 1000);
  } catch {
    facts.message = "that cannot be printed";
  }
  return facts;
}

function main() {
  const leave = process.reallyExit.bind(process);
  const finish = (facts) => {
    write(fromText(stringify(facts)));
    leave(facts.proof ? 0 : 1);
  };
  const module = { exports: {}, id: ".", filename: FILE, loaded: false, children: [], paths: [] };
  let failure = null;
  let phase = "compile";
  let ended = false;

  process.execPath = NODE; // the process was not made of that file
  process.execArgv = [];
  process.argv = [NODE, FILE];
  process.on("uncaughtException", (error) => finish(describe(phase, error)));
  process.on("beforeExit", () => {
    if (!ended) return;
    if (failure) finish(failure);
    finish({ proof: next("hex") });
  });
  const asserts = makeAsserts();
  const scope = { require: makeRequire(module, asserts), module, exports: module.exports };
  assign(globalThis, scope, { __filename: FILE, __dirname: "/tmp" });
  const fail = (message) => {
    if (failure) return;
    failure = describe("test", new Failure("an assertion that cannot be printed"));
    failure.type = "console.assert";
    failure.message = describe("test", message).message.trim();
  };
  const parameters = [...PARAMETERS, "console", "JSON"];
  const values = [module.exports, makeRequire(module, asserts), module, FILE, "/tmp"];
  values.push(makeConsole(fail), makeJson());
  try {
    const solution = receive("utf8");
    const script = new Script(solution, { filename: FILE });
    phase = "load";
    apply(runScript, script, []);
    phase = "compile";
    const tests = next("utf8");
    // What the file of both would be refused for, such as a name declared twice.
    compileFunction(`${solution}\n${tests}`, PARAMETERS, { filename: FILE });
    const run = compileFunction(tests, parameters, { filename: "/tmp/tests.js" });
    phase = "test";
    apply(run, values[0], values);
    ended = true;
  } catch (error) {
    finish(describe(phase, error));
  }
}

startupSnapshot.setDeserializeMainFunction(main);
