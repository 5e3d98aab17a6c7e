/* The search boxes that select2 builds know nothing of the label of the field they stand for; wide
   tables of rows scroll in their frame, which the keyboard must be able to reach. */
"use strict";

function nameSearchBoxes() {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = document.querySelector(`label[for="${select.id}"]`);
    const name = select.getAttribute("aria-label") || label?.textContent.replace(/:\s*$/, "");
    const box = select.nextElementSibling;
    if (!name || !box?.classList.contains("select2")) continue;
    for (const part of box.querySelectorAll("[role=combobox], [role=textbox], [type=search]")) {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", name);
    }
  }
}

document.addEventListener("DOMContentLoaded", () => {
  for (const frame of document.querySelectorAll(".inline-group .tabular fieldset.module")) {
    frame.tabIndex = 0;
  }
});

// Django builds the boxes when jQuery is ready and when a row was added: after that is our turn.
window.addEventListener("load", () => django.jQuery(() => setTimeout(nameSearchBoxes)));
document.addEventListener("formset:added", () => setTimeout(nameSearchBoxes));
