// The process that holds a solution and calls it for the process that holds the tests.
//
// Nothing in here is trusted: the solution shares it. It says first whether the solution could be
// loaded, `{}` or `{"failed": report}`, and then answers each request with `{"value": ...}` or
// `{"thrown": ...}`, and where a call changed what it was given, with all of it under `"changed"`.
"use strict";

const { Script } = require("vm");
const { CONTROL, HungUp, leave, receive, send } = require("./control.js");
const { load } = require("./program.js");
const { describe, enterFile, makeAsserts } = require("./surroundings.js");
const { Reader, Writer } = require("./values.js");

// Taken now: a program may replace every property of every object that it can reach.
const { stringify, parse } = JSON;
const { apply, construct } = Reflect;
const { keys } = Object;
const runScript = Script.prototype.runInThisContext;
const evaluate = (name) => apply(runScript, new Script(name), []);

// Those of the solution's objects and functions that the tests have seen: by number, and back.
const objects = [];
const numbers = new Map();

class CandidateWriter extends Writer {
  opaque(value) {
    if (!numbers.has(value)) numbers.set(value, objects.push(value) - 1);
    const kind = typeof value === "function" ? "function" : "object";
    const content = keys(value).map((key) => [key, this.write(value[key])]);
    return { remote: [numbers.get(value), kind, content] };
  }
}

class CandidateReader extends Reader {
  resolve(_, number) {
    this.met.push(objects[number]);
    return objects[number];
  }
}

/** What the solution's `name` is; nothing where it has none. */
function look(name) {
  try {
    return { value: new CandidateWriter().write(evaluate(name)) };
  } catch {
    return {};
  }
}

function attribute(number, key) {
  return { value: new CandidateWriter().write(objects[number][key]) };
}

/** Call, or construct, number `target` with `this` and the arguments in `given`. */
function call(target, given, isNew) {
  const reader = new CandidateReader();
  const [self, ...values] = reader.read(given);
  const sent = reader.met.length;
  const answer = {};
  let [key, result] = ["value"];
  try {
    const called = objects[target];
    result = isNew ? construct(called, values) : apply(called, self, values);
  } catch (error) {
    [key, result] = ["thrown", error];
  }
  const writer = new CandidateWriter(reader.met);
  const now = new CandidateWriter().write(reader.met[0]);
  if (stringify(now) !== stringify(given)) {
    answer.changed = reader.met.slice(0, sent).map((object) => writer.content(object));
  }
  return { ...answer, [key]: writer.write(result) };
}

function answer({ name, target, key, given, isNew }) {
  if (name !== undefined) return look(name);
  return key === undefined ? call(target, given, isNew) : attribute(target, key);
}

function answerSafely(request) {
  try {
    return stringify(answer(request));
  } catch (error) {
    return stringify({ thrown: { error: ["Error", "Error", describe("", error).message, []] } });
  }
}

function serve() {
  try {
    load(receive(CONTROL), enterFile(makeAsserts()))();
  } catch (error) {
    send(CONTROL, stringify({ failed: describe("load", error) }));
    leave(0);
  }
  send(CONTROL, "{}");
  try {
    for (;;) send(CONTROL, answerSafely(parse(receive(CONTROL))));
  } catch (error) {
    leave(error instanceof HungUp ? 0 : 1);
  }
}

module.exports = { serve };
