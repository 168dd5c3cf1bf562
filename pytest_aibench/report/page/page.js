"use strict";
// The explorer: problems on the left, the samples of one of them on the right. Samples are packed
// (gzip, base64) one block a problem, and unpacked when their problem is opened.
const index = JSON.parse(document.getElementById("index").textContent);
const at = (id) => document.getElementById(id);
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
const shown = { rows: [], row: null, samples: [], sample: null, turn: 0 };

async function unpack(block) {
  const bytes = Uint8Array.from(atob(at(block).textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

function listProblems() {
  const words = at("find").value.toLowerCase().split(/\s+/).filter(Boolean);
  const kind = at("kind").value;
  const benchmark = at("benchmark").value;
  const fits = (row) =>
    (!benchmark || row.benchmark === benchmark) &&
    (!kind || row.kinds.includes(kind)) &&
    words.every((word) => row.problem.toLowerCase().includes(word));
  const share = (row) => (row.n ? row.c / row.n : -1);
  shown.rows = index.filter(fits);
  if (at("order").value === "hardest") shown.rows.sort((a, b) => share(a) - share(b));
  if (at("order").value === "easiest") shown.rows.sort((a, b) => share(b) - share(a));
  at("problems").replaceChildren(...shown.rows.map(problemButton));
  at("found").textContent = `${shown.rows.length} of ${index.length} problems`;
  markProblem();
}

function problemButton(row) {
  const meter = make("span", { className: "meter" }, make("i"));
  meter.firstChild.style.width = `${row.n ? (100 * row.c) / row.n : 0}%`;
  const button = make("button", { type: "button" },
    make("span", { textContent: row.problem, title: row.problem }), meter,
    make("span", { className: "of", textContent: `${row.c}/${row.n}` }));
  button.addEventListener("click", () => go(row));
  row.button = button;
  return button;
}

function markProblem() {
  for (const row of shown.rows) {
    if (row === shown.row) row.button.setAttribute("aria-current", "true");
    else row.button.removeAttribute("aria-current");
  }
}

// The address names what is open, so that links and the back button work.
function go(row, sample) {
  const parts = [row.benchmark, row.problem];
  if (sample !== undefined) parts.push(String(sample));
  const target = "#/" + parts.map(encodeURIComponent).join("/");
  if (location.hash === target) return follow();
  location.hash = target;
}

async function follow() {
  if (!location.hash.startsWith("#/")) return;
  const [benchmark, problem, sample] = location.hash.slice(2).split("/").map(decodeURIComponent);
  const row = index.find((r) => r.benchmark === benchmark && r.problem === problem);
  if (!row) return;
  if (row !== shown.row) {
    const turn = ++shown.turn;
    const unpacked = row.block ? await unpack(row.block) : { samples: [] };
    if (turn !== shown.turn) return;
    shown.row = row;
    shown.prompt = unpacked.prompt;
    shown.samples = unpacked.samples;
    markProblem();
    row.button?.scrollIntoView({ block: "nearest" });
    at("title").textContent = `${row.problem}: ${row.c} of ${row.n} passed`;
    at("samples").replaceChildren(...shown.samples.map(sampleButton));
    shown.sample = null;
    if (matchMedia("(max-width: 46rem)").matches) at("title").scrollIntoView();
  }
  const wanted = shown.samples.find((s) => String(s.sample) === sample) || shown.samples[0];
  if (wanted) showSample(wanted);
  else at("detail").replaceChildren(make("p", { textContent: "No samples in this file." }));
}

function sampleButton(sample) {
  const word = sample.kind ? sample.kind.replaceAll("_", " ") : "not measured";
  const button = make("button", {
    type: "button", textContent: sample.sample, title: `sample ${sample.sample}: ${word}`,
    ariaLabel: `sample ${sample.sample}: ${word}`,
  });
  button.style.background = `var(--${sample.kind || "unmeasured"})`;
  button.addEventListener("click", () => go(shown.row, sample.sample));
  sample.button = button;
  return button;
}

function showSample(sample) {
  shown.sample?.button.removeAttribute("aria-current");
  shown.sample = sample;
  sample.button.setAttribute("aria-current", "true");
  const word = sample.kind ? sample.kind.replaceAll("_", " ") : "not measured";
  const facts = [
    sample.truncated && "cut at the token limit",
    sample.cpu_seconds && `${sample.cpu_seconds.toFixed(3)} s of CPU`,
    sample.model_seconds && `${sample.model_seconds.toFixed(1)} s for the reply`,
    sample.tokens_out && `${sample.tokens_out} tokens`,
  ].filter(Boolean).join(" · ");
  const key = make("span", { className: "key" });
  key.style.background = `var(--${sample.kind || "unmeasured"})`;
  const reply = typeof sample.reply === "object" ? sample.reply : { text: sample.reply };
  at("detail").replaceChildren(
    make("h3", {}, key, `Sample ${sample.sample}: ${word}`),
    make("p", { className: "soft", textContent: facts }),
    ...block("What happened", sample.error || sample.detail, true),
    ...block("Error output", sample.stderr, true),
    ...block("Extracted code", sample.solution, true),
    ...block("Reply", reply.text, reply.text !== sample.solution),
    ...block("Reasoning", reply.reasoning, false),
    ...block("Output", sample.stdout, false),
    ...block("Prompt", sample.prompt ?? shown.prompt, false));
}

function block(title, text, open) {
  if (!text) return [];
  return [make("details", { open }, make("summary", { textContent: title }),
    make("pre", { textContent: text, tabIndex: 0 }))];
}

function step(list, current, by) {
  const place = list.indexOf(current);
  return list[Math.min(Math.max(place + by, 0), list.length - 1)];
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = /^(INPUT|SELECT)$/.test(event.target.tagName);
  if (event.key === "Escape" && typing) return event.target.blur();
  if (typing) return;
  const moves = { j: [1, 0], k: [-1, 0], l: [0, 1], h: [0, -1] };
  if (event.key === "/") {
    at("find").focus();
  } else if (moves[event.key]) {
    const [problems, samples] = moves[event.key];
    const row = step(shown.rows, shown.row, problems);
    if (problems && row) go(row);
    if (samples && shown.sample) go(shown.row, step(shown.samples, shown.sample, samples).sample);
  } else {
    return;
  }
  event.preventDefault();
}

for (const id of ["find", "kind", "benchmark", "order"]) at(id).addEventListener("input", listProblems);
addEventListener("hashchange", follow);
addEventListener("keydown", onKey);
listProblems();
follow();
