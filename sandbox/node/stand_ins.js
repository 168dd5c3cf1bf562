// What the tests see in place of a solution that lives in another process.
"use strict";

const { HungUp, receive, send } = require("./control.js");
const { Reader, Writer } = require("./values.js");

// What tests ask of plain values; an object or function that offers it too is an impostor.
const PLAIN = new Set(["then", "toJSON"]);
for (const type of [Object, Function, Array, String, Number, BigInt, Boolean, Date, RegExp]) {
  for (const name of Object.getOwnPropertyNames(type.prototype)) PLAIN.add(name);
}
for (const type of [Map, Set, Error, Buffer, Object.getPrototypeOf(Uint8Array)]) {
  for (const name of Object.getOwnPropertyNames(type.prototype)) PLAIN.add(name);
}
const CALLING = new Set(["call", "apply", "bind"]);

/** These tests want more of a solution than values: nothing is said about the solution. */
class Impossible extends Error {}

/** The solution's process is gone, or has not answered with a value. */
class CandidateError extends Error {}

class TestWriter extends Writer {
  constructor(solution) {
    super();
    this.solution = solution;
  }

  isPlain(value) {
    return !this.solution.numberOf.has(value);
  }

  opaque(value) {
    const number = this.solution.numberOf.get(value);
    if (number === undefined) this.solution.giveUp(`the tests give the solution a ${typeof value}`);
    return { remote: number };
  }
}

class TestReader extends Reader {
  constructor(solution, met) {
    super(met);
    this.solution = solution;
  }

  resolve(tag, content, target) {
    if (tag !== "remote") throw new TypeError(`no value is written as ${tag}`);
    const object = this.solution.standIn(content);
    if (!target) this.met.push(object);
    this.refillOwn(this.solution.ownOf.get(object), content[2]);
    return object;
  }

  refillOwn(own, content) {
    for (const key of Object.keys(own)) delete own[key];
    for (const [key, value] of content) this.define(own, String(key), this.read(value));
  }

  define(target, key, value) {
    if (!this.solution.isImpostor(key, value)) super.define(target, key, value);
  }
}

/** The solution at the other end of the descriptor `fd`, whose main function is `entryPoint`. */
class Solution {
  constructor(fd, entryPoint) {
    this.fd = fd;
    this.scope = this.makeScope(entryPoint);
    this.isUsed = false; // whether the tests have asked for anything
    this.names = new Map(); // what was found under each name that the tests use; null for nothing
    this.standIns = new Map(); // by the numbers that the solution's process gave them
    this.numberOf = new WeakMap();
    this.ownOf = new WeakMap(); // of a stand-in: the object with the properties that are data
    this.makesObjects = false; // decided by the tests, which are trusted
    this.impossible = "";
    this.broken = "";
  }

  /** An outermost scope for the tests: names that are nobody else's are the solution's. */
  makeScope(entryPoint) {
    const isFree = (name) => name === entryPoint || !(name in globalThis);
    return new Proxy(Object.create(null), {
      has: (_, name) => typeof name === "string" && isFree(name) && this.has(name),
      get: (_, name) => (typeof name === "string" ? this.get(name) : undefined),
      set: (_, name) => this.giveUp(`the tests assign to ${name}`),
    });
  }

  /** Give up, also where the tests catch every exception. Throws `Impossible`. */
  giveUp(reason) {
    this.impossible = this.impossible || reason;
    throw new Impossible(reason);
  }

  /** What `understand` makes of the answer to `request`. Throws `CandidateError`. */
  exchange(request, understand) {
    if (this.impossible) throw new Impossible(this.impossible);
    if (this.broken) throw new CandidateError(this.broken);
    try {
      send(this.fd, JSON.stringify(request));
      return understand(JSON.parse(receive(this.fd)));
    } catch (error) {
      if (error instanceof Impossible) throw error;
      const gone = error instanceof HungUp || error.code;
      this.broken = gone ? "its process ended before the tests" : "it answered with no value";
      throw new CandidateError(this.broken);
    }
  }

  /** What `request` is answered with; `met` lists the objects in it. Throws what it throws. */
  ask(request, met = []) {
    const { thrown, value } = this.exchange(request, (answer) => {
      const reader = new TestReader(this, met);
      const sent = met.slice();
      (answer.changed || []).forEach((data, number) => reader.refill(sent[number], data));
      const thrown = "thrown" in answer;
      return { thrown, value: reader.read(thrown ? answer.thrown : answer.value) };
    });
    if (thrown) throw value;
    return value;
  }

  call(target, self, values, isNew = false) {
    const writer = new TestWriter(this);
    const given = writer.write([self, ...values]);
    return this.ask({ target, given, isNew }, [...writer.numbers.keys()]);
  }

  /** Whether the solution has something called `name`. */
  has(name) {
    this.isUsed = true;
    if (!this.names.has(name)) {
      const found = this.exchange({ name }, (answer) => this.understandName(name, answer));
      this.names.set(name, found);
    }
    return this.names.get(name) !== null;
  }

  understandName(name, { value }) {
    if (value === undefined) return null;
    const [number, kind] = (value && value.remote) || [];
    const isFunction = kind === "function";
    return { value: isFunction ? this.named(name, number) : new TestReader(this).read(value) };
  }

  get(name) {
    return this.has(name) ? this.names.get(name).value : undefined;
  }

  /** A function, by the name that the tests know: it can be called. */
  named(name, number) {
    const refuse = (_, key) => this.giveUp(`the tests look at ${String(key)} of ${name}`);
    const standIn = new Proxy(function () {}, {
      apply: (_, self, values) =>
        this.call(number, self === this.scope ? undefined : self, values),
      construct: (_, values) => {
        this.makesObjects = true;
        return this.call(number, undefined, values, true);
      },
      get: (own, key) => (CALLING.has(key) ? own[key] : refuse(own, key)),
      set: refuse,
    });
    this.numberOf.set(standIn, number);
    return standIn;
  }

  /** An object or function that the solution made: it equals nothing, and can do little. */
  standIn([number, kind]) {
    if (this.standIns.has(number)) return this.standIns.get(number);
    const own = kind === "function" ? function () {} : {};
    const standIn = new Proxy(own, {
      apply: (_, self, values) => this.call(number, self, values),
      construct: (_, values) => this.call(number, undefined, values, true),
      get: (_, key) => this.attribute(own, number, key),
      set: (_, key) =>
        this.makesObjects && this.giveUp(`the tests set ${String(key)} of the solution's objects`),
    });
    this.standIns.set(number, standIn);
    this.numberOf.set(standIn, number);
    this.ownOf.set(standIn, own);
    return standIn;
  }

  attribute(own, number, key) {
    if (Object.prototype.propertyIsEnumerable.call(own, key)) return own[key];
    if (typeof own === "function" && CALLING.has(key)) return own[key];
    if (this.makesObjects && typeof key === "symbol") {
      this.giveUp(`the tests use ${String(key)} of the solution's objects`);
    }
    if (typeof key === "symbol" || (PLAIN.has(key) && !this.makesObjects)) {
      return typeof own === "function" ? undefined : own[key];
    }
    return this.ask({ target: number, key });
  }

  /** Whether a property would let the solution answer where the tests ask a plain value. */
  isImpostor(key, value) {
    const isStandIn = value !== null && /object|function/.test(typeof value);
    return isStandIn && this.numberOf.has(value) && PLAIN.has(key) && !this.makesObjects;
  }
}

module.exports = { Impossible, Solution };
