import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Folders of the core in the order of the data: each imports only itself and those before it. */
const coreOrder = [
  'base',
  'corpus',
  'tokens',
  'graph',
  'encoder',
  'objectives',
  'backend',
  'train',
  'model',
  'embed',
  'index',
  'analyze',
  'evaluate',
  'study',
  'report',
];

/** Packages that only one file may import. */
const onlyImporter: Readonly<Record<string, string>> = {
  'onnxruntime-node': 'src/core/graph/session.ts',
  '@lancedb/lancedb': 'src/core/index/vectorStore.ts',
};

/** How curves are smoothed and categories coloured, in reports as in panels: arithmetic and no more. */
const drawing = 'src/core/report/drawing/';

const webviewPackages = [
  'd3-array',
  'lit',
  '@vscode-elements/',
  '@vscode/codicons',
  'plotly.js-strict-dist-min',
  'zod/mini',
];

interface Import {
  readonly file: string;
  /** Path from the root for a file of ours, else the specifier. */
  readonly target: string;
  readonly ours: boolean;
}

describe('Layers', () => {
  const imports = ['src', 'webview'].flatMap((folder) => filesUnder(folder).flatMap(importsOf));

  it('sees imports of every kind', () => {
    const text = `import type { A } from './a.js'; export * from './b.js';
      const c = await import('./c.js'); type D = import('./d.js').D; const e = require('./e.js');`;
    expect(specifiersOf('x.ts', text)).toEqual(['./a.js', './b.js', './c.js', './d.js', './e.js']);
  });

  it('are kept by every file', () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(imports.flatMap(complaint)).toEqual([]);
  });

  it('go round in no circle anywhere, types included', () => {
    const others = ['test', 'bench', 'samples', 'scripts'].flatMap(filesUnder).flatMap(importsOf);
    const all = [...imports, ...others].filter(({ ours }) => ours);
    expect(all.length).toBeGreaterThan(1000);
    expect(circles(all)).toEqual([]);
  });

  it('name only files that exist', () => {
    const lost = imports.filter(({ target, ours }) => ours && !existsSync(join(root, target)));
    expect(lost.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
  });
});

