// Gives the frames of polls on this page the height they ask for. Once a page, anywhere:
// <script async src="https://the.site.of.the.poll/embed.js"></script>
(() => {
  const ours = new URL(document.currentScript.src).origin;
  // A frame of ours by its address; without an address of its own (about:blank, a mistake) it is none.
  const frames = () => [...document.querySelectorAll("iframe[src]")].filter((frame) => frame.src.startsWith(ours + "/e/"));
  addEventListener("message", (event) => {
    // Inside a sandbox a page has no origin but "null".
    if (event.origin !== ours && event.origin !== "null") return;
    const frame = frames().find((one) => one.contentWindow === event.source);
    const { message, value } = event.data || {};
    if (!frame || message !== "height" || !Number.isInteger(value) || value < 120 || value > 2000) return;
    const look = getComputedStyle(frame);
    const around = look.boxSizing !== "border-box" ? 0 : ["borderTopWidth", "borderBottomWidth", "paddingTop", "paddingBottom"]
      .reduce((sum, side) => sum + parseFloat(look[side]), 0);
    frame.style.height = value + around + "px";
  });
  // Those that spoke before this script was here say it again.
  frames().forEach((frame) => frame.contentWindow.postMessage({ message: "ready" }, "*"));
})();
