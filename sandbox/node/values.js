// Plain values as JSON, for two processes of which one trusts the other in nothing.
//
// null, booleans, texts, finite numbers and lists stand for themselves; every other value is an
// object `{tag: content}`. Objects are numbered in the order in which they are met, over all
// messages of one call, and the second time one is met it is `{"again": number}`: so sharing,
// cycles, and what a function did to its arguments survive the journey. What is received is rebuilt
// from exact builtin types and properties that are data, whatever the sender made of them.
"use strict";

const { types } = require("util");

// Taken now: a program may replace every property of every object that it can reach.
const { isArray, from } = Array;
const { isFinite, isInteger } = Number;
const { getPrototypeOf, is, keys, entries, defineProperty } = Object;
const LONGEST_ITERATOR = 10_000;
const ERRORS = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
const TypedArray = getPrototypeOf(Uint8Array);
const ArrayIterator = getPrototypeOf([].values());

const writeAll = (values, writer) => from(values, (value) => writer.write(value));
const writePairs = (value, writer) => keys(value).map((key) => [key, writer.write(value[key])]);

function fillPairs(target, content, reader) {
  for (const key of keys(target)) delete target[key];
  for (const [key, value] of content) reader.define(target, String(key), reader.read(value));
}

function fillSparse(target, [length, content], reader) {
  target.length = 0;
  fillPairs(target, content, reader);
  target.length = length;
}

function writeArray(value, writer) {
  const found = keys(value);
  const { length } = value;
  const full = found.length === length && (!length || found[length - 1] === `${length - 1}`);
  return full ? writeAll(value, writer) : { sparse: [length, writePairs(value, writer)] };
}

function writeIterator(value, writer) {
  const items = [];
  for (const item of value) {
    items.push(writer.write(item));
    if (items.length === LONGEST_ITERATOR) break;
  }
  return items;
}

function writeError(error, writer) {
  const type = keys(ERRORS).find((name) => error instanceof ERRORS[name]) || "Error";
  return [type, `${error.name}`, `${error.message}`, writePairs(error, writer)];
}

function makeError([type, name, message]) {
  const error = new (ERRORS[type] || Error)(String(message));
  if (error.name !== name) defineProperty(error, "name", { value: String(name) });
  return error;
}

function makeNumbers([name, content]) {
  if (getPrototypeOf(globalThis[name]) !== TypedArray) throw new TypeError("no array of numbers");
  return new globalThis[name](content.length);
}

const isIterator = (value) =>
  types.isGeneratorObject(value) ||
  types.isMapIterator(value) ||
  types.isSetIterator(value) ||
  getPrototypeOf(value) === ArrayIterator;

// For each tag: which objects it is for, what is written of one, how one is made of that, and what
// is put into it when it has got its number, or has changed.
const KINDS = {
  array: {
    holds: isArray,
    write: writeArray,
    make: () => [],
    fill(target, content, reader) {
      target.length = 0;
      for (const item of content) target.push(reader.read(item));
    },
  },
  sparse: { holds: isArray, make: () => [], fill: fillSparse },
  object: {
    holds: (value) => getPrototypeOf(value) === Object.prototype,
    write: writePairs,
    make: () => ({}),
    fill: fillPairs,
  },
  bare: {
    holds: (value) => getPrototypeOf(value) === null,
    write: writePairs,
    make: () => Object.create(null),
    fill: fillPairs,
  },
  map: {
    holds: types.isMap,
    write: (value, writer) => from(value, ([k, v]) => [writer.write(k), writer.write(v)]),
    make: () => new Map(),
    fill(target, content, reader) {
      target.clear();
      for (const [key, value] of content) target.set(reader.read(key), reader.read(value));
    },
  },
  set: {
    holds: types.isSet,
    write: writeAll,
    make: () => new Set(),
    fill(target, content, reader) {
      target.clear();
      for (const item of content) target.add(reader.read(item));
    },
  },
  date: {
    holds: types.isDate,
    write: (value, writer) => writer.write(value.getTime()),
    make: () => new Date(0),
    fill: (target, content, reader) => target.setTime(reader.read(content)),
  },
  regexp: {
    holds: types.isRegExp,
    write: (value) => [value.source, value.flags],
    make: ([source, flags]) => new RegExp(source, flags),
  },
  error: {
    holds: types.isNativeError,
    write: writeError,
    make: makeError,
    fill: (target, content, reader) => fillPairs(target, content[3], reader),
  },
  boxed: {
    holds: types.isBoxedPrimitive,
    write: (value, writer) => writer.write(value.valueOf()),
    make: (content, reader) => Object(reader.read(content)),
  },
  buffer: {
    holds: Buffer.isBuffer,
    write: (value) => value.toString("hex"),
    make: (content) => Buffer.alloc(content.length / 2),
    fill: (target, content) => target.write(content, "hex"),
  },
  numbers: {
    holds: types.isTypedArray,
    write: (value, writer) => [value[Symbol.toStringTag], writeAll(value, writer)],
    make: makeNumbers,
    fill: (target, content, reader) => target.set(content[1].map((item) => reader.read(item))),
  },
  iterator: {
    holds: isIterator,
    write: writeIterator,
    make: (content, reader) => content.map((item) => reader.read(item)).values(),
  },
};
const WRITTEN = entries(KINDS).filter(([, kind]) => kind.write);

