// Builds the bundles of scripts/ into bundle/, or into the folder that is named: node build.js [folder]
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { buildSync } from "esbuild";

const [, , folder = "bundle"] = process.argv;
buildSync({
  entryPoints: ["scripts/page.js", "scripts/worker.js"],
  outdir: folder,
  bundle: true,
  charset: "utf8",
  target: "es2022",
});

// By this, a test without Node sees that somebody forgot to build.
const hash = createHash("sha256");
for (const name of readdirSync("scripts").sort()) hash.update(readFileSync(`scripts/${name}`));
writeFileSync(`${folder}/sources.sha256`, `${hash.digest("hex")}\n`);
