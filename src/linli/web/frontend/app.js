// The little behaviour the pages need. Everything works without it but the charts.
import "htmx.org";
import { drawCharts } from "./_charts.js";
import { carryFonts } from "./_fonts.js";

function rememberPrint(event) {
  const button = event.target.closest("[data-print-toggle]");
  if (!button) return;
  const root = document.documentElement;
  const large = root.dataset.print !== "large";
  root.dataset.print = large ? "large" : "normal";
  document.cookie = `print=${large ? "large" : "normal"};path=/;max-age=31536000;samesite=lax`;
  button.setAttribute("aria-pressed", String(large));
  window.dispatchEvent(new Event("resize"));
}

function printPage(event) {
  if (event.target.closest("[data-print-page]")) window.print();
}

// A form is sent once: a second tap on a slow line must not send it twice.
function sendOnce(event) {
  const form = event.target;
  if (form.hasAttribute("data-many")) return;
  const button = event.submitter;
  if (!button) return;
  setTimeout(() => {
    button.disabled = true;
    if (button.dataset.busy) button.textContent = button.dataset.busy;
  });
}

// Back from the browser's page cache: the buttons are usable again.
function wake(event) {
  if (!event.persisted) return;
  for (const button of document.querySelectorAll("button[disabled][data-busy]")) button.disabled = false;
}

// On a narrow screen the bar and a sheet scroll: the page one is on and the cell meant must be in sight.
function showWhere() {
  for (const place of document.querySelectorAll(".bar__nav [aria-current], td.here")) {
    place.scrollIntoView({ block: "nearest", inline: "center" });
  }
}

carryFonts();
document.addEventListener("click", rememberPrint);
document.addEventListener("click", printPage);
document.addEventListener("submit", sendOnce);
window.addEventListener("pageshow", wake);
document.addEventListener("DOMContentLoaded", () => { showWhere(); drawCharts(document); });
document.addEventListener("htmx:load", (event) => drawCharts(event.detail.elt));
