// Keeps plotly's picture as wide as its box: plotly only listens to the window, and may be drawn before it has a place.

const PAUSE = 250; // milliseconds; plotly puts its redraw off by 100 at every resize, so a shorter pause would starve it
const TRIES = 16;

function misfit(box) {
  const picture = box.querySelector(".js-plotly-plot .main-svg");
  return picture && box.clientWidth > 0 && Math.abs(picture.getBoundingClientRect().width - box.clientWidth) > 1;
}

function render({ el }) {
  el.style.display = "none";
  let timer = 0;
  let left = TRIES;
  let box = null;
  const check = () => {
    if (!misfit(box) || left === 0) return;
    left -= 1;
    window.dispatchEvent(new Event("resize"));
    timer = setTimeout(check, PAUSE);
  };
  const soon = () => {
    left = TRIES;
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE);
  };
  const sizes = new ResizeObserver(soon);
  const nodes = new MutationObserver(soon);
  const start = setTimeout(() => {
    box = el.closest(".unas-plot, .unas-parallel");
    if (!box) return;
    sizes.observe(box);
    nodes.observe(box, { childList: true, subtree: true });
    soon();
  });
  return () => {
    clearTimeout(start);
    clearTimeout(timer);
    sizes.disconnect();
    nodes.disconnect();
  };
}

export default { render };
