// A title that opens what is below it. The browser's own <details> is reached by Tab and opened by Enter or Space.

function render({ model, el }) {
  el.classList.add("unas-disclosure");
  const box = document.createElement("details");
  const summary = document.createElement("summary");
  const title = document.createElement("span");
  const remark = document.createElement("span");
  const copy = document.createElement("button");
  const body = document.createElement("div");
  remark.className = "unas-quiet";
  copy.className = "unas-copy";
  copy.type = "button";
  summary.append(title, " ", remark);
  box.append(summary, copy, body);
  box.dataset.lmSuppressShortcuts = "true"; // JupyterLab has its own plans for Enter and Space
  el.replaceChildren(box);

  const draw = () => {
    title.textContent = model.get("title");
    remark.textContent = model.get("remark");
    copy.hidden = !model.get("text");
    copy.textContent = "Copy";
    const list = body.querySelector("[data-scroll]");
    const top = list?.scrollTop ?? 0;
    body.innerHTML = model.get("html");
    if (list) body.querySelector("[data-scroll]")?.scrollTo(0, top);
    box.open = model.get("opened");
  };
  box.addEventListener("toggle", () => {
    if (box.open === model.get("opened")) return;
    model.set("opened", box.open);
    model.save_changes();
  });
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(model.get("text"));
      copy.textContent = "Copied";
    } catch {
      window.getSelection()?.selectAllChildren(body); // without leave for the clipboard: select it, Ctrl+C does the rest
      copy.textContent = "Selected: press Ctrl+C";
    }
  });
  const names = ["title", "remark", "html", "text", "opened"];
  for (const name of names) model.on(`change:${name}`, draw);
  draw();
  return () => {
    for (const name of names) model.off(`change:${name}`, draw);
  };
}

export default { render };
