/* Asks now and then how far a job is; without this file the link "Look again" does the same. */
"use strict";

async function lookAgain() {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.getElementById("progress");
  if (!now) {
    location.reload();
    return;
  }
  const bar = document.querySelector("#progress progress");
  const fresh = now.querySelector("progress");
  if (bar && fresh) bar.value = fresh.value;
  document.querySelector("#progress h2").textContent = now.querySelector("h2").textContent;
  setTimeout(lookAgain, 2000);
}

document.addEventListener("DOMContentLoaded", () => setTimeout(lookAgain, 2000));
