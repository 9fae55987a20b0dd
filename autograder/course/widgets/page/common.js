// What the pages of all widgets share. Python puts this text in front of each widget's own script.

/** An HTML element with attributes and children. */
function el(tag, attributes = {}, ...children) {
  return furnish(document.createElement(tag), attributes, children);
}

/** An SVG element with attributes and children. */
function svg(tag, attributes = {}, ...children) {
  return furnish(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function furnish(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A number as the lessons write it: with a true minus sign. */
function text(value, digits) {
  if (value === null) return "not a number";
  return value.toFixed(digits).replace("-", "−");
}

/** A labelled slider. `set(value)` moves it without calling `moved`. */
function slider({ label, min, max, step, value, show, moved }) {
  const input = el("input", { type: "range", min, max, step });
  // Screen readers have the number from the slider itself.
  const output = el("output", { "aria-hidden": "true" });
  const set = (number) => {
    input.value = number;
    output.textContent = show(number);
    input.setAttribute("aria-valuetext", show(number));
  };
  input.addEventListener("input", () => {
    set(Number(input.value));
    moved(Number(input.value));
  });
  // Some front ends take the arrow keys away from a slider, so they are read here.
  input.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    set(Math.min(max, Math.max(min, Number(input.value) + way * step)));
    moved(Number(input.value));
  });
  set(value);
  return { node: el("label", { class: "ntn-slider" }, el("span", {}, label), input, output), set };
}

function button(label, pressed) {
  const node = el("button", { type: "button" }, label);
  node.addEventListener("click", pressed);
  return node;
}

/**
 * Furnish a widget's place on the page, draw now, and again whenever the kernel has something new.
 * A sentence about what went wrong stands below. Returns what anywidget calls when the widget goes.
 */
function live(model, place, children, draw) {
  const note = el("p", { class: "ntn-note", role: "status" });
  const widget = el("div", { class: "ntn" }, ...children, note);
  // The keys belong to the widget, not to Jupyter's shortcuts, while something in it has the focus. Notebook 7 asks
  // before the widget does, and JupyterLab has shortcuts for whatever has the focus: so each part says it itself.
  for (const part of [widget, ...widget.querySelectorAll("button, input, select, [tabindex]")])
    part.setAttribute("data-lm-suppress-shortcuts", "true");
  place.append(widget);
  const redraw = () => {
    note.textContent = model.get("note");
    draw(model.get("shown"));
  };
  const events = "change:shown change:note";
  model.on(events, redraw);
  redraw();
  return () => model.off(events, redraw);
}

/** A line that screen readers read out once things have come to rest. */
function spoken(attributes = {}) {
  const node = el("p", { class: "ntn-spoken", "aria-live": "polite", ...attributes });
  let waiting;
  return {
    node,
    say(sentence) {
      clearTimeout(waiting);
      waiting = setTimeout(() => (node.textContent = sentence), 500);
    },
  };
}

/** A pair of axes: `x` and `y` turn values into places, `front` takes what is drawn on them. */
function plot({ width, height, xs, ys, xlabel, ylabel, xticks, yticks, label }) {
  const [left, right, top, bottom] = [46, width - 8, 10, height - 40];
  const x = (value) => left + ((value - xs[0]) / (xs[1] - xs[0])) * (right - left);
  const y = (value) => bottom - ((value - ys[0]) / (ys[1] - ys[0])) * (bottom - top);
  const clip = `ntn-clip-${Math.random().toString(36).slice(2)}`;
  const front = svg("g", { "clip-path": `url(#${clip})` });
  const node = svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    svg("clipPath", { id: clip }, svg("rect", { x: left, y: top, width: right - left, height: bottom - top })),
    front,
    svg("path", { class: "ntn-axis", d: `M${left} ${top}V${bottom}H${right}` }),
    ...xticks.map((t) => svg("text", { x: x(t), y: bottom + 15, "text-anchor": "middle" }, text(t, t % 1 ? 1 : 0))),
    ...yticks.map((t) => svg("text", { x: left - 6, y: y(t) + 4, "text-anchor": "end" }, text(t, t % 1 ? 1 : 0))),
    svg("text", { x: (left + right) / 2, y: height - 6, "text-anchor": "middle" }, xlabel),
    svg("text", { transform: `translate(12 ${(top + bottom) / 2}) rotate(-90)`, "text-anchor": "middle" }, ylabel),
  );
  return { node, front, x, y, left, right, top, bottom };
}

