// The charts, drawn as SVG so that they are sharp in print; the tables, sorted at a click; what is folded, opened on paper.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const share = d3.format(".0%");
const statuses = Object.keys(data.statuses);
const fills = Object.fromEntries(statuses.map((one) => [one, `var(--${one.replace("_", "-")})`]));
fills.error = "url(#hatch)"; // failed and error have one colour: nothing is shown by colour alone

const base = (width) => ({
  width,
  style: { background: "none", fontSize: width < 500 ? "11px" : "12px", color: "var(--text)" },
});
const tip = { fill: "var(--card)", stroke: "var(--line)", textPadding: 9, fontSize: 12.5, lineHeight: 1.3 };

// --- charts: each takes its width and gives an SVG, or nothing where there is nothing to draw

function scores(width) {
  const lessons = data.lessons;
  if (!lessons.length) return null;
  const bins = lessons.flatMap(({ name, shares }) =>
    d3.range(10).map((tenth) => ({
      name,
      from: tenth / 10,
      to: (tenth + 1) / 10,
      count: shares.filter((one) => Math.max(0, Math.min(9, Math.floor(one * 10 + 1e-9))) === tenth).length,
    })),
  );
  return Plot.plot({
    ...base(width),
    height: 44 + lessons.length * 74,
    marginLeft: 2,
    marginRight: 12,
    marginBottom: 36,
    x: { domain: [0, 1], tickFormat: share, label: "share of the points", labelAnchor: "center", ticks: 5 },
    y: { axis: null, domain: [0, 1.45] },
    fy: { domain: lessons.map((one) => one.name), axis: null, padding: 0.12 },
    marks: [
      Plot.ruleY([0], { stroke: "var(--line)" }),
      Plot.rectY(bins, {
        fy: "name", x1: "from", x2: "to", insetLeft: 1, insetRight: 1, fill: "var(--accent)", fillOpacity: 0.8,
        y: (bin) => bin.count / (d3.max(bins, (one) => (one.name === bin.name ? one.count : 0)) || 1),
      }),
      Plot.tickX(lessons, { fy: "name", x: "median", stroke: "var(--text)", strokeWidth: 2, insetTop: 18 }),
      ...["start", "middle", "end"].map((textAnchor, place) =>
        Plot.text(lessons.filter((one) => Math.min(2, Math.floor(one.median * 3)) === place), {
          fy: "name", x: "median", text: (one) => `median ${share(one.median)}`, frameAnchor: "top", textAnchor, dy: 3,
          fill: "var(--text)", stroke: "var(--page)", strokeWidth: 4,
        }),
      ),
      Plot.text(lessons, {
        fy: "name", text: "name", frameAnchor: "top-left", fontWeight: 600, dy: 3, fill: "var(--text)",
        stroke: "var(--page)", strokeWidth: 4,
      }),
      Plot.tip(bins, Plot.pointerX({
        ...tip, fy: "name", x: (bin) => (bin.from + bin.to) / 2, y: 0.5, anchor: "bottom",
        title: (bin) => `${bin.name}\n${bin.from * 10}0 to ${bin.to * 10}0%: ${people(bin.count)}`.replace(/\b00\b/g, "0"),
      })),
    ],
  });
}

