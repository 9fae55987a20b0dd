// Lesson 7: the tiles of all hidden neurons, one of them large, and a button that takes it out.

export default {
  render({ model, el: place }) {
    const tiles = model.get("fixed").tiles.map((packed) => unpacked(packed, -1, 1));
    const choose = (neuron) => {
      model.set("neuron", neuron);
      model.save_changes();
    };
    const small = tiles.map(() => squares(28, 28, ""));
    small.forEach(({ node, draw }, i) => {
      node.setAttribute("aria-hidden", "true");
      draw(tiles[i], signed);
    });
    const all = grid({
      across: 8,
      label: "The hidden neurons",
      names: tiles.map((_, i) => `neuron ${i}`),
      faces: small.map(({ node }) => node),
      chosen: model.get("neuron"),
      pressed: choose,
    });
    const large = squares(28, 28, "the weights of the chosen neuron");
    const title = el("p", { class: "ntn-title" });
    const toggle = button("Take it out", () => {
      const [out, neuron] = [model.get("out"), model.get("neuron")];
      model.set("out", out.includes(neuron) ? out.filter((one) => one !== neuron) : [...out, neuron]);
      model.save_changes();
    });
    const back = button("All back", () => {
      model.set("out", []);
      model.save_changes();
    });
    const images = Array.from({ length: 12 }, () => {
      const image = squares(28, 28, "");
      const name = el("figcaption");
      return { ...image, name, figure: el("figure", {}, image.node, name) };
    });
    const bars = Array.from({ length: 10 }, (_, digit) => {
      const fill = el("span", { class: "ntn-fill" });
      const value = el("span", { class: "ntn-number" });
      const row = el("div", { class: "ntn-bar" }, el("span", {}, `${digit}`), el("span", { class: "ntn-track" }, fill), value);
      return { row, fill, value };
    });
    const verdict = el("p", { class: "ntn-verdict" });
    const lost = el("p", { class: "ntn-small" });
    const speech = spoken();
    const votes = el("div", { class: "ntn-votes" }, el("p", { class: "ntn-small" }, "its votes, digit by digit"), ...bars.map(({ row }) => row));
    const right = el(
      "div",
      { class: "ntn-right" },
      title,
      el("div", { class: "ntn-close" }, large.node, votes),
      el("p", { class: "ntn-small" }, "the images that excite it most: true digit, and what it says"),
      el("div", { class: "ntn-found" }, ...images.map(({ figure }) => figure)),
      el("div", { class: "ntn-buttons" }, toggle, back),
      verdict,
      lost,
    );
    const left = el("div", { class: "ntn-left" }, all.node);
    return live(model, place, [el("div", { class: "ntn-digit ntn-tiles" }, left, right), speech.node], (shown) => {
      if (!shown.votes) return;
      const { neuron } = shown;
      all.choose(neuron);
      all.buttons.forEach((node, i) => {
        const out = shown.out.includes(i);
        node.classList.toggle("ntn-out", out);
        node.setAttribute("aria-label", out ? `neuron ${i}, taken out` : `neuron ${i}`);
      });
      large.draw(tiles[neuron], signed);
      title.textContent = `neuron ${neuron}`;
      toggle.textContent = shown.out.includes(neuron) ? "Put it back" : "Take it out";
      images.forEach(({ draw, name, node }, i) => {
        draw(unpacked(shown.images[i], 0, 1), grey);
        name.textContent = `${shown.labels[i]}: ${text(shown.says[i], 2)}`;
        node.setAttribute("aria-label", `an image of a ${shown.labels[i]}`);
      });
      const reach = Math.max(...shown.votes.map(Math.abs));
      bars.forEach(({ row, fill, value }, digit) => {
        const vote = shown.votes[digit];
        const wide = (50 * Math.abs(vote)) / reach;
        fill.style.width = `${wide}%`;
        fill.style.left = `${vote < 0 ? 50 - wide : 50}%`;
        fill.classList.toggle("ntn-against", vote < 0);
        value.textContent = (vote > 0 ? "+" : "") + text(vote, 2);
        row.classList.toggle("ntn-winner", vote === Math.max(...shown.votes));
      });
      const count = shown.out.length;
      const now = `${text(100 * shown.accuracy, 2)} % read correctly`;
      const sentence = count
        ? `${now} without ${count} ${count === 1 ? "neuron" : "neurons"}; with all ${text(100 * shown.whole, 2)} %.`
        : `${now} with all neurons.`;
      verdict.textContent = sentence;
      const digits = shown.by_digit.map((share, digit) => `${digit}: ${Math.round(100 * share)} %`);
      lost.textContent = `Digit by digit: ${digits.join(", ")}.`;
      speech.say(`Neuron ${neuron}. ${sentence}`);
    });
  },
};
