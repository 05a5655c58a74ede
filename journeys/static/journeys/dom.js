// Small words for making and arranging elements. No HTML is ever built from text.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const sprite = document.querySelector("use")?.getAttribute("href").split("#")[0] ?? "";

export function icon(name) {
  return svg("svg", { class: "icon", "aria-hidden": "true" }, svg("use", { href: `${sprite}#${name}` }));
}

export function button(label, act, { look = "tertiary", sign, color, quiet = false, ...more } = {}) {
  const content = quiet ? [icon(sign)] : [sign ? icon(sign) : null, label];
  return h(
    "button",
    { type: "button", class: "ds-button", "data-variant": look, "data-size": "sm", "data-color": color, onclick: act, ...(quiet ? { "aria-label": label, title: label } : {}), ...more },
    ...content,
  );
}

// Puts `wanted` into `parent` in order, touching only what is out of place: what has focus keeps it.
export function arrange(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((child, place) => {
    if (parent.children[place] !== child) parent.insertBefore(child, parent.children[place] ?? null);
  });
}

// "%s" or "%1$s" in a translated sentence.
export function fill(sentence, ...values) {
  let next = 0;
  return sentence.replace(/%(?:(\d)\$)?s/g, (_, place) => values[place ? place - 1 : next++] ?? "");
}

export const shorten = (text, most = 40) => (text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text);
