// Prints the histograms of a ROOT file as JSROOT reads them, as JSON.
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

const [module, path] = process.argv.slice(2);
const { openFile } = await import(pathToFileURL(module).href);
const bytes = await readFile(path);
const file = await openFile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
const histograms = [];
for (const key of file.fKeys) {
  // The streamer info, and the cutflow's directory.
  if (['TList', 'TDirectory', 'TDirectoryFile'].includes(key.fClassName)) continue;
  const h = await file.readObject(key.fName);
  histograms.push({
    name: h.fName,
    cls: h._typename,
    title: h.fTitle,
    xtitle: h.fXaxis.fTitle,
    ytitle: h.fYaxis.fTitle,
    nbins: h.fXaxis.fNbins,
    xlow: h.fXaxis.fXmin,
    xup: h.fXaxis.fXmax,
    entries: h.fEntries,
    contents: Array.from(h.fArray),
    sumw2: Array.from(h.fSumw2),
    tsumw: h.fTsumw,
    tsumw2: h.fTsumw2,
    tsumwx: h.fTsumwx,
    tsumwx2: h.fTsumwx2,
  });
}
console.log(JSON.stringify(histograms));
