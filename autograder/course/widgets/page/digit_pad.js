// Lesson 6: what the learner's network reads on the pad, while it is drawn.

export default {
  render({ model, el: place }) {
    let example = false;
    const drawing = pad(model.get("fixed").pen, (strokes) => {
      example = false;
      model.set("strokes", strokes);
      model.save_changes();
    });
    const buttons = el(
      "div",
      { class: "ntn-buttons" },
      button("Clear", drawing.clear),
      button("Show a test digit", () => {
        example = true;
        model.send({ example: true });
      }),
    );
    const answer = el("p", { class: "ntn-answer" });
    const speech = spoken();
    const bars = Array.from({ length: 10 }, (_, digit) => {
      const fill = el("span", { class: "ntn-fill" });
      const value = el("span", { class: "ntn-number" });
      const row = el("div", { class: "ntn-bar" }, el("span", {}, `${digit}`), el("span", { class: "ntn-track" }, fill), value);
      return { row, fill, value };
    });
    const pixels = squares(28, 28, "the drawing as the network sees it, 28 by 28 pixels");
    const hidden = squares(8, 8, "the 64 hidden activations");
    const looked = Array.from({ length: 4 }, (_, i) => {
      const image = squares(28, 28, `what the neuron in place ${i + 1} saw of the ink`);
      const name = el("figcaption");
      return { ...image, name, figure: el("figure", {}, image.node, name) };
    });
    const panel = (node, caption) => el("figure", {}, node, el("figcaption", {}, caption));
    const seen = el("div", { class: "ntn-row ntn-large" }, panel(pixels.node, "what it sees"), panel(hidden.node, "64 hidden activations"));
    const strongest = el("div", { class: "ntn-row" }, ...looked.map(({ figure }) => figure));
    const explained = el(
      "p",
      { class: "ntn-small" },
      "Below: the hidden neurons that spoke most for the answer, their weights times the ink. ",
      "Bright ",
      el("span", { class: "ntn-orange" }, "(orange)"),
      " ink excited them, dark ",
      el("span", { class: "ntn-blue" }, "(blue)"),
      " ink calmed them.",
    );
    const children = [
      el(
        "div",
        { class: "ntn-digit" },
        el(
          "div",
          { class: "ntn-left" },
          drawing.node,
          buttons,
          el("p", { class: "ntn-small" }, "Mouse, finger, or keys: arrows move the pen, space puts it down or lifts it, Esc clears."),
        ),
        el("div", { class: "ntn-middle" }, answer, ...bars.map(({ row }) => row)),
        el("div", { class: "ntn-right" }, seen, explained, strongest),
      ),
      speech.node,
    ];
    return live(model, place, children, (shown) => {
      const { probs } = shown;
      const blank = Array(784).fill(0);
      pixels.draw(shown.pixels ?? blank, grey);
      hidden.draw(shown.hidden ?? Array(64).fill(0), grey);
      looked.forEach(({ draw, name }, i) => {
        const neuron = shown.strongest?.[i];
        draw(shown.looked?.[i] ?? blank, signed);
        name.textContent = neuron === undefined ? "" : `neuron ${neuron}: ${text(shown.hidden[neuron], 2)}`;
      });
      if (example || (probs && drawing.empty() && !model.get("strokes").length)) drawing.put(shown.pixels ?? null);
      const winner = probs ? probs.indexOf(Math.max(...probs)) : null;
      bars.forEach(({ row, fill, value }, digit) => {
        fill.style.width = `${100 * (probs?.[digit] ?? 0)}%`;
        value.textContent = probs ? `${Math.round(100 * probs[digit])} %` : "";
        row.classList.toggle("ntn-winner", digit === winner);
      });
      const sentence = probs ? `I read ${winner}, with ${Math.round(100 * probs[winner])} %.` : "Nothing drawn yet.";
      answer.textContent = sentence;
      speech.say(sentence);
    });
  },
};
