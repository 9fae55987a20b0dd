// Lesson 4: sliders for scores, bars for shares.

export default {
  render({ model, el: place }) {
    const { start } = model.get("fixed");
    const send = (name, value) => {
      model.set(name, value);
      model.save_changes();
    };
    const sliders = start.map((_, i) =>
      slider({
        label: `score of class ${i}`,
        min: -5,
        max: 5,
        step: 0.1,
        value: model.get("z")[i],
        show: (value) => text(value, 1),
        moved: (value) => send("z", model.get("z").map((old, j) => (j === i ? value : old))),
      }),
    );
    const shift = slider({
      label: "added to every score",
      min: -200,
      max: 200,
      step: 1,
      value: model.get("shift"),
      show: (value) => (value > 0 ? "+" : "") + text(value, 0),
      moved: (value) => send("shift", value),
    });
    const reset = button("Back to the start", () => {
      model.set({ z: start, shift: 0 });
      model.save_changes();
    });
    const bars = start.map((_, i) => {
      const fill = el("span", { class: "ntn-fill" });
      const value = el("span", { class: "ntn-number" });
      const row = el("div", { class: "ntn-bar" }, el("span", {}, `class ${i}`), el("span", { class: "ntn-track" }, fill), value);
      return { row, fill, value };
    });
    const sum = el("p", { class: "ntn-verdict" });
    const speech = spoken();
    const left = el("div", {}, ...sliders.map(({ node }) => node), shift.node, el("div", { class: "ntn-buttons" }, reset));
    const right = el("div", {}, el("p", { class: "ntn-title" }, "shares by your softmax"), ...bars.map(({ row }) => row), sum);
    return live(model, place, [el("div", { class: "ntn-side-by-side" }, left, right), speech.node], (shown) => {
      if (!shown.shares) return;
      sliders.forEach(({ set }, i) => set(model.get("z")[i]));
      shift.set(model.get("shift"));
      bars.forEach(({ fill, value }, i) => {
        const share = shown.shares[i];
        fill.style.width = `${100 * Math.min(Math.max(share ?? 0, 0), 1)}%`;
        value.textContent = text(share, 3);
      });
      sum.textContent = `together ${text(shown.sum, 3)}`;
      speech.say(shown.shares.map((share, i) => `class ${i}: ${text(share, 2)}`).join(", "));
    });
  },
};
