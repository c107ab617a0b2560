// Two boxes to tick: a notification of the browser, and a sound, when a search has ended. Permission is asked for by the
// click that wants it, and the sound is made here.

const BLOCKED =
  "The browser blocks notifications from this page. Allow them in its settings for this site, then tick this again.";
const MISSING = "This browser has no notifications here; a sound works all the same.";

async function permission() {
  if (!("Notification" in window)) return "missing";
  if (Notification.permission !== "default") return Notification.permission;
  return Notification.requestPermission();
}

function box(words, tip) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  input.type = "checkbox";
  label.title = tip;
  label.style.cssText = "display:inline-flex;gap:5px;align-items:center;cursor:pointer;margin:0 14px 0 0";
  input.style.margin = "0";
  label.append(input, document.createTextNode(words));
  return { label, input };
}

function beep(audio) {
  for (const [at, pitch] of [
    [0, 660],
    [0.18, 880],
  ]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const begin = audio.currentTime + at;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(0.15, begin + 0.02);
    volume.gain.linearRampToValueAtTime(0, begin + 0.16);
    tone.connect(volume).connect(audio.destination);
    tone.start(begin);
    tone.stop(begin + 0.17);
  }
}

function render({ model, el }) {
  const shown = box("Tell me when it ends", "A notification of the browser when the search has finished or failed");
  const heard = box("with a sound", "Two short tones when the search has finished or failed");
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  el.classList.add("unas-notify");
  el.style.cssText = "display:flex;flex-wrap:wrap;align-items:center;height:auto;margin:0;font-size:13px";
  el.append(shown.label, heard.label, said);
  let audio = null;
  const set = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
  const draw = () => {
    shown.input.checked = model.get("enabled");
    heard.input.checked = model.get("sound");
    said.textContent = model.get("problem");
  };
  shown.input.addEventListener("change", async () => {
    const wanted = shown.input.checked;
    const given = wanted ? await permission() : "granted";
    set("problem", given === "missing" ? MISSING : given === "granted" ? "" : BLOCKED);
    set("enabled", wanted && given === "granted");
    draw();
  });
  heard.input.addEventListener("change", () => {
    if (heard.input.checked) {
      audio ??= new AudioContext(); // only a click may begin with sound, so it begins with this one
      audio.resume().then(() => beep(audio));
    }
    set("sound", heard.input.checked);
  });
  const tell = () => {
    const news = model.get("news");
    if (!news.title) return;
    if (model.get("enabled") && "Notification" in window && Notification.permission === "granted") {
      const note = new Notification(news.title, { body: news.body, tag: `unas-${news.number}` });
      note.onclick = () => window.focus();
    }
    if (model.get("sound")) {
      audio ??= new AudioContext();
      beep(audio);
    }
  };
  const changes = { "change:enabled": draw, "change:sound": draw, "change:problem": draw, "change:news": tell };
  for (const [name, act] of Object.entries(changes)) model.on(name, act);
  draw();
  return () => {
    for (const [name, act] of Object.entries(changes)) model.off(name, act);
    audio?.close();
  };
}

export default { render };
