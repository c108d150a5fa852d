/** Loads pdf.js for reading text: without a canvas, a worker thread or files beside the bundle. */

/** Names of character maps that fonts of Asian text ask for, and that are not part of the package. */
const unknownFonts = new Set<string>();

class CMapReader {
  fetch({ name }: { name: string }): Promise<never> {
    unknownFonts.add(name);
    return Promise.reject(new Error(`There is no character map ${name}.`));
  }
}

/** Enough for pdf.js to be loaded; only drawing would use more. */
function NotDrawn(): void {
  // Called with `new` when pdf.js is loaded.
}

let loading: ReturnType<typeof load> | null = null;

export async function loadPdfjs(): ReturnType<typeof load> {
  return (loading ??= load());
}

async function load() {
  const host = globalThis as Record<string, unknown>;
  host['DOMMatrix'] ??= NotDrawn;
  host['Path2D'] ??= NotDrawn;
  host['ImageData'] ??= NotDrawn;
  // Found by name, pdf.js runs its worker in this thread and loads no file for it.
  host['pdfjsWorker'] ??= await import('pdfjs-dist/legacy/build/pdf.worker.mjs');
  const pdfjs = await silently(() => import('pdfjs-dist/legacy/build/pdf.mjs'));
  const { getDocument, VerbosityLevel } = pdfjs;
  return { getDocument, VerbosityLevel, CMapReader, unknownFonts };
}

/** pdf.js warns on the console that there is no canvas, before anyone can tell it not to. */
async function silently<Loaded>(act: () => Promise<Loaded>): Promise<Loaded> {
  const { warn, log } = console;
  console.warn = () => undefined;
  console.log = () => undefined;
  try {
    return await act();
  } finally {
    console.warn = warn;
    console.log = log;
  }
}