function questions(width) {
  if (!data.questions.length) return null;
  const rows = [];
  const order = [];
  let lesson = null;
  for (const [where, name, counts] of data.questions) {
    if (where !== lesson) order.push(`§${(lesson = where)}`);
    order.push(`${where}/${name}`);
    const total = d3.sum(counts);
    let from = 0;
    counts.forEach((count, place) => {
      if (!count) return;
      rows.push({ row: `${where}/${name}`, name, count, total, status: statuses[place], x1: from / total, x2: (from + count) / total });
      from += count;
    });
  }
  // The pointer finds the nearest spot: a bar has one every two hundredths, so that it is found at either end too.
  const spots = rows.flatMap((one) =>
    d3.range(Math.max(1, Math.round((one.x2 - one.x1) * 50))).map((step, _, all) => ({
      ...one, at: one.x1 + ((one.x2 - one.x1) * (step + 0.5)) / all.length,
    })),
  );
  const narrow = width < 500;
  const left = narrow ? 128 : 170;
  const room = (one) => (one.x2 - one.x1) * (width - left);
  return Plot.plot({
    ...base(width),
    height: 40 + order.length * 25,
    marginLeft: left,
    marginRight: 14,
    marginTop: 4,
    marginBottom: 34,
    x: { domain: [0, 1], tickFormat: share, label: "share of the submissions", labelAnchor: "center", ticks: 5 },
    y: { domain: order, label: null, tickSize: 0, padding: 0.16, tickFormat: (one) => (one.startsWith("§") ? "" : one.split("/")[1]) },
    marks: [
      Plot.text(order.filter((one) => one.startsWith("§")), {
        y: (one) => one, text: (one) => one.slice(1), frameAnchor: "left", textAnchor: "start", dx: 2 - left, dy: 3,
        fontWeight: 600, fill: "var(--text)",
      }),
      Plot.barX(rows, { y: "row", x1: "x1", x2: "x2", fill: (one) => fills[one.status], insetLeft: 0.5, insetRight: 0.5 }),
      Plot.text(rows.filter((one) => room(one) > 34), {
        y: "row", x: (one) => (one.x1 + one.x2) / 2, text: (one) => `${data.statuses[one.status][1]} ${one.count}`,
        fill: "var(--on-status)", fontWeight: 600,
        stroke: (one) => (one.status === "error" ? "var(--error)" : "none"), strokeWidth: 3,
      }),
      Plot.tip(spots, Plot.pointer({
        ...tip, y: "row", x: "at",
        title: (one) => `${one.name}\n${data.statuses[one.status][1]} ${data.statuses[one.status][0]}: ${one.count} of ${one.total} (${share(one.count / one.total)})`,
      })),
    ],
  });
}

function tests(width) {
  const known = data.tests.filter((one) => one.discrimination !== null);
  if (!known.length) return null;
  const symbol = (one) => (one.flags ? "triangle" : one.hidden ? "square" : "circle");
  const colour = (one) => (one.flags ? "var(--graph-alarm)" : "var(--accent)");
  const lowest = Math.min(-0.1, d3.min(known, (one) => one.discrimination));
  return Plot.plot({
    ...base(width),
    height: Math.min(440, Math.max(320, width * 0.45)),
    marginLeft: 44,
    marginBottom: 40,
    marginTop: 46,
    x: { domain: [0, 1], tickFormat: share, label: "difficulty: share of the points earned (right is easy)", labelAnchor: "center", ticks: 5 },
    y: { domain: [lowest, 1], label: "discrimination", ticks: 6, grid: true },
    symbol: { domain: ["circle", "square", "triangle"], range: ["circle", "square", "triangle"] },
    marks: [
      Plot.ruleY([data.poor], { stroke: "var(--graph-alarm)", strokeDasharray: "4 4" }),
      Plot.text([`below ${data.poor}: poor`], { x: 0, y: data.poor, dx: 4, dy: -8, textAnchor: "start", fill: "var(--alarm)" }),
      Plot.dot(known, { x: "difficulty", y: "discrimination", symbol, r: (one) => (one.flags ? 6 : 4), fill: colour, fillOpacity: 0.55, stroke: colour }),
      Plot.tip(known, Plot.pointer({
        ...tip, x: "difficulty", y: "discrimination", lineWidth: 22,
        title: (one) => `${one.question}${one.hidden ? " (hidden)" : ""}\n${one.title.replaceAll("`", "")}\ndifficulty ${share(one.difficulty)}, discrimination ${one.discrimination.toFixed(2)}`,
      })),
    ],
  });
}

