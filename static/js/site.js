// Enhances pages that work without it: keeps addresses of lists short, announces new results,
// copies permalinks.

document.addEventListener("htmx:configRequest", (event) => {
  const parameters = event.detail.formData ?? event.detail.parameters;
  for (const [name, value] of [...parameters.entries()]) {
    if (value === "") parameters.delete(name);
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