describe('Source files', () => {
  const files = ['src', 'webview', 'test', 'bench', 'samples', 'scripts'].flatMap(filesUnder);

  it('have at most 400 lines', () => {
    const long = files.filter((file) => read(file).split('\n').length > 401);
    expect(long).toEqual([]);
  });

  it('name no path of one machine and leave nothing to do', () => {
    const machinePath = /(^|[\s'"`(=])(\/(home|work|root|Users|tmp)\/[\w.-]+|[A-Z]:\\Users\\)/;
    const leftOver = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`);
    const found = files
      .filter((file) => !file.startsWith('test/') && !file.endsWith('.csv'))
      .filter((file) => machinePath.test(read(file)) || leftOver.test(read(file)));
    expect(found).toEqual([]);
  });

  it('read neither the clock nor chance in the core', () => {
    const forbidden =
      /\b(Math\.random|Date\.now|new Date\(\)|performance\.now|process\.(env|argv))\b/;
    const found = filesUnder('src/core').filter((file) => forbidden.test(withoutComments(file)));
    expect(found).toEqual([]);
  });
});

/** What is wrong with an import, in a sentence; nothing when it is right. */
function complaint({ file, target, ours }: Import): string[] {
  const refuse = (rule: string): string[] => [`${file} imports ${target}: ${rule}`];
  const only = Object.entries(onlyImporter).find(([name]) => isPackage(target, name));
  if (!ours && only !== undefined && file !== only[1]) return refuse(`only ${only[1]} may`);
  if (target === 'vscode' && !isExtension(file)) return refuse('only the extension may');
  if (file.startsWith('src/core/')) return complaintInCore(file, target, ours, refuse);
  if (file.startsWith('src/protocol/')) {
    return ours && target.startsWith('src/protocol/') ? [] : refuse('the protocol imports nothing');
  }
  if (file.startsWith('src/engine/'))
    return within(target, ours, ['src/engine/', 'src/core/', 'src/protocol/'], refuse);
  if (file.startsWith('src/cli/')) {
    return within(target, ours, ['src/cli/', 'src/engine/', 'src/core/', 'src/protocol/'], refuse);
  }
  if (isExtension(file)) {
    const allowed = [
      'src/extension/',
      'src/protocol/',
      'src/engine/runFolder.ts',
      'src/engine/runs.ts',
      'src/engine/runText.ts',
      'src/engine/runTitle.ts',
      'src/engine/targetColumn.ts',
      'src/engine/runSchemas.ts',
      'src/engine/metricsLines.ts',
      'src/engine/bundledModel.ts',
      'src/core/base/duration.ts',
      'src/core/base/errors.ts',
      'src/core/base/files.ts',
      'src/core/base/wording.ts',
      // A list is saved as a table is: text that looks like a formula stays text.
      'src/core/report/csv.ts',
      // What the command line says too, and loads nothing.
      'src/core/corpus/dates.ts',
      // Which files are notes, and where a paragraph begins.
      'src/core/corpus/noteNames.ts',
      'src/core/corpus/sections.ts',
      // What follows the cursor in a table, and loads nothing.
      'src/core/corpus/recordIndex.ts',
      // What checks before a job starts, and loads no weights.
      'src/core/model/checkImport.ts',
      'src/core/model/describeModel.ts',
      'src/core/model/hubCache.ts',
      'src/core/model/importNames.ts',
      // What a download is, in the words of the command line.
      'src/core/model/weightsSentence.ts',
      'src/core/train/config.ts',
      // A sum, which loads nothing.
      'src/core/train/stepsInTime.ts',
      // What classifiers are called in reports; it loads nothing.
      'src/core/evaluate/classification/classifier.ts',
      'src/core/objectives/lossWeights.ts',
    ];
    return within(target, ours, allowed, refuse);
  }
  if (!ours) {
    return webviewPackages.some((name) => target.startsWith(name))
      ? []
      : refuse('no such package in a webview');
  }
  return within(target, ours, ['webview/', 'src/protocol/', drawing], refuse);
}

/** Files that import each other, directly or through others: Tarjan's strongly connected components. */
function circles(imports: readonly Import[]): string[][] {
  const targets = new Map<string, string[]>();
  for (const { file, target } of imports) {
    targets.set(file, [...(targets.get(file) ?? []), target]);
  }
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.get(file)!);
    open.push(file);
    for (const target of targets.get(file) ?? []) {
      if (!order.has(target)) visit(target);
      if (open.includes(target)) {
        lowest.set(file, Math.min(lowest.get(file)!, lowest.get(target)!));
      }
    }
    if (lowest.get(file) !== order.get(file)) return;
    const members = open.splice(open.indexOf(file));
    if (members.length > 1 || (targets.get(file) ?? []).includes(file)) found.push(members.sort());
  };
  for (const file of targets.keys()) if (!order.has(file)) visit(file);
  return found;
}

type Refuse = (rule: string) => string[];

function complaintInCore(file: string, target: string, ours: boolean, refuse: Refuse): string[] {
  if (!ours) {
    if (file.startsWith(drawing)) return refuse('panels load it');
    return target === 'node:child_process' ? refuse('the core starts nothing') : [];
  }
  if (file.startsWith(drawing) && !target.startsWith(drawing)) return refuse('panels load it');
  // Data alone: what there is, by name.
  if (target.startsWith('src/protocol/catalogue/')) return [];
  if (!target.startsWith('src/core/')) {
    return refuse('the core knows only itself and the catalogue');
  }
  const from = coreOrder.indexOf(file.split('/')[2] ?? '');
  const to = coreOrder.indexOf(target.split('/')[2] ?? '');
  if (from < 0 || to < 0) return refuse('a folder of the core that has no place in the order');
  return to <= from ? [] : refuse('it comes later in the order of the data');
}

function within(target: string, ours: boolean, folders: string[], refuse: Refuse): string[] {
  return !ours || folders.some((folder) => target.startsWith(folder))
    ? []
    : refuse('another layer');
}

function isExtension(file: string): boolean {
  return file === 'src/extension.ts' || file.startsWith('src/extension/');
}

function isPackage(specifier: string, name: string): boolean {
  return specifier === name || specifier.startsWith(`${name}/`);
}

function importsOf(file: string): Import[] {
  return specifiersOf(file, read(file)).map((specifier) => {
    const ours = specifier.startsWith('.');
    const path = normalize(join(dirname(file), specifier))
      .split(sep)
      .join('/');
    const source = path.replace(/\.js$/, '.ts');
    const exists = existsSync(join(root, source));
    return { file, ours, target: ours ? (exists ? source : path) : specifier };
  });
}

function specifiersOf(file: string, text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) found.push(specifier.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return node.argument.literal;
  if (!ts.isCallExpression(node)) return undefined;
  const { expression } = node;
  const loads =
    expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(expression) && expression.text === 'require');
  return loads ? node.arguments[0] : undefined;
}

function filesUnder(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.split(sep).join('/')}`)
    .filter((name) => /\.(ts|mjs|css|py)$/.test(name) && !name.endsWith('.as.ts'))
    .sort();
}

function withoutComments(file: string): string {
  return read(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}

function read(file: string): string {
  return readFileSync(join(root, relative('.', file)), 'utf8');
}
