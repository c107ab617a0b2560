// A click picks the nearest point. Plotly's own click event is lost when the picture is redrawn between the press and
// the release of the button, as it is again and again while a search runs. With the keyboard one goes along the front.

const REACH = 14; // pixels
const WAYS = {
  ArrowRight: "next", ArrowDown: "next", ArrowLeft: "previous", ArrowUp: "previous", Home: "first", End: "last",
};
const LABEL = "The front: arrow keys go along it from network to network, Enter goes to the one that is selected";

function* places(points, trace) {
  if (trace.type !== "scattergl") yield* points; // with WebGL plotly keeps one entry for a whole trace
  else for (let i = 0; i < trace.x.length; i += 1) yield { x: trace.x[i], y: trace.y[i], i };
}

function nearest(plot, x, y) {
  const box = plot.getBoundingClientRect();
  let best = null;
  for (const points of plot.calcdata ?? []) {
    const trace = points[0]?.trace;
    if (!trace?.customdata || trace.visible !== true) continue;
    const across = plot._fullLayout[trace.xaxis.replace("x", "xaxis")];
    const up = plot._fullLayout[trace.yaxis.replace("y", "yaxis")];
    for (const point of places(points, trace)) {
      if (!Number.isFinite(point.x) || !Number.isFinite(point.y)) continue;
      const dx = box.left + across._offset + across.c2p(point.x) - x;
      const dy = box.top + up._offset + up.c2p(point.y) - y;
      const distance = Math.hypot(dx, dy);
      if (distance <= (best?.distance ?? REACH)) best = { distance, trial: Number(trace.customdata[point.i]) };
    }
  }
  return best?.trial;
}

function render({ model, el }) {
  el.style.display = "none";
  let box = null;
  let pressed = null;
  const press = (event) => {
    const inside = event.button === 0 && event.target.closest?.(".nsewdrag");
    pressed = inside ? { x: event.clientX, y: event.clientY } : null;
  };
  const release = (event) => {
    if (!pressed || Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > 4) return;
    const plot = box.querySelector(".js-plotly-plot");
    const trial = plot && nearest(plot, event.clientX, event.clientY);
    pressed = null;
    if (trial === undefined || trial === null) return;
    model.set("picked", { trial, number: (model.get("picked").number ?? 0) + 1 });
    model.save_changes();
  };
  const walk = (event) => {
    if (event.target !== box || event.ctrlKey || event.metaKey || event.altKey) return;
    const panel = box.closest(".unas-workbench")?.querySelector(".unas-trial");
    const way = WAYS[event.key];
    if (!way && event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab moves between cells with the same keys
    if (!way) {
      panel?.querySelector('[role="tab"][tabindex="0"]')?.focus();
      return;
    }
    model.set("walked", { way, number: (model.get("walked").number ?? 0) + 1 });
    model.save_changes();
  };
  const start = setTimeout(() => {
    box = el.closest(".unas-plot");
    if (box) {
      box.tabIndex = 0;
      box.setAttribute("role", "application");
      box.setAttribute("aria-label", LABEL);
    }
    box?.addEventListener("keydown", walk);
    box?.addEventListener("mousedown", press, true);
    window.addEventListener("mouseup", release, true);
  });
  return () => {
    clearTimeout(start);
    box?.removeEventListener("keydown", walk);
    box?.removeEventListener("mousedown", press, true);
    window.removeEventListener("mouseup", release, true);
  };
}

export default { render };