/** A line through points that may have gaps, as the `d` of a path. */
function line(points) {
  let pen = "M";
  return points
    .map(([x, y]) => {
      if (y === null || x === null) return (pen = "M") && "";
      const piece = `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
      pen = "L";
      return piece;
    })
    .join("");
}

/** The cells along the area axis, benign dots below and malignant triangles above, and a neuron's curve over them. */
function cellsPlot(fixed, width, height) {
  const at = plot({
    width,
    height,
    xs: [0, 2.6],
    ys: [-0.15, 1.15],
    xlabel: "mean area of the nuclei (thousands of square pixels)",
    ylabel: "hypothesis",
    xticks: [0, 0.5, 1, 1.5, 2, 2.5],
    yticks: [0, 0.5, 1],
    label: "Cells along their area, benign below and malignant above, and the neuron's curve over them",
  });
  const shade = svg("path", { class: "ntn-fires" });
  const curve = svg("path", { class: "ntn-curve" });
  const cells = fixed.areas.map((area, i) => {
    const label = fixed.labels[i];
    // A little up and down, the same every time, lets dense places be seen.
    const [x, y] = [at.x(area), at.y(label + (((i * 0.618034) % 1) - 0.5) * 0.12)];
    return label
      ? svg("path", { class: "ntn-malignant", d: `M${x} ${y - 4}l3.8 6.8h-7.6z` })
      : svg("circle", { class: "ntn-benign", cx: x, cy: y, r: 3.2 });
  });
  const half = svg("path", { class: "ntn-half", d: `M${at.left} ${at.y(0.5)}H${at.right}` });
  at.front.append(shade, half, ...cells, curve);
  const key = el(
    "p",
    { class: "ntn-key" },
    el("span", { class: "ntn-blue" }, `● ${fixed.names[0]}`),
    el("span", { class: "ntn-orange" }, `▲ ${fixed.names[1]}`),
    el("span", {}, "━ hypothesis"),
  );
  return {
    node: el("div", {}, at.node, key),
    key,
    draw({ curve: heights, fires = [], wrong = [] }) {
      curve.setAttribute("d", line(heights.map((a, i) => [at.x(fixed.curve_at[i]), a === null ? null : at.y(a)])));
      const step = fixed.curve_at[1] / 2;
      const strips = fires.map((yes, i) => {
        if (!yes) return "";
        const [from, to] = [at.x(fixed.curve_at[i] - step), at.x(fixed.curve_at[i] + step)];
        return `M${from} ${at.top}H${to}V${at.bottom}H${from}z`;
      });
      shade.setAttribute("d", strips.join(""));
      cells.forEach((cell, i) => cell.classList.toggle("ntn-wrong", Boolean(wrong[i])));
    },
  };
}

const PAPER = [252, 252, 250];
const INK = [34, 34, 34];
const BLUE = [0, 114, 178];
const ORANGE = [213, 94, 0];
// Weights: the lighter, the larger, so that signs are seen without colour. The same as in the pictures.
const WEIGHTS = [[0, 27, 51], [11, 90, 148], [163, 163, 163], [232, 154, 79], [255, 207, 155]];

/** A colour some way from one to another, the way from 0 to 1. */
function between(from, to, way) {
  return from.map((part, i) => Math.round(part + way * (to[i] - part)));
}

/** Ink on paper, 0 to 1. */
const grey = (value) => between(PAPER, INK, value);

/** A weight or what came of it, −1 to 1. */
function signed(value) {
  const place = 2 * (1 + Math.max(-1, Math.min(1, value)));
  const below = Math.min(3, Math.floor(place));
  return between(WEIGHTS[below], WEIGHTS[below + 1], place - below);
}

/** A small canvas on which each number is one square. */
function squares(across, down, name) {
  const node = el("canvas", { width: across, height: down, class: "ntn-squares", role: "img", "aria-label": name });
  const context = node.getContext("2d");
  return {
    node,
    draw(values, colour) {
      const image = context.createImageData(across, down);
      values.forEach((value, i) => image.data.set([...colour(value), 255], 4 * i));
      context.putImageData(image, 0, 0);
    },
  };
}

/** Numbers that the kernel sent as one byte each: 0 to 255 become `low` to `high`. */
function unpacked(base64, low, high) {
  return Array.from(atob(base64), (byte) => low + ((high - low) * byte.charCodeAt(0)) / 255);
}

/**
 * Buttons in rows, of which one is chosen. One of them takes part in the order of the Tab key; arrow keys go from one
 * to the next, Home and End to the ends.
 */
function grid({ across, label, names, faces, chosen, pressed }) {
  const buttons = faces.map((face, i) => {
    const node = el("button", { type: "button", "aria-label": names[i], tabindex: i === chosen ? 0 : -1 }, face);
    node.addEventListener("click", () => pressed(i));
    return node;
  });
  const node = el("div", { class: "ntn-grid", role: "group", "aria-label": label }, ...buttons);
  node.style.gridTemplateColumns = `repeat(${across}, 1fr)`;
  node.addEventListener("keydown", (event) => {
    const here = buttons.indexOf(event.target.closest("button"));
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across };
    const goals = { Home: 0, End: buttons.length - 1 };
    const goal = event.key in steps ? here + steps[event.key] : goals[event.key];
    if (here < 0 || goal === undefined) return;
    event.preventDefault();
    if (buttons[goal]) buttons[goal].focus();
  });
  return {
    node,
    buttons,
    choose(place) {
      buttons.forEach((one, i) => {
        one.setAttribute("tabindex", i === place ? 0 : -1);
        one.setAttribute("aria-pressed", i === place);
      });
    },
  };
}
