// Enhances pages that work without it: keeps addresses of lists short, announces new results,
// selects permalinks, completes names in search boxes, narrows long groups of options by typing.

document.addEventListener("htmx:configRequest", (event) => {
  const parameters = event.detail.formData;
  // One state has one address: no empty parameters, the values of each in order.
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name).filter((value) => value !== "").sort();
    parameters.delete(name);
    for (const value of values) parameters.append(name, value);
  }
});

// An address with a bad value answers 400 with the form and what is wrong: show it.
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([400, 404].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

document.addEventListener("htmx:afterSettle", () => {
  const count = document.getElementById("count");
  const announcement = document.getElementById("announcement");
  if (count && announcement) announcement.textContent = count.textContent;
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches?.("input[data-copy]")) event.target.select();
});

// Names that complete what is typed, in the browser's own list: keyboard and screen readers know it.
let pause;
document.addEventListener("input", (event) => {
  const box = event.target;
  if (!box.matches?.("input[data-names]") || event.inputType === "insertReplacementText") return;
  clearTimeout(pause);
  pause = setTimeout(() => offerNames(box), 150);
});

async function offerNames(box) {
  const typed = box.value.trim();
  const list = document.getElementById(box.dataset.list) ?? newList(box);
  if (!typed) {
    list.replaceChildren();
    return;
  }
  const answer = await fetch(`${box.dataset.names}?q=${encodeURIComponent(typed)}`);
  if (!answer.ok || box.value.trim() !== typed) return;
  const { names } = await answer.json();
  list.replaceChildren(...names.map((name) => new Option(name)));
}

function newList(box) {
  const list = document.createElement("datalist");
  list.id = `${box.id}-names`;
  box.dataset.list = list.id;
  box.setAttribute("list", list.id);
  box.after(list);
  return list;
}

// A long group of options gets a box that narrows it; without a script its rest is behind "more".
function addNarrowing() {
  for (const group of document.querySelectorAll("details.facet[data-narrow]")) {
    if (group.querySelector(".narrow-box")) continue;
    const box = document.createElement("input");
    box.type = "search";
    box.className = "narrow-box";
    box.autocomplete = "off";
    box.placeholder = group.dataset.narrow;
    box.setAttribute("aria-label", group.dataset.narrow);
    box.addEventListener("input", () => narrow(group, box.value.trim().toLowerCase()));
    group.querySelector("fieldset").prepend(box);
  }
}

function narrow(group, wanted) {
  for (const option of group.querySelectorAll(".option")) {
    option.hidden = wanted !== "" && !option.textContent.toLowerCase().includes(wanted);
  }
  const rest = group.querySelector("details.more");
  if (rest && wanted) rest.open = true;
}

// The box is no part of the form's state: nothing is asked for while it is typed in.
for (const name of ["change", "keydown"]) {
  document.addEventListener(
    name,
    (event) => {
      if (!event.target.matches?.(".narrow-box")) return;
      if (name === "change") event.stopPropagation();
      if (event.key === "Enter") event.preventDefault();
    },
    true,
  );
}

document.addEventListener("DOMContentLoaded", addNarrowing);
document.addEventListener("htmx:afterSettle", addNarrowing);
