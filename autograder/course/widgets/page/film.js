// Lesson 7: all hidden neurons while the network learns.

export default {
  render({ model, el: place }) {
    const { epochs, accuracies, frames } = model.get("fixed");
    const tiles = frames[0].map((_, i) => squares(28, 28, `neuron ${i}`));
    const wall = el("div", { class: "ntn-grid" }, ...tiles.map(({ node }) => node));
    wall.style.gridTemplateColumns = "repeat(8, 1fr)";
    const said = el("p", { class: "ntn-verdict" });
    const speech = spoken();
    let frame = 0;
    let timer = null;
    const tell = (i) => `epoch ${text(epochs[i], 1)}: ${text(100 * accuracies[i], 1)} % read correctly`;
    const put = (i) => {
      frame = i;
      tiles.forEach(({ draw }, n) => draw(unpacked(frames[i][n], -1, 1), signed));
      said.textContent = tell(i);
      moment.set(i);
    };
    const stop = () => {
      clearInterval(timer);
      timer = null;
      play.textContent = "Play";
    };
    const moment = slider({
      label: "moment of the training",
      min: 0,
      max: frames.length - 1,
      step: 1,
      value: 0,
      show: (i) => `${text(epochs[i], 1)}`,
      moved: (i) => {
        stop();
        put(i);
        speech.say(tell(i));
      },
    });
    const play = button("Play", () => {
      if (timer) return stop();
      if (frame === frames.length - 1) put(0);
      play.textContent = "Stop";
      timer = setInterval(() => {
        put(frame + 1);
        if (frame === frames.length - 1) {
          stop();
          speech.say(tell(frame));
        }
      }, 600);
    });
    const left = el("div", { class: "ntn-left" }, wall);
    const right = el("div", { class: "ntn-right" }, moment.node, el("div", { class: "ntn-buttons" }, play), said);
    put(0);
    const gone = live(model, place, [el("div", { class: "ntn-digit ntn-tiles" }, left, right), speech.node], () => {});
    return () => {
      stop();
      gone();
    };
  },
};
