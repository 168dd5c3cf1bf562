// What a program finds around it as if it were a file, and what its tests find in its place.
"use strict";

const assert = require("assert");
const builtinModule = require("module");

const FILE = "/tmp/solution.js";
const NODE = "/usr/bin/node";
const PARAMETERS = ["exports", "require", "module", "__filename", "__dirname"];

// Taken now: a program may replace every property of every object that it can reach.
const { stringify, parse } = JSON;
const { apply } = Reflect;
const { freeze, assign, create, keys } = Object;
const hasOwn = Object.prototype.hasOwnProperty;
const SERIALIZED = [Object, Array, String, Number, Boolean, Map, Set].map((type) => type.prototype);

/** Tests that do not hold, other than by an AssertionError. */
class Failure extends Error {}

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

/** A console whose assertions call `fail` with a message where they do not hold. */
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

/** A JSON that refuses to compare where the solution decides how values are written. */
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

/** Makes the process that of `node solution.js`; the arguments of a module's function. */
function enterFile(asserts) {
  const module = { exports: {}, id: ".", filename: FILE, loaded: false, children: [], paths: [] };
  process.execPath = NODE; // the process was not made of that file
  process.execArgv = [];
  process.argv = [NODE, FILE];
  return [module.exports, makeRequire(module, asserts), module, FILE, "/tmp"];
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

/** The report of a console.assert that does not hold, of which `message` is the first argument. */
function describeAssertion(message) {
  const facts = describe("test", new Failure("an assertion that cannot be printed"));
  return assign(facts, { type: "console.assert", message: describe("", message).message.trim() });
}

module.exports = {
  FILE,
  PARAMETERS,
  describe,
  describeAssertion,
  enterFile,
  makeAsserts,
  makeConsole,
  makeJson,
};
