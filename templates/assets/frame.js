// Inside a frame of another site: tells the page around how high this one is, sends the form, and leads out where the frame may
// not open windows (WordPress' sandbox). "secret" is WordPress' own: it ignores messages without it.
(() => {
  const secret = (/[#&?]secret=([\w-]+)/.exec(location.hash) || [])[1];
  const sealed = origin === "null"; // a sandbox: no forms, no cookies, no windows
  const find = (what) => document.querySelector(what);
  const button = () => find('form[action^="/e/"] button:not([type])');
  const tell = (message, value) => parent !== self && parent.postMessage({ message, value, secret }, "*");
  let covered = false;
  function height() { // of the body, which shrinks again; the document is never lower than the window
    const high = Math.ceil(document.body.getBoundingClientRect().height);
    if (innerWidth) tell("height", Math.min(secret ? 1000 : 2000, Math.max(secret ? 200 : 120, high)));
  }
  const say = (form, words) => Object.assign(form.querySelector("[role=alert]"), { hidden: false, textContent: words });
  // The first tap of somebody who may not see what they tap only asks. Safari and Firefox cannot tell what is covered.
  const watching = new IntersectionObserver((seen) => {
    covered = seen.pop().isVisible === false;
  }, { trackVisibility: true, delay: 100 });
  function watch() {
    covered = false;
    watching.disconnect();
    if (button()) watching.observe(button());
  }
  async function meant(pressed, form) {
    const at = pressed.dataset.asked;
    if (at) return Date.now() - at > 600; // not the other half of a double click
    if (covered) await new Promise((then) => setTimeout(then, 400)); // perhaps only while it moved: we are told
    if (!covered && innerWidth >= 200 && innerHeight >= 120) return true;
    pressed.dataset.asked = Date.now();
    pressed.textContent = form.dataset.ask;
    say(form, form.dataset.why);
  }
  async function send(pressed, form) {
    pressed.disabled = true;
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.action, { method: "POST", credentials: sealed ? "omit" : "same-origin", body });
      // without its styles: they are here already, and the nonce of its own policy is another one
      const page = new DOMParser().parseFromString((await answer.text()).replace(/<style.*?<\/style>/gs, ""), "text/html");
      find("main").replaceWith(document.adoptNode(page.querySelector("main.embed")));
      document.title = page.title;
      watch();
      (find("main [autofocus], .error-summary") || find("main")).focus();
    } catch {
      pressed.disabled = false;
      watch();
      say(form, form.dataset.failed);
    }
  }
  function lead(event, link) {
    if (secret) {
      event.preventDefault();
      tell("link", link.href);
    }
    setTimeout(() => { // still here: the address, to take along
      if (!link.title) link.after(" ", link.title = link.href);
    }, 700);
  }
  document.addEventListener("click", async (event) => {
    const pressed = event.target.closest("a[href], button");
    if (!pressed) return;
    if (pressed === button()) {
      event.preventDefault();
      if (pressed.form.reportValidity() && await meant(pressed, pressed.form)) send(pressed, pressed.form);
    } else if (pressed.target && sealed) lead(event, pressed);
    else if (pressed.search && secret) pressed.hash = location.hash; // the other language, in this frame
  });
  addEventListener("message", ({ source, data }) => source === parent && data?.message === "ready" && height());
  new ResizeObserver(height).observe(document.body);
  watch();
})();
