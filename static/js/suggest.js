// Suggests records while a name is typed into a search box: a combobox whose options lead to them.

let pause;
document.addEventListener("input", ({ target: box }) => {
  if (!box.matches?.("input[data-names]")) return;
  clearTimeout(pause);
  pause = setTimeout(() => suggest(box), 150);
});

async function suggest(box) {
  const typed = box.value.trim();
  if (!typed) return close(box);
  const answer = await fetch(`${box.dataset.names}?q=${encodeURIComponent(typed)}`);
  if (!answer.ok || box.value.trim() !== typed || document.activeElement !== box) return;
  const { names } = await answer.json();
  const list = listOf(box);
  list.replaceChildren(...names.map((name, place) => optionOf(name, `${list.id}-${place}`)));
  list.hidden = !names.length;
  box.setAttribute("aria-expanded", String(!list.hidden));
  box.removeAttribute("aria-activedescendant");
}

function listOf(box) {
  const known = document.getElementById(`${box.id}-suggestions`);
  if (known) return known;
  const list = document.createElement("ul");
  list.id = `${box.id}-suggestions`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.labels[0]?.textContent.trim() ?? box.placeholder);
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id };
  for (const [name, value] of Object.entries(attributes)) box.setAttribute(name, value);
  box.autocomplete = "off";
  box.after(list);
  // The box keeps the focus, so that a click is not lost with it.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.url);
  });
  return list;
}

function optionOf({ name, lang, kind, url }, id) {
  const option = document.createElement("li");
  option.id = id;
  option.dataset.url = url;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  const parts = [[name, lang], [kind, ""]].map(([text, language]) => {
    const part = document.createElement("span");
    part.textContent = text;
    if (language) part.lang = language;
    return part;
  });
  option.append(parts[0], " ", parts[1]);
  return option;
}

document.addEventListener("keydown", (event) => {
  const box = event.target;
  const list = box.matches?.("input[data-names]") && document.getElementById(`${box.id}-suggestions`);
  if (!list || event.isComposing) return;
  if (list.hidden) {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    suggest(box);
    return;
  }
  const options = [...list.children];
  const place = options.findIndex((option) => option.ariaSelected === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    // One place more than there are options: the box itself.
    const step = event.key === "ArrowDown" ? 1 : -1;
    choose(box, options, (place + 1 + step + options.length + 1) % (options.length + 1) - 1);
  } else if (event.key === "Enter" && place >= 0) {
    event.preventDefault();
    location.assign(options[place].dataset.url);
  } else if (event.key === "Escape") {
    event.preventDefault();
    close(box);
  }
});

function choose(box, options, place) {
  options.forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
  if (place < 0) {
    box.removeAttribute("aria-activedescendant");
  } else {
    box.setAttribute("aria-activedescendant", options[place].id);
    options[place].scrollIntoView({ block: "nearest" });
  }
}

function close(box) {
  const list = document.getElementById(`${box.id}-suggestions`);
  if (!list) return;
  list.hidden = true;
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
}

document.addEventListener("focusout", ({ target }) => {
  if (target.matches?.("input[data-names]")) close(target);
});
