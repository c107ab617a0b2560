// The slider of a replay: the browser's own, so that arrow keys, Page Up and Home work. While it is dragged, what the
// kernel says about the position is not put into it.

function render({ model, el }) {
  el.classList.add("unas-scrubber");
  const slider = document.createElement("input");
  const words = document.createElement("span");
  slider.type = "range";
  slider.min = 0;
  slider.setAttribute("aria-label", "Moment of the run");
  slider.dataset.lmSuppressShortcuts = "true"; // JupyterLab moves between cells with the same keys
  words.className = "unas-num";
  el.replaceChildren(slider, words);

  let held = false;
  const draw = () => {
    slider.max = model.get("maximum");
    if (!held) slider.value = model.get("position");
    slider.setAttribute("aria-valuetext", model.get("words"));
    words.textContent = model.get("words");
  };
  const send = () => {
    model.set("position", Number(slider.value));
    model.save_changes();
  };
  const hold = () => { held = true; };
  const release = () => { held = false; draw(); };
  slider.addEventListener("input", send);
  slider.addEventListener("pointerdown", hold);
  slider.addEventListener("keydown", (event) => event.stopPropagation());
  window.addEventListener("pointerup", release);
  for (const name of ["position", "maximum", "words"]) model.on(`change:${name}`, draw);
  draw();
  return () => {
    window.removeEventListener("pointerup", release);
    for (const name of ["position", "maximum", "words"]) model.off(`change:${name}`, draw);
  };
}

export default { render };
