// The code on the wall: fetched anew when it changes, and now and then in between for the count.
// Without this script the page fetches itself.

const wall = document.querySelector("[data-wall]");
const said = wall.querySelector("[data-said]");
const OFTEN = 10;
let failures = 0;

async function fetchNext() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(8000) });
    const next = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-code]");
    if (answer.ok && !next) return location.reload(); // logged out, or the code is no longer shown
    if (!next) throw new Error(String(answer.status));
    wall.querySelector("[data-code]").replaceWith(document.adoptNode(next));
    failures = 0;
    say("");
  } catch {
    failures += 1;
    if (failures > 2) say(wall.dataset.lost);
  }
  wait();
}

function say(sentence) {
  if (said.textContent !== sentence) said.textContent = sentence;
}

function wait() {
  const seconds = failures ? 3 : Math.min(OFTEN, Number(wall.querySelector("[data-code]").dataset.seconds) + 0.3);
  setTimeout(fetchNext, seconds * 1000);
}

wait();
// A screen that must not go dark while it shows something; where the browser can't, it goes dark as it does.
navigator.wakeLock?.request("screen").catch(() => {});
