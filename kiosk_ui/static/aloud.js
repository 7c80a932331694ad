// Reads a page aloud: each marked text in its order, the one being said stands out. Any way on ends it.
"use strict";

let voice = null;

function hush() {
  voice?.pause();
  voice = null;
  for (const said of document.querySelectorAll(".said")) said.classList.remove("said");
  label("begin");
}

// The button says what a touch does; where nothing can be heard it says that.
function label(state) {
  const button = document.querySelector("[data-listen]");
  if (!button) return;
  button.querySelector("span").textContent = button.dataset[state];
  button.classList.toggle("silent", state === "mute");
  button.disabled = state === "mute";
}

function listen() {
  const parts = [...document.querySelectorAll("[data-say]")].filter((part) => part.checkVisibility());
  const sound = voice = new Audio();
  const next = () => {
    if (voice !== sound) return;
    document.querySelector(".said")?.classList.remove("said");
    const part = parts.shift();
    if (!part?.isConnected) return hush();
    dispatchEvent(new Event("rekam:awake")); // who listens is there, though they touch nothing
    part.classList.add("said");
    part.scrollIntoView({ block: "nearest" });
    sound.src = part.dataset.say;
    sound.play().catch(mute);
  };
  const mute = () => {
    if (voice !== sound) return;
    hush();
    label("mute");
  };
  sound.addEventListener("ended", next);
  sound.addEventListener("error", mute);
  label("stop");
  next();
}

addEventListener("click", (event) => {
  if (!event.target.closest("[data-listen]")) return;
  if (voice) hush();
  else listen();
});
addEventListener("submit", hush);
addEventListener("rekam:arrived", hush);
