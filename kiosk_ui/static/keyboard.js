// Letters and digits for a touch screen that has no keyboard; they go where the typing was.
"use strict";

let field = document.activeElement?.matches("input") ? document.activeElement : document.querySelector("form.box input:not([type=hidden])");
addEventListener("focusin", (event) => { if (event.target.matches("input")) field = event.target; });

addEventListener("pointerdown", (event) => { if (event.target.closest("[data-keyboard]")) event.preventDefault(); });
addEventListener("click", (event) => {
  const key = event.target.closest("[data-key]")?.dataset.key;
  if (key === undefined) return;
  field.value = key ? (field.value + key).slice(0, field.maxLength) : field.value.slice(0, -1);
  field.focus();
});

const keyboard = document.querySelector("[data-keyboard]");
keyboard.hidden = false;

// Whoever walks away leaves the screen to the citizens.
const QUIET_MS = 180_000;
let leaving = 0;
function wait() {
  clearTimeout(leaving);
  leaving = setTimeout(() => location.replace(keyboard.dataset.keyboard), QUIET_MS);
}
for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, wait);
wait();
