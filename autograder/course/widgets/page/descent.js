// Lesson 2: a ball on the map of the cost, walking by the learner's own steps.

export default {
  render({ model, el: place }) {
    const fixed = model.get("fixed");
    const cells = cellsPlot(fixed, 460, 300);
    const map = plot({
      width: 460,
      height: 300,
      xs: fixed.ws,
      ys: fixed.bs,
      xlabel: "weight w",
      ylabel: "bias b",
      xticks: [0, 5, 10, 15],
      yticks: [-10, -5, 0],
      label: "Map of the cost over weight and bias. The arrow keys put the ball elsewhere.",
    });
    const [width, height] = [map.right - map.left, map.bottom - map.top];
    const path = svg("path", { class: "ntn-path" });
    const dots = svg("g", { class: "ntn-dots" });
    const next = svg("path", { class: "ntn-next" });
    const ball = svg("circle", { class: "ntn-ball", r: 8 });
    map.front.append(
      svg("image", { href: fixed.map, x: map.left, y: map.top, width, height, preserveAspectRatio: "none" }),
      path,
      dots,
      next,
    );
    map.node.append(ball);
    map.node.classList.add("ntn-map");
    furnish(map.node, { tabindex: 0, role: "application" }, []);

    const numbers = el("p", { class: "ntn-verdict" });
    const where = el("p", { class: "ntn-small" });
    const speech = spoken();
    let waiting = false;
    let timer = null;
    const ask = (what) => {
      waiting = true;
      model.send(what);
    };
    const stop = () => {
      clearInterval(timer);
      timer = null;
      run.textContent = "Run";
    };
    const put = (w, b) => {
      stop();
      ask({ place: [w, b] });
    };
    const run = button("Run", () => {
      if (timer !== null) return stop();
      run.textContent = "Stop";
      timer = setInterval(() => {
        // The first steps one by one; later ones are short, and more of them fit into a glance.
        if (!waiting) ask({ step: Math.max(1, Math.round(model.get("shown").steps / 20)) });
      }, 100);
    });
    const step = button("Step", () => {
      stop();
      ask({ step: 1 });
    });
    const reset = button("Reset", () => put(0, 0));
    const lr = slider({
      label: "learning rate lr",
      min: -1,
      max: 3,
      step: 0.05,
      value: Math.log10(model.get("lr")),
      show: (power) => `${Number((10 ** power).toPrecision(2))}`,
      moved: (power) => {
        model.set("lr", Number((10 ** power).toPrecision(2)));
        model.save_changes();
      },
    });

    map.node.addEventListener("pointerdown", (event) => {
      const seen = map.node.getBoundingClientRect();
      const x = ((event.clientX - seen.left) / seen.width) * 460;
      const y = ((event.clientY - seen.top) / seen.height) * 300;
      if (x < map.left || x > map.right || y < map.top || y > map.bottom) return;
      const share = [(x - map.left) / width, (map.bottom - y) / height];
      const [w, b] = [fixed.ws, fixed.bs].map(([low, high], i) => low + share[i] * (high - low));
      put(Math.round(w * 10) / 10, Math.round(b * 10) / 10);
    });
    map.node.addEventListener("keydown", (event) => {
      const move = { ArrowLeft: [-0.5, 0], ArrowRight: [0.5, 0], ArrowUp: [0, 0.5], ArrowDown: [0, -0.5] }[event.key];
      if (!move) return;
      event.preventDefault();
      const [w, b] = model.get("shown").path.at(-1);
      put(w + move[0], b + move[1]);
    });

    const children = [
      el("div", { class: "ntn-buttons" }, step, run, reset),
      lr.node,
      numbers,
      el("div", { class: "ntn-side-by-side" }, el("div", {}, map.node, where), cells.node),
      speech.node,
    ];
    const gone = live(model, place, children, (shown) => {
      waiting = false;
      if (model.get("note")) stop();
      if (!shown.path) return;
      lr.set(Math.log10(model.get("lr")));
      const places = shown.path.map(([w, b]) => [map.x(w), map.y(b)]);
      const [w, b] = shown.path.at(-1);
      const [x, y] = places.at(-1);
      path.setAttribute("d", line(places));
      dots.replaceChildren(...places.map(([cx, cy], i) => svg("circle", { cx, cy, r: i ? 2 : 4 })));
      const [next_w, next_b] = shown.next;
      next.setAttribute("d", next_w === null || next_b === null ? "" : line([[x, y], [map.x(next_w), map.y(next_b)]]));
      ball.setAttribute("cx", Math.min(Math.max(x, map.left), map.right));
      ball.setAttribute("cy", Math.min(Math.max(y, map.top), map.bottom));
      const outside = x < map.left || x > map.right || y < map.top || y > map.bottom;
      where.textContent = outside
        ? "The ball has left the map: it waits at the edge that it went over."
        : "Dark is low. The dashed line is the next step. Click on the map, or use the arrow keys, to put the ball elsewhere.";
      const score = `${shown.right} of ${fixed.labels.length} right`;
      numbers.replaceChildren(
        el("strong", {}, `step ${shown.steps}: cost ${text(shown.cost, 4)}`),
        ` · w = ${text(w, 2)}, b = ${text(b, 2)} · slopes ${text(shown.slopes[0], 4)} and ${text(shown.slopes[1], 4)} · ${score}`,
      );
      speech.say(`Step ${shown.steps}, cost ${text(shown.cost, 3)}, ${score}.`);
      cells.draw(shown);
    });
    return () => {
      stop();
      gone();
    };
  },
};
