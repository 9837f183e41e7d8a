// Collects the strings of the extension into l10n/bundle.l10n.json, from which translations start. `--check` only says
// whether it is up to date.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { root } from '../bootstrap.mjs';

const source = join(root, 'src/extension');
const target = join(root, 'l10n/bundle.l10n.json');

function* sourceFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(path);
    else if (/\.ts$/.test(entry.name) && !/\.test\.ts$/.test(entry.name)) yield path;
  }
}

/** First arguments of `vscode.l10n.t(…)`, and of `t(…)` where a file has taken it out of `vscode.l10n`. */
function stringsOf(file) {
  const found = [];
  const text = readFileSync(file, 'utf8');
  const short = text.includes('= vscode.l10n;');
  const visit = (node) => {
    if (ts.isCallExpression(node)) {
      const callee = node.expression.getText();
      const [first] = node.arguments;
      if ((callee === 'vscode.l10n.t' || (short && callee === 't')) && first) {
        if (!ts.isStringLiteralLike(first))
          throw new Error(`${file}: l10n.t needs a literal, found ${first.getText()}`);
        found.push(first.text);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

const strings = [...new Set([...sourceFiles(source)].flatMap(stringsOf))].sort();
const wanted = `${JSON.stringify(Object.fromEntries(strings.map((text) => [text, text])), null, 2)}\n`;
if (process.argv.includes('--check')) {
  if (!existsSync(target) || readFileSync(target, 'utf8') !== wanted) {
    console.error('l10n/bundle.l10n.json is out of date: run node scripts/vscode/l10n.mjs');
    process.exit(1);
  }
} else writeFileSync(target, wanted);
