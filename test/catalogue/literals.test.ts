/** Lists of what there is stand in the catalogue and in registries, and nowhere else. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { deviceNames } from '../../src/protocol/catalogue/devices.js';
import { familyNames } from '../../src/protocol/catalogue/families.js';
import { fieldRoleNames } from '../../src/protocol/catalogue/fieldRoles.js';
import { lossNames } from '../../src/protocol/catalogue/losses.js';
import { objectiveNames } from '../../src/protocol/catalogue/objectives.js';
import { figureNames, protocolNames } from '../../src/protocol/catalogue/protocols.js';
import { readerNames } from '../../src/protocol/catalogue/readers.js';
import { endingsOf, readerEntries } from '../../src/protocol/catalogue/sources.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folders = [
  'src/cli',
  'src/engine',
  'src/extension',
  'src/core/corpus',
  'src/core/encoder',
  'src/core/objectives',
  'src/core/backend',
  'src/core/train',
  'src/core/model',
  'src/core/embed',
  'src/core/evaluate',
  'webview',
];
/** Where implementations are named. */
const registries = [
  'src/core/backend/registry.ts',
  'src/core/corpus/readers.ts',
  'src/core/evaluate/registry.ts',
  'src/core/objectives/registry.ts',
  'src/core/encoder/families.ts',
];

const tables: Readonly<Record<string, readonly string[]>> = {
  objectives: objectiveNames,
  losses: lossNames,
  protocols: protocolNames,
  figures: figureNames,
  readers: readerNames,
  families: familyNames,
  devices: deviceNames,
  'field roles': fieldRoleNames,
};
const tableEndings = readerNames
  .filter((name) => readerEntries[name].holds === 'table')
  .flatMap(endingsOf)
  .map((ending) => ending.slice(1));

/** A note's fields and a model's figures stand together wherever one is read or shown. */
const everyday = ['figures', 'field roles'];

/** What a list of names is about; `null` for other nodes. */
function listed(node: ts.Node): string | null {
  const names = namesIn(node);
  for (const [table, known] of Object.entries(tables)) {
    if (ts.isObjectLiteralExpression(node) && everyday.includes(table)) continue;
    const fewest = table === 'field roles' ? 3 : 2;
    if (names.filter((name) => known.includes(name)).length >= fewest) return table;
  }
  return null;
}

function namesIn(node: ts.Node): string[] {
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(literal);
  if (ts.isUnionTypeNode(node)) {
    return node.types.flatMap((type) => (ts.isLiteralTypeNode(type) ? literal(type.literal) : []));
  }
  if (ts.isCaseBlock(node)) {
    return node.clauses.flatMap((clause) =>
      ts.isCaseClause(clause) ? literal(clause.expression) : [],
    );
  }
  return ts.isObjectLiteralExpression(node)
    ? node.properties.flatMap(({ name }) => (name === undefined ? [] : literal(name)))
    : [];
}

function literal(node: ts.Node): string[] {
  return ts.isStringLiteral(node) || ts.isIdentifier(node) ? [node.text] : [];
}

/** A text or a pattern that names the ends of several kinds of tables. */
function namesEndings(node: ts.Node): boolean {
  const isText =
    ts.isStringLiteralLike(node) ||
    ts.isRegularExpressionLiteral(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddle(node);
  if (!isText) return false;
  const words = node.text.split(/[^a-z]+/);
  return tableEndings.filter((ending) => words.includes(ending)).length > 1;
}

function complaints(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const what = namesEndings(node) ? 'endings of files' : listed(node);
    if (what !== null) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${file}:${line + 1} lists ${what}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe('A list of names', () => {
  it.each([
    ["type A = 'mlm' | 'declutr';", 'objectives'],
    ["const a = ['cpu', 'webgpu'];", 'devices'],
    ["const a = { ntXent: 1, 'category': 2 };", 'losses'],
    ["z.enum(['csv', 'tsv'])", 'readers'],
    ["switch (a) { case 'loss': break; case 'accuracy': break; }", 'figures'],
    ["const a = 'a .csv or .tsv file';", 'endings of files'],
    ['const a = /\\.(csv|jsonl)$/;', 'endings of files'],
  ])('is seen in %s', (text, what) => {
    expect(complaints('x.ts', text)).toEqual([`x.ts:1 lists ${what}`]);
  });

  it.each(["const a = ['mlm'];", 'const a = { id, text, category };', "const a = 'notes.csv';"])(
    'is not seen in %s',
    (text) => {
      expect(complaints('x.ts', text)).toEqual([]);
    },
  );

  it('stands in no file that could take it from the catalogue', () => {
    const files = folders.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .map((name) => `${folder}/${name.split(sep).join('/')}`)
        .filter((name) => name.endsWith('.ts') && !registries.includes(name)),
    );
    expect(files.length).toBeGreaterThan(150);
    expect(
      files.flatMap((file) => complaints(file, readFileSync(join(root, file), 'utf8'))),
    ).toEqual([]);
  });
});
