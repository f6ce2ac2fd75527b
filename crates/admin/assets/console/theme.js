// Chooses light or dark before anything is painted, so that nothing flashes. The choice is the only thing that the
// console keeps across visits.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("strata-theme");
  } catch {
    // Storage is forbidden here: the system's preference it is.
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
