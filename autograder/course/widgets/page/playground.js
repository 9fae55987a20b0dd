// Lessons 4 and 6: points in a plane, and a network that draws a boundary between them.

const SIDE = 420;

export default {
  render({ model, el: place }) {
    const { sets, reach, across, neurons } = model.get("fixed");
    const own = sets.at(-1);
    const put = (name, value) => {
      model.set(name, value);
      model.save_changes();
    };
    const at = (value) => ((value + reach) / (2 * reach)) * SIDE;
    const canvas = el("canvas", { width: across, height: across, class: "ntn-plane-ground", "aria-hidden": "true" });
    const context = canvas.getContext("2d");
    const lines = svg("g", { class: "ntn-cuts" });
    const dots = svg("g");
    const pen = svg("path", { class: "ntn-pen", d: "" });
    const front = svg(
      "svg",
      {
        viewBox: `0 0 ${SIDE} ${SIDE}`,
        class: "ntn-plane-front",
        role: "application",
        tabindex: 0,
        "aria-label": "The plane. Arrow keys move a pen, 0 and 1 paint a point of that kind.",
      },
      lines,
      dots,
      pen,
    );
    const plane = el("div", { class: "ntn-plane" }, canvas, front);

    const choice = (label, options, value, chosen) => {
      const node = el("select", {}, ...options.map((one) => el("option", { value: one }, `${one}`)));
      node.value = value;
      node.addEventListener("change", () => chosen(node.value));
      return { node: el("label", { class: "ntn-choice" }, el("span", {}, label), node), select: node };
    };
    const which = choice("points", sets, model.get("points"), (name) => put("points", name));
    const hidden = slider({
      label: "hidden neurons",
      min: 1,
      max: neurons,
      step: 1,
      value: model.get("hidden"),
      show: (value) => `${value}`,
      moved: (value) => put("hidden", value),
    });
    const rate = slider({
      label: "learning rate",
      min: 0.1,
      max: 3,
      step: 0.1,
      value: model.get("lr"),
      show: (value) => text(value, 1),
      moved: (value) => put("lr", value),
    });
    // The next piece of the training is asked for when the last one is on the page.
    let running = false;
    let before = -1;
    const speech = spoken();
    const ask = (epochs) => model.send({ learn: epochs });
    const stop = () => {
      running = false;
      run.textContent = "Run";
    };
    const run = button("Run", () => {
      if (running) return stop();
      running = true;
      run.textContent = "Stop";
      ask(5);
    });
    const step = button("One epoch", () => {
      stop();
      ask(1);
    });
    const again = button("Other first weights", () => {
      stop();
      model.send({ again: true });
    });
    const guess = choice("your guess: how many neurons will do?", ["?", 1, 2, 3, 4, 5, 6, 8, 12], "?", () => told());
    const verdict = el("p", { class: "ntn-verdict" });
    const answer = el("p", { class: "ntn-small" });

    let kind = 1;
    const paint = (x, y, of) => {
      const point = [Math.round(1000 * x) / 1000, Math.round(1000 * y) / 1000, of];
      if (model.get("points") !== own) model.set({ points: own, painted: [point] });
      else model.set("painted", [...model.get("painted"), point]);
      which.select.value = own;
      model.save_changes();
    };
    const brush = choice("paint (click into the plane)", ["▲ kind 1", "● kind 0"], "▲ kind 1", (name) => (kind = name.startsWith("▲") ? 1 : 0));
    const wipe = button("Wipe", () => {
      stop();
      model.set({ points: own, painted: [] });
      which.select.value = own;
      model.save_changes();
    });
    front.addEventListener("click", (event) => {
      const seen = front.getBoundingClientRect();
      const [x, y] = [(event.clientX - seen.left) / seen.width, (event.clientY - seen.top) / seen.height];
      paint((2 * x - 1) * reach, (1 - 2 * y) * reach, kind);
    });
    const keys = { x: 0, y: 0 };
    const showPen = (on) => pen.setAttribute("d", on ? `M${at(keys.x) - 9} ${at(-keys.y)}h18M${at(keys.x)} ${at(-keys.y) - 9}v18` : "");
    front.addEventListener("keydown", (event) => {
      const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (move) {
        keys.x = Math.max(-reach, Math.min(reach, keys.x + 0.25 * move[0]));
        keys.y = Math.max(-reach, Math.min(reach, keys.y + 0.25 * move[1]));
      } else if (event.key === "0" || event.key === "1") paint(keys.x, keys.y, Number(event.key));
      else return;
      event.preventDefault();
      showPen(true);
    });
    front.addEventListener("blur", () => showPen(false));

    const told = () => {
      const { right, epochs } = model.get("shown");
      const used = model.get("hidden");
      const number = Number(guess.select.value);
      if (!number || right === null || right === undefined || !epochs) return (answer.textContent = "");
      const enough = right >= 0.95;
      answer.textContent =
        enough && used === number
          ? "As you guessed: 95 % and more with that many."
          : enough && used < number
            ? `Fewer will do: ${used}.`
            : used >= number && epochs >= 100
              ? `You guessed ${number}; with ${used} it is not there yet. More neurons, or other first weights?`
              : "";
    };
    const panel = el(
      "div",
      { class: "ntn-right" },
      which.node,
      guess.node,
      hidden.node,
      rate.node,
      el("div", { class: "ntn-buttons" }, run, step, again),
      verdict,
      answer,
      brush.node,
      el("div", { class: "ntn-buttons" }, wipe),
      el("p", { class: "ntn-small" }, "Dashed lines: where each hidden neuron changes its mind. Ground: bright says kind 1, dark says kind 0. Mouse, or in the plane the arrow keys, 0 and 1."),
    );
    const gone = live(model, place, [el("div", { class: "ntn-digit" }, plane, panel), speech.node], (shown) => {
      if (!shown.shares) return stop();
      const image = context.createImageData(across, across);
      unpacked(shown.shares, -0.7, 0.7).forEach((value, i) => image.data.set([...signed(value), 255], 4 * i));
      context.putImageData(image, 0, 0);
      lines.replaceChildren(
        ...shown.cuts.filter(Boolean).flatMap(([[x1, y1], [x2, y2]]) => {
          const d = `M${at(x1)} ${at(-y1)}L${at(x2)} ${at(-y2)}`;
          return [svg("path", { class: "ntn-halo", d }), svg("path", { d })];
        }),
      );
      dots.replaceChildren(
        ...shown.points.map(([x, y, of]) =>
          of
            ? svg("path", { class: "ntn-kind-1", d: `M${at(x)} ${at(-y) - 4.5}l4.2 7.6h-8.4z` })
            : svg("circle", { class: "ntn-kind-0", cx: at(x), cy: at(-y), r: 3.6 }),
        ),
      );
      const sentence =
        shown.right === null
          ? "No points yet: click into the plane."
          : `epoch ${shown.epochs}: ${Math.round(100 * shown.right)} % right, cost ${text(shown.cost, 3)}`;
      verdict.textContent = sentence;
      if (!running || shown.epochs % 50 === 0) speech.say(sentence);
      told();
      if (running && (model.get("note") || shown.right === null || shown.epochs >= 1000)) stop();
      else if (running && shown.epochs !== before) ask(5);
      before = shown.epochs;
    });
    return () => {
      stop();
      gone();
    };
  },
};
