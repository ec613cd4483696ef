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
