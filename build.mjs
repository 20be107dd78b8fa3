// Builds what pages and documents load, from npm packages, into the Python package:
//   src/linli/web/frontend/*.{js,css}  ->  src/linli/web/static/dist/   (files that begin with _ are parts, not entries)
//   the woff2 slices that fonts.css names  ->  src/linli/web/static/dist/fonts/
//   ECharts for drawing charts in documents  ->  src/linli/reports/assets/echarts.js
//   Noto Serif SC and Noto Sans SC, 400 and 700  ->  src/linli/reports/fonts/
// All of them are git-ignored and go into the wheel. Run by `make setup`; running it twice gives the same bytes.
import { build } from "esbuild";
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename, extname, join } from "node:path";

const frontend = "src/linli/web/frontend";
const dist = "src/linli/web/static/dist";
const assets = "src/linli/reports/assets";
const fonts = "src/linli/reports/fonts";

function emptied(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

function entries() {
  if (!existsSync(frontend)) return [];
  return readdirSync(frontend)
    .filter((name) => [".js", ".css"].includes(extname(name)) && !name.startsWith("_"))
    .map((name) => join(frontend, name));
}

async function pages() {
  emptied(dist);
  const found = entries();
  if (found.length === 0) return;
  await build({
    entryPoints: found,
    outdir: dist,
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2020"],
    charset: "utf8",
    legalComments: "linked",
    loader: { ".svg": "dataurl", ".woff2": "file" },
    assetNames: "fonts/[name]-[hash]",
    logLevel: "warning",
  });
  for (const family of ["noto-sans-sc", "noto-serif-sc"]) {
    copyFileSync(`node_modules/@fontsource-variable/${family}/LICENSE`, join(dist, "fonts", `${family}.LICENSE`));
  }
  console.log(`  pages: ${found.map((path) => basename(path)).join(", ")}`);
}

function documents() {
  emptied(assets);
  copyFileSync("node_modules/echarts/dist/echarts.min.js", join(assets, "echarts.js"));
  copyFileSync("node_modules/echarts/LICENSE", join(assets, "echarts.LICENSE"));
  emptied(fonts);
  for (const [family, file] of [["noto-serif-sc", "NotoSerifSC"], ["noto-sans-sc", "NotoSansSC"]]) {
    const home = `node_modules/@expo-google-fonts/${family}`;
    for (const weight of ["400Regular", "700Bold"]) {
      copyFileSync(join(home, weight, `${file}_${weight}.ttf`), join(fonts, `${file}_${weight}.ttf`));
    }
    copyFileSync(join(home, "LICENSE_FONT"), join(fonts, `${file}.LICENSE`));
  }
  console.log("  documents: ECharts, Noto Serif SC, Noto Sans SC");
}

await pages();
documents();
