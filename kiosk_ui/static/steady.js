// A page is left only for one that answers: a kiosk that is starting again leaves no dead screen and loses no touch.
"use strict";

const AGAIN_MS = 1000;
let asking = null;

async function ask() {
  for (;;) {
    try {
      if ((await fetch("/healthz", { cache: "no-store" })).ok) return hold(false);
    } catch { /* asked again soon */ }
    hold(true);
    await new Promise((done) => { setTimeout(done, AGAIN_MS); });
  }
}

function hold(waiting) {
  const words = document.getElementById("hold");
  if (words) words.hidden = !waiting;
}

// Comes to its end as soon as the kiosk answers.
function answering() {
  asking ??= ask().finally(() => { asking = null; });
  return asking;
}

async function go(address) {
  await answering();
  location.assign(address);
}

// Sent until it is answered: a request has a name of its own, so it counts once however often it arrives.
async function send(address, sent) {
  for (;;) {
    try {
      const answer = await fetch(address, { method: "POST", body: sent, cache: "no-store" });
      return [answer, answer.redirected ? "" : await answer.text()];
    } catch {
      await answering();
    }
  }
}
