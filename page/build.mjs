// Builds the page into bot/demo/page; with --check it proves that the committed files are what the
// source gives, and changes nothing.
import { build } from "esbuild";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const COMMITTED = join(HERE, "..", "bot", "demo", "page");
const FILES = ["index.html", "LICENSES.txt", "assets/app.js", "assets/app.css"];

// The renderer's wrapper has a fixed id, which would repeat with every message; a class does the same.
// And a series may bring a colour of its own.
const renderer = {
  name: "renderer",
  setup({ onLoad }) {
    onLoad({ filter: /slack-blocks-to-jsx[\\/]dist[\\/]index\.mjs$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const bare = swapped(source, /id:"slack_blocks_to_jsx",/g, "", 2);
      const contents = swapped(bare, /,color:Gl\(u\),/g, ",color:i.color??Gl(u),", 1);
      return { contents, loader: "js" };
    });
    onLoad({ filter: /slack-blocks-to-jsx[\\/]dist[\\/]style\.css$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      return {
        contents: source.replaceAll("#slack_blocks_to_jsx", ".slack_blocks_to_jsx"),
        loader: "css",
      };
    });
  },
};

function swapped(source, pattern, replacement, expected) {
  const found = source.match(pattern)?.length ?? 0;
  if (found !== expected) throw new Error(`${pattern}: found ${found} times, expected ${expected}`);
  return source.replace(pattern, replacement);
}

async function buildInto(folder) {
  await mkdir(folder, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: HERE,
    entryPoints: { app: "src/main.tsx" },
    outdir: join(folder, "assets"),
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2022", "chrome114", "firefox125", "safari17"],
    charset: "utf8",
    legalComments: "none",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    metafile: true,
    plugins: [renderer],
    logLevel: "warning",
  });
  await writeFile(
    join(folder, "index.html"),
    await readFile(join(HERE, "src", "index.html"), "utf8"),
  );
  await writeFile(join(folder, "LICENSES.txt"), await licences(Object.keys(metafile.inputs)));
}

// Every package in the bundle, and those that the renderer's own bundle already holds.
const HELD_BY_THE_RENDERER = ["@yozora/character"];

async function licences(inputs) {
  const modules = inputs.map(
    (path) => path.match(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0],
  );
  const inner = HELD_BY_THE_RENDERER.map((name) => `node_modules/${name}`);
  const folders = [...new Set([...modules.filter(Boolean), ...inner])].sort();
  const sections = await Promise.all(folders.map(licence));
  return `app.js and app.css contain these packages, each under its licence.\n\n${sections.join("\n")}`;
}

async function licence(folder) {
  const root = join(HERE, folder.split("/").join(sep));
  const { name, version, license } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const file = (await readdir(root)).sort().find((one) => /^licen[cs]e/i.test(one));
  if (!file && !license) throw new Error(`${name} says nothing of its licence`);
  const text = file ? await readFile(join(root, file), "utf8") : `Licence: ${license}`;
  return `${"=".repeat(80)}\n${name} ${version} (${license})\n${"=".repeat(80)}\n${text.replaceAll("\r", "").trim()}\n`;
}

async function check() {
  const fresh = await mkdtemp(join(tmpdir(), "page-"));
  try {
    await buildInto(fresh);
    const read = (folder, name) => readFile(join(folder, name)).catch(() => Buffer.from(""));
    for (const name of FILES) {
      const same = (await read(fresh, name)).equals(await read(COMMITTED, name));
      if (!same)
        throw new Error(`bot/demo/page/${name} is not what page/ gives: run "npm run build"`);
    }
    console.log("bot/demo/page is what page/ gives.");
  } finally {
    await rm(fresh, { recursive: true });
  }
}

await (process.argv.includes("--check") ? check() : buildInto(COMMITTED));
