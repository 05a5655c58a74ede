// The day's list as this browser keeps it for when the network goes: names and marks, locked. The key lies in a cookie
// that the site gives with the list and takes back when the browser is logged out or is someone else's.

const PREFIX = "stigen.list.";
const STORE = "stigen-list";

// The frame, the files it asks for, and the worker that opens it: once, and anew when the site has new ones.
export async function prepareFor(list) {
  if (!window.isSecureContext || !("serviceWorker" in navigator) || !("caches" in window)) return;
  try {
    await navigator.serviceWorker.register(list.worker, { scope: location.pathname, updateViaCache: "none" });
    const answer = await fetch(list.frame, { cache: "no-cache", credentials: "omit" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.clone().text(), "text/html");
    const { files } = JSON.parse(page.getElementById("kept-list-data").textContent);
    const store = await caches.open(STORE);
    await Promise.all(files.map(async (file) => (await store.match(file, { ignoreVary: true })) || store.add(file)));
    await store.put(list.frame, answer);
    // Frames in other languages stay; they ask for the same files.
    const wanted = new Set(files.map((file) => new URL(file, location.href).pathname));
    for (const { url } of await store.keys()) {
      const { pathname } = new URL(url);
      if (!pathname.endsWith("/") && !wanted.has(pathname)) await store.delete(url);
    }
  } catch {
    // Without it the list works as long as it is open, as before.
  }
}

export async function keepList(kept, list) {
  const key = await keyOf(kept.key);
  if (!key) return;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const locked = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(JSON.stringify(list)));
  const entry = { person: list.person, key: kept.key, until: kept.until, iv: toText(iv), list: toText(new Uint8Array(locked)) };
  try {
    localStorage.setItem(PREFIX + location.pathname, JSON.stringify(entry));
  } catch {
    // Nothing is stored here, or there is no room: then nothing is kept.
  }
}

// The list of this address; null where none is kept, or its key is gone.
export async function openList() {
  await forgetLists();
  try {
    const entry = JSON.parse(localStorage.getItem(PREFIX + location.pathname));
    const key = entry && (await keyOf(entry.key));
    if (!key) return null;
    const list = await crypto.subtle.decrypt({ name: "AES-GCM", iv: toBytes(entry.iv) }, key, toBytes(entry.list));
    return JSON.parse(new TextDecoder().decode(list));
  } catch {
    return null;
  }
}

// Those that have ended, and those that `which` names: at once; their workers when the promise is kept.
export async function forgetLists(which = () => false) {
  const gone = [];
  try {
    for (const name of Object.keys(localStorage)) {
      if (!name.startsWith(PREFIX)) continue;
      const entry = JSON.parse(localStorage.getItem(name));
      if (Date.parse(entry.until) > Date.now() && !which(entry, name.slice(PREFIX.length))) continue;
      localStorage.removeItem(name);
      gone.push(name.slice(PREFIX.length));
    }
  } catch {
    // Nothing is stored here.
  }
  if (gone.length && "serviceWorker" in navigator) await stopWorkers(gone);
}

// On a page of whoever is logged in: what another has kept here goes, and all of it goes with the log-out.
export function guardLists(person) {
  document.addEventListener("submit", (event) => {
    if (new URL(event.target.action).pathname.endsWith("/logout/")) forgetLists(() => true);
  });
  return forgetLists((entry) => entry.person !== person);
}

async function stopWorkers(paths) {
  try {
    for (const each of await navigator.serviceWorker.getRegistrations()) {
      if (paths.includes(new URL(each.scope).pathname)) await each.unregister();
    }
  } catch {
    // It opens an empty frame then, and nobody's list.
  }
}

async function keyOf(name) {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
  if (!cookie || !crypto.subtle) return null;
  const bytes = toBytes(cookie.slice(name.length + 1).replaceAll("-", "+").replaceAll("_", "/"));
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

function toText(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function toBytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
