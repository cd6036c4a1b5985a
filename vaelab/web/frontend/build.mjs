// Bundles src/ into dist/. `--check` builds in memory and compares with what is there, byte for byte.
import { readFile, readdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { build } from "esbuild"

const here = import.meta.dirname
const dist = join(here, "dist")
const settings = {
  absWorkingDir: here,
  outdir: "dist",
  bundle: true,
  target: "es2022",
  minify: true,
  charset: "utf8",
  legalComments: "none",
  loader: { ".css": "text" },
  write: false,
}
const components = await build({
  ...settings,
  format: "esm",
  entryPoints: { draw: "src/draw/mount.ts", interpolate: "src/interpolate/mount.ts", map: "src/map/mount.ts", sliders: "src/sliders/mount.ts", worker: "src/decoding/worker.ts" },
})
// What lies inside a standalone file: plain scripts, for nothing can be imported there.
const standalone = await build({
  ...settings,
  format: "iife",
  entryPoints: { standalone: "src/standalone/main.ts", "standalone-worker": "src/standalone/worker.ts" },
  define: { "import.meta.url": '"file:"' }, // the runtime looks for its own address, which it has none of
})
const built = new Map([...components.outputFiles, ...standalone.outputFiles].map((f) => [f.path.slice(dist.length + 1), f.contents]))

if (process.argv.includes("--check")) {
  const names = new Set([...(await readdir(dist)), ...built.keys()])
  const stale = []
  for (const name of names) {
    const there = await readFile(join(dist, name)).catch(() => null)
    const now = built.get(name)
    if (!there || !now || Buffer.compare(there, Buffer.from(now)) !== 0) stale.push(name)
  }
  if (stale.length) {
    console.error(`dist/ is not what src/ builds to: ${stale.join(", ")}. Run: npm run build`)
    process.exit(1)
  }
  console.log(`dist/ is what src/ builds to: ${[...names].join(", ")}`)
} else {
  for (const [name, content] of built) {
    await writeFile(join(dist, name), content)
    console.log(`dist/${name}  ${content.length} bytes`)
  }
}
