// Enhances pages that work without it: keeps addresses of lists short, announces new results,
// selects permalinks, and looks after the form of a list.

document.addEventListener("htmx:configRequest", (event) => {
  const { elt, formData } = event.detail;
  // One state has one address: no empty parameters, all in their order and so the values of each.
  const order = elt.dataset.order?.split(" ") ?? [...new Set(formData.keys())];
  const asked = new URLSearchParams();
  for (const name of order) {
    const values = formData.getAll(name).filter((value) => value !== "").sort();
    formData.delete(name);
    for (const value of values) asked.append(name, value);
  }
  if (asked.size) event.detail.path += `?${asked}`;
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

// A group that shows all its options gets a box that narrows it, and stays narrowed when it comes anew.
const narrowed = new Map();

function addNarrowing() {
  for (const group of document.querySelectorAll("details.facet[data-narrow]")) {
    if (group.querySelector(".narrow-box")) continue;
    const box = document.createElement("input");
    box.type = "search";
    box.className = "narrow-box";
    box.autocomplete = "off";
    box.placeholder = group.dataset.narrow;
    box.setAttribute("aria-label", group.dataset.narrow);
    box.value = narrowed.get(group.id) ?? "";
    box.addEventListener("input", () => {
      narrowed.set(group.id, box.value);
      narrow(group, box.value);
    });
    // The box is no part of the form's state.
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    group.querySelector(".options").before(box);
    narrow(group, box.value);
  }
}

function narrow(group, text) {
  const wanted = text.trim().toLowerCase();
  for (const option of group.querySelectorAll(".option")) {
    option.hidden = wanted !== "" && !option.textContent.toLowerCase().includes(wanted);
  }
}

document.addEventListener("DOMContentLoaded", addNarrowing);
document.addEventListener("htmx:afterSettle", addNarrowing);

// Groups stay open or closed as their reader left them; one that was asked for whole is opened.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  for (const group of event.detail.target.querySelectorAll("details.facet")) {
    const next = event.detail.fragment.querySelector(`#${group.id}`);
    if (next && !next.querySelector(".error")) next.open = group.open;
  }
});

// "More" and "fewer" are gone when their group comes anew: its head has the focus then.
let unfolded;
document.addEventListener("htmx:beforeRequest", (event) => {
  unfolded = event.target.closest?.("a.more")?.closest(".facet").id;
});
document.addEventListener("htmx:afterSettle", () => {
  if (!unfolded) return;
  document.querySelector(`#${unfolded} > :is(summary, a)`)?.focus();
  unfolded = undefined;
});

// What lies over the page is left with the keyboard as with a click: else the focus is beneath it.
document.addEventListener("focusin", ({ target }) => {
  const open = document.querySelector(":popover-open");
  if (open && !open.contains(target) && target.popoverTargetElement !== open) open.hidePopover();
});

// On a narrow screen the filters lie over the results that their button shows.
document.addEventListener("submit", (event) => {
  if (event.target.matches("#filters:popover-open")) event.target.hidePopover();
});

// The boxes of the form are not swapped, so that nobody loses what they type: what they hold becomes
// part of the page, which the browser's history keeps, and so does what is wrong with it.
document.addEventListener("htmx:afterSettle", () => {
  const asked = new URLSearchParams(location.search);
  for (const box of document.querySelectorAll("#filters .typed")) {
    const error = document.getElementById(`${box.id}_error`);
    box.setAttribute("value", asked.get(box.name) ?? "");
    mark(box, "aria-invalid", error && "true");
    mark(box, "aria-describedby", error?.id);
  }
});

function mark(box, attribute, value) {
  if (value) box.setAttribute(attribute, value);
  else box.removeAttribute(attribute);
}

// Words that grow while they are typed are one step of the browser's history.
document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
  const { triggeringEvent } = event.detail.requestConfig;
  const typed = triggeringEvent?.type === "input" && triggeringEvent.target.name;
  if (typed && new URLSearchParams(location.search).has(typed)) event.detail.history.type = "replace";
});
