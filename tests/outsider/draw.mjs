// Draws a plot's canvas and stack with JSROOT into SVG files of a size in a folder.
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

const [module, path, plot, folder, width, height] = process.argv.slice(2);
const size = { width: Number(width), height: Number(height) };
const { openFile, makeSVG } = await import(pathToFileURL(module).href);
const bytes = await readFile(path);
const file = await openFile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
for (const [name, option] of [['canvas', ''], ['stack', 'hist']]) {
  const object = await file.readObject(`${plot}/${name}`);
  await writeFile(`${folder}/${name}.svg`, await makeSVG({ object, option, ...size }));
}
