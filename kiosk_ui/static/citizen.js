// Better with it, whole without it: one touch counts once, a NIK leaves no page behind, an idle screen is wiped.
"use strict";

const WARN_S = 30;
let quietSince = Date.now();
let sending = false;

let leaving = false;
async function home() {
  if (leaving) return;
  leaving = true;
  await answering();
  location.replace("/");
}
const kept = (name) => JSON.parse(sessionStorage.getItem(name) || "[]");
const keep = (name, list) => sessionStorage.setItem(name, JSON.stringify(list.slice(-60)));

// The next citizen must not land on the steps of the one before by the browser's own back: a family may have many.
function leave() {
  keep("finished", [...kept("finished"), ...kept("visit")]);
  keep("visit", []);
  home();
}

function show(page) {
  const fresh = new DOMParser().parseFromString(page, "text/html");
  document.documentElement.lang = fresh.documentElement.lang;
  document.documentElement.className = fresh.documentElement.className;
  document.title = fresh.title;
  document.body.replaceWith(document.adoptNode(fresh.body));
  arrive();
}

// Pages that carry a NIK replace each other in place: nothing to go back to, nothing to send again.
async function post(form, button) {
  for (const field of document.querySelectorAll("[data-typed][maxlength]")) field.value = field.value.slice(0, field.maxLength);
  const sent = new URLSearchParams(new FormData(form, button));
  const typed = document.getElementById("nik");
  if (typed && form.closest(".tools")) sent.set("nik", typed.value); // the keypad types here, the kiosk does not know yet
  const [answer, page] = await send(form.action, sent);
  if (!answer.redirected) show(page);
  else if (form.hasAttribute("data-swap")) location.replace(answer.url);
  else location.assign(answer.url);
}

function get(form, button) {
  const address = new URL(form.action);
  address.search = new URLSearchParams(new FormData(form, button));
  go(address);
}

function once() {
  if (sending) return false;
  sending = true;
  document.body.classList.add("busy");
  return true;
}

addEventListener("submit", (event) => {
  event.preventDefault();
  if (once()) (event.target.method === "post" ? post : get)(event.target, event.submitter);
});

// The keypad types into the field itself; only "next" asks the kiosk.
addEventListener("click", (event) => {
  if (still()?.open) return still().close(); // after the touch, or it would land on what lies beneath
  if (event.target.closest("[data-done]")) {
    event.preventDefault();
    return leave();
  }
  if (event.target.closest("[data-print]")) return window.print();
  const link = event.target.closest("a[href]");
  if (link) {
    event.preventDefault();
    if (once()) go(link.href);
    return;
  }
  const key = event.target.closest(".keypad [name=key]");
  if (!key) return;
  event.preventDefault();
  const field = typed();
  const marks = bare(field);
  if (key.value === "delete") field.value = grouped(field, marks.slice(0, -1));
  else if (marks.length < kind(field).most) field.value = grouped(field, marks + key.value);
});

// What is typed into a keypad's field, in the groups in which it is printed.
const KINDS = {
  nik: { strange: /\D/g, most: 16, groups: [6, 12] },
  code: { strange: /[^a-z0-9]/g, most: 9, groups: [3, 6] },
};
const typed = () => document.querySelector("[data-typed]");
const kind = (field) => KINDS[field.dataset.typed];
const bare = (field) => field.value.toLowerCase().replace(kind(field).strange, "");
const grouped = (field, marks) =>
  [...marks].map((mark, at) => (kind(field).groups.includes(at) ? " " : "") + mark).join("");

addEventListener("input", (event) => {
  const field = event.target;
  if (!field.dataset.typed || /[^a-z0-9\s]/i.test(field.value)) return;
  const marks = field.value.toLowerCase().replace(/\s/g, "");
  if (marks === bare(field) && marks.length <= kind(field).most) field.value = grouped(field, marks);
});

// A scanner types like a keyboard, faster than fingers, and ends with Enter. Between fields it must press nothing.
const QUICK_MS = 60;
let burst = "";
let lastKey = 0;
let press = 0;
addEventListener("keydown", (event) => {
  const quick = event.timeStamp - lastKey < QUICK_MS;
  lastKey = event.timeStamp;
  if (quick) clearTimeout(press);
  if (event.target.dataset?.typed || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Enter" && quick && burst) {
    event.preventDefault();
    scanned(burst);
  }
  if (event.key.length === 1) {
    if (quick) event.preventDefault();
    burst = (quick ? burst + event.key : event.key).slice(-64);
  } else if (event.key !== "Shift") burst = "";
}, true);

// Whether a space is a finger's or a scanner's first is known only a moment later: then it presses.
addEventListener("keyup", (event) => {
  const pressed = event.target;
  if (event.key !== " " || !pressed.matches?.("button, summary, [type=checkbox]")) return;
  event.preventDefault();
  clearTimeout(press);
  if (burst === " ") press = setTimeout(() => { if (pressed.isConnected) pressed.click(); }, QUICK_MS);
}, true);

