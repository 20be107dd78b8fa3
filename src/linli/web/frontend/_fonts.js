// A device without a Chinese font shows the same box for every character: then, and only then, ours are loaded.
const here = document.currentScript?.src ?? "";

function drawn(character) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 24;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.font = "20px sans-serif";
  pen.fillText(character, 2, 20);
  return pen.getImageData(0, 0, 24, 24).data.join();
}

export function carryFonts() {
  if (drawn("邻") !== drawn("里")) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL("fonts.css", here).href;
  document.head.append(link);
}
