// Copies the runtime from node_modules into vendor/, and writes down what it is.
// `--check` compares instead: the files there must be the ones of the locked npm package.
import { createHash } from "node:crypto"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { gzipSync, gunzipSync } from "node:zlib"

const here = import.meta.dirname
const source = join(here, "node_modules/onnxruntime-web")
const target = join(here, "vendor/onnxruntime-web")
const { version, license } = JSON.parse(await readFile(join(source, "package.json"), "utf8"))
const files = [
  { name: "ort.wasm.bundle.min.mjs", stored: "ort.wasm.bundle.min.mjs" },
  { name: "ort-wasm-simd-threaded.wasm", stored: "ort-wasm-simd-threaded.wasm.gz" },
]
const about = {
  package: "onnxruntime-web",
  version,
  license,
  command: "npm ci && npm run vendor",
  files: [],
}
for (const { name, stored } of files) {
  const content = await readFile(join(source, "dist", name))
  const sha256 = createHash("sha256").update(content).digest("hex")
  about.files.push({ name, stored, bytes: content.length, sha256 })
  const path = join(target, stored)
  if (process.argv.includes("--check")) {
    const there = await readFile(path)
    const raw = stored.endsWith(".gz") ? gunzipSync(there) : there
    if (!raw.equals(content)) throw new Error(`vendor/${stored} is not the package's ${name}`)
  } else {
    await writeFile(path, stored.endsWith(".gz") ? gzipSync(content, { level: 9 }) : content)
  }
}
const text = `${JSON.stringify(about, null, 2)}\n`
const record = join(target, "VENDORED.json")
if (process.argv.includes("--check")) {
  if ((await readFile(record, "utf8")) !== text) throw new Error("vendor/VENDORED.json is stale")
  console.log(`vendor/onnxruntime-web is onnxruntime-web ${version}`)
} else {
  await writeFile(record, text)
}
