// What a sample's process and PID 1 say to each other (`supervisor/languages/protocol.py`), and the
// messages of two processes of one sample: each a big-endian 32-bit length and as many bytes.
"use strict";

const { readSync, writeSync } = require("fs");

const CONTROL = 3;

// Taken now: a program may replace every property of every object that it can reach.
const { apply } = Reflect;
const allocate = Buffer.alloc;
const fromText = Buffer.from;
const concat = Buffer.concat;
const bufferText = Buffer.prototype.toString;
const readLength = Buffer.prototype.readUInt32BE;
const writeLength = Buffer.prototype.writeUInt32BE;
const leave = process.reallyExit.bind(process);

class HungUp extends Error {}

function read(fd, size) {
  const data = allocate(size);
  for (let at = 0; at < size; ) {
    const count = readSync(fd, data, at, size - at);
    if (count === 0) throw new HungUp("the other side is gone");
    at += count;
  }
  return data;
}

function write(fd, data) {
  for (let at = 0; at < data.length; ) at += writeSync(fd, data, at, data.length - at);
}

/** The next message at `fd`, in an encoding of Buffer's. */
function receive(fd, encoding = "utf8") {
  return apply(bufferText, read(fd, apply(readLength, read(fd, 4), [0])), [encoding]);
}

function send(fd, text) {
  const data = fromText(text);
  const length = allocate(4);
  apply(writeLength, length, [data.length]);
  write(fd, concat([length, data]));
}

/** The first part of the program. */
function firstPart() {
  return receive(CONTROL);
}

/** The part of the program that comes next, which is sent when it is asked for. */
function nextPart(encoding) {
  write(CONTROL, fromText("+"));
  return receive(CONTROL, encoding);
}

/** Report how the program ended, in JSON, and leave. */
function finish(report, status) {
  write(CONTROL, fromText(report));
  leave(status);
}

module.exports = { CONTROL, HungUp, finish, firstPart, leave, nextPart, receive, send };