function scanned(text) {
  const field = typed();
  if (field) {
    field.value = text;
    return field.form.requestSubmit(field.form.querySelector(".first-submit"));
  }
  const code = text.toLowerCase().replace(/^\][a-z]\d|[^a-z0-9]/g, "");
  if (/^[a-z2-9]{9}$/.test(code)) go(`/cari/${code}?lang=${document.documentElement.lang}`);
}

for (const touch of ["pointerdown", "keydown", "wheel", "touchstart", "rekam:awake"]) {
  addEventListener(touch, () => { quietSince = Date.now(); }, { passive: true, capture: true });
}

const still = () => document.getElementById("still");

function watch() {
  const limit = Number(document.body.dataset.idle);
  if (!limit) return;
  const left = limit - Math.floor((Date.now() - quietSince) / 1000);
  if (left > limit) quietSince = Date.now(); // the clock was set back
  if (left <= 0) return leave();
  const dialog = still();
  if (left > WARN_S || !dialog) return;
  const words = dialog.querySelector("p");
  words.textContent = words.dataset.text.replace("#", left);
  if (!dialog.open) dialog.showModal();
}

// The paper comes after the number: what became of it is told in place.
async function look() {
  const part = document.querySelector("[data-pending]");
  if (!part) return;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const told = fresh.getElementById(part.id);
    if (!answer.ok || !told || !part.isConnected) return;
    part.replaceWith(document.adoptNode(told));
    document.body.dataset.idle = fresh.body.dataset.idle;
    if (still()?.open) still().close();
  } catch { /* asked again soon */ }
}

// What the Tab key comes to is scrolled above the bar, however many rows of buttons that has.
const clear = new ResizeObserver(([bar]) => {
  document.documentElement.style.scrollPaddingBottom = `${bar.target.offsetHeight + 16}px`;
});

function arrive() {
  const bar = document.querySelector(".acts");
  clear.disconnect();
  if (bar) clear.observe(bar);
  dispatchEvent(new Event("rekam:arrived"));
  sending = false;
  quietSince = Date.now();
  const request = document.body.dataset.request;
  if (request && kept("finished").includes(request)) return home();
  if (request) keep("visit", [...new Set([...kept("visit"), request])]);
  const field = typed();
  if (field) {
    field.value = grouped(field, bare(field)) || field.value;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }
}

// Staff hold the office's name for five seconds: the sign-in opens. Nothing on the screen tells of it.
const HOLD_MS = 5000;
let held = 0;
addEventListener("pointerdown", (event) => {
  const door = event.target.closest("[data-staff]")?.dataset.staff;
  clearTimeout(held);
  if (door) held = setTimeout(() => location.assign(door), HOLD_MS);
});
for (const end of ["pointerup", "pointercancel", "blur"]) addEventListener(end, () => clearTimeout(held));

// A screen that nobody touches learns of a disturbance, or that the kiosk was suspended or brought back.
let freshAt = 0;
async function freshen() {
  const every = Number(document.body.dataset.fresh);
  if (!every || Number(document.body.dataset.idle) || Date.now() - Math.max(quietSince, freshAt) < every * 1000) return;
  const since = quietSince;
  freshAt = Date.now();
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const page = await answer.text();
    if (!answer.ok || since !== quietSince || sending) return;
    show(page);
    quietSince = since; // nobody came
    rest();
  } catch { /* asked again soon */ }
}

// Nobody is there: messages over the services, one after another. A touch only wakes the screen.
function rest() {
  const messages = document.getElementById("rest");
  if (!messages || Number(document.body.dataset.idle)) return;
  const quiet = (Date.now() - quietSince) / 1000 - messages.dataset.after;
  const slides = messages.querySelectorAll(".slide");
  if (quiet < 0 || !slides.length) return wake(messages);
  const turn = Math.floor(quiet / messages.dataset.each) % slides.length;
  slides.forEach((slide, at) => { slide.hidden = at !== turn; });
  if (!messages.hidden) return;
  messages.hidden = false;
  messages.focus({ preventScroll: true });
  for (const other of document.querySelectorAll(".top, main")) other.inert = true;
}

function wake(messages) {
  if (messages.hidden) return;
  messages.hidden = true;
  for (const other of document.querySelectorAll(".top, main")) other.inert = false;
}

addEventListener("click", (event) => { if (event.target.closest("#rest")) wake(document.getElementById("rest")); });
addEventListener("keydown", (event) => {
  const messages = document.getElementById("rest");
  if (!messages || messages.hidden) return;
  event.preventDefault();
  wake(messages);
});

addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
addEventListener("contextmenu", (event) => event.preventDefault());
setInterval(watch, 1000);
setInterval(rest, 1000);
setInterval(look, 2000);
setInterval(freshen, 5000);
arrive();
