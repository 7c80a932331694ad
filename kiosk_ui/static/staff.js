// Keeps lists, board and health fresh without a touch; everything works without it, by reloading.
"use strict";

let freshAt = Date.now();
let shown = document.querySelector("[data-call]")?.dataset.call;

// What somebody is using stays as it is until they are done; a list that they unfolded goes on, unfolded.
const REST = ".rest > summary";
const inUse = (part) => part.querySelector("details[open]:not(.rest)") || (part.contains(document.activeElement) && !document.activeElement.matches(REST));

function swap(part, fresh) {
  const reading = part.contains(document.activeElement); // the list's own handle, or it would be in use
  if (part.querySelector(".rest[open]")) fresh.querySelector(".rest")?.setAttribute("open", "");
  part.replaceWith(document.adoptNode(fresh));
  if (reading) fresh.querySelector(REST)?.focus();
}

async function refresh() {
  let answer, text;
  try {
    answer = await fetch(location.href, { headers: { "X-Rekam-Auto": "1" }, cache: "no-store", signal: AbortSignal.timeout(8000) });
    text = await answer.text(); // the time may run out here too
  } catch {
    return stale();
  }
  if (answer.redirected) return location.assign(answer.url);
  if (!answer.ok) return stale();
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const other = fresh.getElementById(part.id);
    if (other && !inUse(part)) swap(part, other);
  }
  freshAt = Date.now();
  const note = document.getElementById("stale");
  if (note) note.hidden = true;
  announce();
  ring();
  queue();
}

// The kiosk's help bell sounds once, however often this page is loaded meanwhile.
function ring() {
  const since = document.querySelector("[data-rings]")?.dataset.rings ?? "";
  const known = sessionStorage.getItem("rang") ?? "";
  sessionStorage.setItem("rang", since);
  document.title = document.title.replace(/^(\(!\) )?/, since ? "(!) " : "");
  if (!since || since === known) return;
  const sound = new AudioContext();
  for (const [at, pitch] of [[0, 880], [0.3, 660], [1, 880], [1.3, 660]]) {
    const tone = new OscillatorNode(sound, { frequency: pitch });
    const loudness = new GainNode(sound, { gain: 0.3 });
    loudness.gain.setTargetAtTime(0, sound.currentTime + at + 0.1, 0.1);
    tone.connect(loudness).connect(sound.destination);
    tone.start(sound.currentTime + at);
    tone.stop(sound.currentTime + at + 0.6);
  }
}

function announce() {
  const newest = document.querySelector("[data-call]");
  if (newest && newest.dataset.call !== shown) newest.classList.add("fresh");
  shown = newest?.dataset.call;
}

// Calls are spoken one after another, each to its end; those from before this board was opened are not.
const LONGEST_MS = 30000; // a player that never says that it ended must not silence the rest
const numbers = () => [...document.querySelectorAll("[data-sound]")].map((each) => Number(each.dataset.sound));
const waiting = [];
let heard = Math.max(0, ...numbers());
let voice = null;

function queue() {
  const listed = numbers();
  if (listed.length && Math.max(...listed) < heard) heard = Math.max(...listed); // an older office came back
  waiting.push(...listed.filter((number) => number > heard));
  heard = Math.max(heard, ...listed);
  speak();
}

async function speak() {
  if (voice || !waiting.length) return;
  const call = voice = {};
  const address = `/papan/suara/${waiting[0]}`;
  let found;
  try {
    found = (await fetch(address, { method: "HEAD", signal: AbortSignal.timeout(15000) })).status;
  } catch { /* the office is restarting: the call waits for the next refresh */ }
  if (!found || found >= 500) return void (voice = null);
  waiting.shift();
  const next = (silent) => {
    if (voice !== call) return;
    voice = null;
    document.getElementById("mute").hidden = !silent;
    speak();
  };
  if (found !== 200) return next(true);
  const sound = new Audio(address);
  sound.addEventListener("ended", () => next(false));
  sound.addEventListener("error", () => next(true));
  setTimeout(() => next(true), LONGEST_MS);
  sound.play().catch(() => next(true));
}

// The last good state stays, with its age.
function stale() {
  const note = document.getElementById("stale");
  if (!note) return;
  const seconds = Math.max(0, Math.round((Date.now() - freshAt) / 1000));
  const [unit, size] = seconds < 60 ? ["seconds", 1] : seconds < 3600 ? ["minutes", 60] : ["hours", 3600];
  const since = document.querySelector("#clock b").textContent; // the office's own time of the last good answer
  note.textContent = note.dataset[unit].replace("#", Math.floor(seconds / size)).replace("@", since);
  note.hidden = false;
}

addEventListener("submit", (event) => {
  if (event.target.dataset.sent) return event.preventDefault();
  event.target.dataset.sent = "1";
});
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

ring();
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

const every = Number(document.body.dataset.refresh);
if (every) setInterval(refresh, every * 1000);
