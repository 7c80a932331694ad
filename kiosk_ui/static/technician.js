// Draws the history of a reading: lowest to highest as a band, the mean as a line, outages behind them.
// Without it the tables below the pictures say the same.
"use strict";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const SIZES = [["GB", 2 ** 30], ["MB", 2 ** 20], ["kB", 2 ** 10]];
const isSize = (name) => /^(bytes_|disk_|memory_)|_bytes$/.test(name) && !/_percent$/.test(name);

// A time in the unit that keeps its number short.
const UNITS = [["day", 86400, 2], ["hour", 3600, 2], ["minute", 60, 2], ["second", 1, 1], ["millisecond", 0.001, 0]];
const MOMENTS = [.001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200,
  14400, 21600, 43200, 86400, 172800, 432000, 864000, 2592000, 8640000];
const DAYS = [1, 2, 7, 14, 30].map((each) => each * 86400);

function duration(value) {
  if (!value) return "0";
  const [unit, size] = UNITS.find(([, size, least]) => Math.abs(value) >= size * least);
  return (value / size).toLocaleString(document.documentElement.lang, { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 1 });
}

function unit(name, value) {
  if (value == null) return "";
  if (isSize(name)) {
    const [word, size] = SIZES.find(([, least]) => Math.abs(value) >= least) || ["B", 1];
    return `${(value / size).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} ${word}`;
  }
  if (/_s$/.test(name)) return duration(value);
  const ending = { _percent: " %", _kbit: " kbit/s", _c: " °C" }[name.match(/_[a-z]+$/)?.[0]] || "";
  return value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 2 }) + ending;
}

// Bands of the times in which the probe was bad, drawn before the line.
function bands(outages) {
  return (plot) => {
    const { ctx, bbox } = plot;
    for (const [from, to, severity] of outages) {
      const left = Math.max(bbox.left, plot.valToPos(from, "x", true));
      const right = Math.min(bbox.left + bbox.width, plot.valToPos(to, "x", true));
      ctx.fillStyle = colour(severity === "down" ? "--fault-tint" : "--line");
      ctx.fillRect(left, bbox.top, Math.max(2, right - left), bbox.height);
    }
  };
}

function options(place, found) {
  const zone = place.dataset.zone;
  const name = place.dataset.reading;
  const words = place.dataset.words?.split("|");
  const long = found.until - found.since > 2 * 86400;
  const moment = new Intl.DateTimeFormat(document.documentElement.lang, {
    timeZone: zone, hour12: false, ...(long ? { day: "numeric", month: "short" } : { hour: "2-digit", minute: "2-digit" }),
  });
  const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: `14px ${colour("--font")}` };
  const line = { stroke: colour("--accent"), points: { show: false } };
  return {
    width: place.clientWidth, height: 220, legend: { show: false }, cursor: { show: false },
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), zone),
    scales: {
      x: { min: found.since, max: found.until },
      y: words ? { range: [-0.1, 1.1] } : { range: (_plot, low, high) => (low === high ? [Math.min(0, low), high + 1] : [Math.min(0, low), high * 1.05]) },
    },
    axes: [{ ...axis, space: 70, ...(long && { incrs: DAYS }), values: (_plot, at) => at.map((each) => moment.format(each * 1000)) },
           { ...axis, size: 84, ...(words && { splits: [0, 1] }), ...(/_s$/.test(name) && { incrs: MOMENTS }), values: (_plot, at) => at.map((each) => (words ? words[each] : unit(name, each))) }],
    series: [{}, { ...line, width: 0 }, { ...line, width: 0 }, { ...line, width: 2 }],
    bands: [{ series: [2, 1], fill: colour("--accent-tint") }],
    hooks: { drawClear: [bands(found.outages)] },
  };
}

async function draw(place) {
  const answer = await fetch(place.dataset.plot, { cache: "no-store" });
  if (!answer.ok) return;
  const found = await answer.json();
  if (!found.t.length) return;
  place.replaceChildren();
  place.classList.add("drawn");
  new uPlot(options(place, found), [found.t, found.low, found.high, found.mean], place);
}

const places = () => [...document.querySelectorAll("[data-plot]")];
const drawAll = () => Promise.allSettled(places().map(draw));
let width = 0;

drawAll().then(() => {
  for (const fold of document.querySelectorAll("[data-fallback]")) fold.open = !document.querySelector(".plot.drawn");
  width = document.documentElement.clientWidth;
});
addEventListener("resize", () => {
  if (document.documentElement.clientWidth === width) return;
  width = document.documentElement.clientWidth;
  drawAll();
});
setInterval(drawAll, 60_000);