/** Tag and content of `data`, which is no scalar. */
const opened = (data) => (isArray(data) ? ["array", data] : entries(data)[0]);

/** From values to JSON; what is no plain value, a class's own method `opaque` writes. */
class Writer {
  /** `met` lists the objects that were met before. */
  constructor(met = []) {
    this.numbers = new Map(met.map((object, number) => [object, number]));
  }

  write(value) {
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (typeof value === "number") {
      const isZero = is(value, -0);
      return isFinite(value) && !isZero ? value : { number: isZero ? "-0" : `${value}` };
    }
    if (value === undefined) return { undefined: 0 };
    if (typeof value === "bigint") return { bigint: `${value}` };
    if (typeof value === "symbol") return { symbol: `${value.description}` };
    const number = this.numbers.get(value);
    if (number !== undefined) return { again: number };
    this.numbers.set(value, this.numbers.size);
    return this.content(value);
  }

  /** Of an object, whether it was met or not. */
  content(value) {
    const [tag, kind] = (this.isPlain(value) && WRITTEN.find(([, k]) => k.holds(value))) || [];
    if (!kind) return this.opaque(value);
    const written = kind.write(value, this);
    return tag === "array" ? written : { [tag]: written };
  }

  isPlain() {
    return true;
  }
}

/**
 * From JSON that a writer made, or that only looks so, to values. What is no plain value, a class's
 * own method `resolve` reads. Every method throws anything where it finds no value.
 */
class Reader {
  /** `met` lists the objects that were met before, and then those that are. */
  constructor(met = []) {
    this.met = met;
  }

  read(data) {
    if (data === null || typeof data !== "object") return data;
    const [tag, content] = opened(data);
    const kind = Object.hasOwn(KINDS, tag) && KINDS[tag];
    if (!kind) return this.scalar(tag, content);
    const number = this.met.push(undefined) - 1;
    this.met[number] = kind.make(content, this);
    if (kind.fill) kind.fill(this.met[number], content, this);
    return this.met[number];
  }

  scalar(tag, content) {
    if (tag === "number") return Number(content);
    if (tag === "undefined") return undefined;
    if (tag === "bigint") return BigInt(content);
    if (tag === "symbol") return Symbol(content);
    if (tag !== "again") return this.resolve(tag, content);
    if (!isInteger(content)) throw new RangeError("an object that nobody has met");
    return this.met[content];
  }

  /** Give `target`, which was met before, what its other end holds now. */
  refill(target, data) {
    const [tag, content] = opened(data);
    const kind = Object.hasOwn(KINDS, tag) && KINDS[tag];
    if (!kind) return this.resolve(tag, content, target);
    if (!kind.holds(target)) throw new TypeError("an object of another kind");
    return kind.fill && kind.fill(target, content, this);
  }

  /** Set a property that is data, whatever its name. */
  define(target, key, value) {
    defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  }
}

module.exports = { Reader, Writer };
