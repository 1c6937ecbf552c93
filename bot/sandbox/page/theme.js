// Runs before anything is painted, so that a dark page never flashes white.
{
  const wanted = new URLSearchParams(location.search).get("theme") ?? localStorage.getItem("sandbox.theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const wear = () => {
    const chosen = localStorage.getItem("sandbox.theme") ?? wanted;
    const dark = chosen === "dark" || (chosen !== "light" && system.matches);
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    dispatchEvent(new Event("theme"));
  };
  wear();
  system.addEventListener("change", wear);
}
