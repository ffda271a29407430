/** Compiles the blocks of the documentation, all at once, against the package as it is published. */

import { join } from 'node:path';
import ts from 'typescript';
import type { Block } from './docs.js';
import { ROOT } from './program.js';

const DOORS = {
  'axios-challenge': 'src/index.ts',
  'axios-challenge/protocol': 'src/protocol.ts',
  'axios-challenge/testing': 'src/testing/challenge-server.ts',
  'axios-challenge/oauth': 'src/oauth/oauth.ts',
  'axios-challenge/ntlm': 'src/ntlm.ts',
  'axios-challenge/negotiate': 'src/negotiate.ts',
} as const;

/** What the compiler says of each block of TypeScript. One without imports is a part of a program that has `client`. */
export function faultsIn(blocks: readonly Block[]): ReadonlyMap<Block, readonly string[]> {
  const options = optionsOf(join(ROOT, 'tsconfig.json'));
  const files = new Map(blocks.map((block, index) => [join(ROOT, 'docs', `block-${index}.ts`), block]));
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.getSourceFile = (name, version, ...rest) => {
    const block = files.get(name);
    if (!block) return getSourceFile(name, version, ...rest);
    return ts.createSourceFile(name, `${block.code}\n${preludeOf(block)}`, version);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  const faults = (name: string) => ts.getPreEmitDiagnostics(program, program.getSourceFile(name)).map(messageOf);
  return new Map([...files].map(([name, block]) => [block, faults(name)]));
}

/** What is not even JavaScript. */
export function syntaxFaultsIn({ code }: Block): string[] {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, allowJs: true };
  return ts.transpileModule(code, { compilerOptions, reportDiagnostics: true }).diagnostics?.map(messageOf) ?? [];
}

/** The names that a door of the package exports, types among them. */
export function exportsOf(file: string): string[] {
  const source = ts.createSourceFile(file, ts.sys.readFile(join(ROOT, file)) ?? '', ts.ScriptTarget.ES2022);
  return source.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause))
      return statement.exportClause.elements.map(({ name }) => name.text);
    const isExported = ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(isExport);
    const { name } = statement as ts.DeclarationStatement;
    return isExported && name ? [name.getText(source)] : [];
  });
}

const isExport = ({ kind }: ts.ModifierLike) => kind === ts.SyntaxKind.ExportKeyword;

/** After the code, so that its lines keep their numbers; imports are hoisted. */
function preludeOf({ code }: Block): string {
  if (/^import /m.test(code)) return '';
  const declares = (name: string) => new RegExp(`\\b(const|let|class|interface|type|function) ${name}\\b`).test(code);
  const uses = (name: string) => new RegExp(`\\b${name}\\b`).test(code) && !declares(name);
  const imports = Object.entries(DOORS).map(([door, file]) => {
    const [names, earlier] = [
      exportsOf(file).filter(uses),
      door === 'axios-challenge' ? [] : exportsOf('src/index.ts'),
    ];
    return `import { ${names.filter((name) => !earlier.includes(name)).join(', ')} } from '${door}';`;
  });
  const client = declares('client') ? '' : 'declare const client: import("axios").AxiosInstance;';
  return ["import axios from 'axios';", ...imports, client, 'export {};'].join('\n');
}

function optionsOf(file: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(file, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  return { ...options, noEmit: true, declaration: false };
}

function messageOf({ file, start, messageText }: ts.Diagnostic): string {
  const line = file && start !== undefined ? `line ${file.getLineAndCharacterOfPosition(start).line + 1}: ` : '';
  return `${line}${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
}
