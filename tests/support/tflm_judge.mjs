// node tflm_judge.mjs <tflm.js> <model.tflite>…: what TensorFlow Lite Micro prints for each, one JSON line per model.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [library, ...models] = process.argv.slice(2);
const factory = createRequire(import.meta.url)(library);
for (const path of models) {
  const lines = [];
  try {
    const tflm = await factory({ print: (line) => lines.push(line), printErr: (line) => lines.push(line) });
    tflm.FS.writeFile("/model.tflite", readFileSync(path));
    tflm.callMain(["/model.tflite"]);
  } catch {
    // it ends by throwing; a failed check does too, and leaves no table of the arena
  }
  console.log(JSON.stringify(lines.join("\n")));
}
process.exitCode = 0;