function measured(width, place) {
  const { values, reference, enough, name } = data.measured[place];
  const isShare = name === "accuracy";
  const format = isShare ? d3.format(".1%") : d3.format(".4~g");
  const beside = [
    { value: reference, what: "reference", dash: null },
    { value: enough, what: "full marks", dash: "4 4" },
  ].filter((one) => one.value !== null);
  let [low, high] = d3.extent([...values, ...beside.map((one) => one.value)]);
  // What lies far below full marks shares one bar at the left end, or the others would be too narrow to be told apart.
  const floor = isShare && enough !== null ? Math.floor(100 * enough - 8) / 100 : low;
  low = Math.max(low, floor);
  const step = isShare ? 0.005 : (high - low) / 30 || 1;
  const first = Math.floor(low / step + 1e-9) - 2;
  const count = Math.floor(high / step + 1e-9) - first + 2;
  const bins = d3.range(count).map((one) => ({ x0: (first + one) * step, x1: (first + one + 1) * step, length: 0, below: false }));
  for (const value of values) {
    const bin = bins[value < floor ? 0 : Math.floor(value / step + 1e-9) - first];
    bin.length += 1;
    bin.below ||= value < floor;
  }
  const below = bins[0].below ? [bins[0]] : [];
  return Plot.plot({
    ...base(width),
    height: 240,
    marginLeft: 44,
    marginTop: 46,
    marginRight: 14,
    marginBottom: 36,
    x: {
      domain: [bins[0].x0, bins.at(-1).x1],
      tickFormat: isShare ? share : format,
      label: name,
      labelAnchor: "center",
      ticks: width < 500 ? 5 : 10,
    },
    y: { label: "students", grid: true, ticks: Math.min(5, d3.max(bins, (bin) => bin.length)), tickFormat: "d" },
    marks: [
      Plot.rectY(bins, { x1: "x0", x2: "x1", y: "length", fill: "var(--accent)", fillOpacity: 0.8, insetLeft: 0.5, insetRight: 0.5 }),
      Plot.text(below, {
        x: "x1", y: "length", text: () => `${bins[0].length} below ${share(floor)}`, textAnchor: "start", dx: 5, dy: 7,
        fill: "var(--text)", stroke: "var(--page)", strokeWidth: 4,
      }),
      Plot.ruleY([0], { stroke: "var(--line)" }),
      ...beside.map((one) =>
        Plot.ruleX([one], { x: "value", stroke: "var(--graph-alarm)", strokeWidth: 2, strokeDasharray: one.dash, insetTop: -6 }),
      ),
      ...beside.map((one, row) =>
        Plot.text([one], {
          x: "value", text: () => `${one.what} ${format(one.value)}`, frameAnchor: "top", textAnchor: "end", dx: -6,
          dy: -14 + 15 * row, fill: "var(--alarm)", fontWeight: 600, stroke: "var(--page)", strokeWidth: 4,
        }),
      ),
      Plot.tip(bins, Plot.pointerX({
        ...tip, x: (bin) => (bin.x0 + bin.x1) / 2, y: "length",
        title: (bin) => `${bin.below ? `below ${format(floor)}` : `${format(bin.x0)} to ${format(bin.x1)}`}\n${people(bin.length)}`,
      })),
    ],
  });
}

function people(count) {
  return count === 1 ? "1 student" : `${count} students`;
}

function draw(figure, chart) {
  let drawn = 0;
  const redraw = () => {
    const width = Math.floor(figure.parentElement.clientWidth);
    if (!width || width === drawn) return;
    drawn = width;
    const svg = chart(width);
    if (!svg) return;
    // One picture with one name; its facts are in the table or sentence beside it.
    svg.querySelectorAll("[aria-label]").forEach((part) => part.removeAttribute("aria-label"));
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", figure.dataset.label);
    figure.replaceChildren(svg);
  };
  new ResizeObserver(redraw).observe(figure.parentElement);
  redraw();
}

for (const [id, chart] of Object.entries({ scores, questions, tests })) {
  const figure = document.getElementById(`${id}-chart`);
  if (figure) draw(figure, chart);
}
for (const figure of document.querySelectorAll(".measured-chart")) {
  draw(figure, (width) => measured(width, figure.dataset.place));
}

// --- tables: a button in each heading, as the ARIA Authoring Practices have it

const number = (text) => (text === "–" ? -Infinity : parseFloat(text));
const inOrder = new Intl.Collator("en", { numeric: true }).compare;

function sortable(table) {
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    const isNumber = heading.classList.contains("number");
    button.addEventListener("click", () => {
      // Numbers begin with the largest, words with the first.
      const now = heading.getAttribute("aria-sort");
      const next = now === "ascending" || (!now && isNumber) ? "descending" : "ascending";
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", next);
      const text = (row) => row.cells[column].textContent.trim();
      const compare = isNumber
        ? (a, b) => number(text(a)) - number(text(b)) || 0
        : (a, b) => inOrder(text(a), text(b));
      const rows = [...table.tBodies[0].rows].sort(next === "ascending" ? compare : (a, b) => compare(b, a));
      table.tBodies[0].append(...rows);
    });
  });
}

document.querySelectorAll("table.sortable").forEach(sortable);

// --- paper: nothing stays folded away there but the longest lists

let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("details:not([open]):not(.long, .long *, .card *)")];
  unfolded.forEach((one) => (one.open = true));
});
addEventListener("afterprint", () => unfolded.forEach((one) => (one.open = false)));
