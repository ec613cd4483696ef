// Elements of the page.

const $ = (id) => document.getElementById(id);

// An element with properties and children; texts are never markup.
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function button(text, act, label = text) {
  const made = element("button", { type: "button", onclick: act }, text);
  if (label !== text) made.setAttribute("aria-label", label);
  return made;
}

// What this browser remembers, where it may.
function recall(storage, name) {
  try {
    return window[storage].getItem(name);
  } catch {
    return null;
  }
}

function remember(storage, name, value) {
  try {
    if (value === null) window[storage].removeItem(name);
    else window[storage].setItem(name, value);
  } catch {
    // It remembers nothing then.
  }
}

const labelOf = (control) => control.getAttribute("aria-label") ?? control.textContent;

// Draws something anew; whoever was at one of its buttons is at the same one afterwards.
function redrawn(container, draw) {
  const at = document.activeElement;
  const label = container.contains(at) && at !== container ? labelOf(at) : null;
  draw();
  if (label === null || container.contains(document.activeElement)) return;
  const buttons = [...container.querySelectorAll("button")];
  const same = buttons.find((button) => labelOf(button) === label) ?? buttons.find((button) => labelOf(button).startsWith(label));
  (same ?? buttons[0])?.focus();
}

// Says something to people who do not see it.
function say(text) {
  $("said").textContent = text;
}

// Shows one part of the page and hides the others.
function show(part) {
  for (const id of ["lobby", "notice", "call"]) $(id).hidden = id !== part;
}

function press(id, on, what) {
  $(id).setAttribute("aria-pressed", String(on));
  $(id).title = `Turn ${what} ${on ? "off" : "on"}`;
}
