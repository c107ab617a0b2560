// Tells plotly, which only listens to the window, that the box around it has another width.
function render({ el }) {
  el.style.display = "none";
  let width = 0;
  let timer = 0;
  const watch = new ResizeObserver((entries) => {
    const now = Math.round(entries[0].contentRect.width);
    if (now === width || now === 0) return;
    width = now;
    clearTimeout(timer);
    timer = setTimeout(() => window.dispatchEvent(new Event("resize")), 60);
  });
  const start = setTimeout(() => {
    const box = el.closest(".unas-plot");
    if (box) watch.observe(box);
  });
  return () => {
    clearTimeout(start);
    clearTimeout(timer);
    watch.disconnect();
  };
}

export default { render };
