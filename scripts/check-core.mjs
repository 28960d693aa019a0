// Keeps @bitgrad/core, and @bitgrad/core-wasm beside it, what the contract and the architecture promise, by reading its syntax trees:
//
// - of `Math`, only members whose result IEEE 754 or ECMAScript fixes to the bit (contract, rule 4);
//   no `**`, which is Math.pow;
// - no import but their own files, @noble/hashes and, for wasm, the core; nothing of Node: they run
//   in any engine.
//
// `node scripts/check-core.mjs` prints each violation and exits 1 if there is any.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseSync } from 'oxc-parser';

const mathFunctions = new Set(
  'abs ceil clz32 floor fround imul max min round sign sqrt trunc'.split(' '),
);
/** Constants of Math that may be read: their value is fixed to the bit by ECMAScript. */
const mathConstants = new Set(['PI']);
const hostGlobals = new Set('Buffer eval global process require __dirname __filename'.split(' '));
/** Asks whether Node, Bun or Deno is there for workers that keep no process alive; imports nothing. */
const asking = 'core-wasm/src/start-worker.ts';
const packages = /^(@noble\/hashes(\/|$)|@bitgrad\/core(\/backend)?$)/;

/**
 * @typedef {{ line: number, message: string }} Violation
 * @typedef {{ type: string, start: number, [key: string]: any }} Node
 */

/**
 * Finds what a source of @bitgrad/core must not hold.
 * @param {string} text TypeScript source
 * @param {string} fileName for the parser, which looks at its ending
 * @returns {Violation[]} in the order of the source; throws when the text does not parse
 */
export function checkSource(text, fileName) {
  const { program, errors } = parseSync(fileName, text);
  if (errors.length > 0) throw new Error(`${fileName}: ${errors[0]?.message}`);

  /** @type {(Violation & { start: number })[]} */
  const found = [];
  const report = (/** @type {Node} */ node, /** @type {string} */ message) => {
    const line = text.slice(0, node.start).split('\n').length;
    found.push({ line, message, start: node.start });
  };
  walk(/** @type {any} */ (program), null, '', report);
  return found.sort((a, b) => a.start - b.start).map(({ line, message }) => ({ line, message }));
}

/**
 * @param {Node} node
 * @param {Node | null} parent
 * @param {string} key under which the parent holds the node
 * @param {(node: Node, message: string) => void} report
 */
function walk(node, parent, key, report) {
  checkNode(node, parent, key, report);
  for (const [childKey, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === 'string') walk(child, node, childKey, report);
    }
  }
}

/** @type {typeof walk} */
function checkNode(node, parent, key, report) {
  switch (node.type) {
    case 'BinaryExpression':
    case 'AssignmentExpression':
      if (node.operator.startsWith('**')) report(node, `${node.operator} is Math.pow`);
      return;
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      if (node.source) checkImport(node, report);
      return;
    case 'TSExternalModuleReference':
      report(node, 'import by require() is of Node');
      return;
    case 'MemberExpression':
      checkMember(node, parent, key, report);
      return;
    case 'VariableDeclarator':
      if (isUnpackedMath(node)) checkUnpacked(node.id.properties, report);
      return;
    case 'Identifier':
      checkIdentifier(node, parent, key, report);
  }
}

/**
 * @param {Node} node
 * @param {(node: Node, message: string) => void} report
 */
function checkImport(node, report) {
  const source = node.source.value;
  if (typeof source !== 'string') report(node, 'import of a name that is not a plain string');
  else if (!/^\.{1,2}\//.test(source) && !packages.test(source))
    report(node, `import of ${source}`);
}

/** @type {typeof walk} */
function checkMember(node, parent, key, report) {
  const isGlobalThis = node.object.type === 'Identifier' && node.object.name === 'globalThis';
  if (isGlobalThis) {
    const name = node.computed ? null : node.property.name;
    if (name === null) report(node, 'globalThis[…] hides which global is read');
    else if (name === 'Math' || hostGlobals.has(name)) report(node, `globalThis.${name}`);
    return;
  }
  if (node.object.type !== 'Identifier' || node.object.name !== 'Math') return;
  if (node.computed) {
    report(node, 'Math[…] hides which member is used');
    return;
  }
  const isCalled = parent?.type === 'CallExpression' && key === 'callee';
  checkMathName(node, node.property.name, isCalled, report);
}

/**
 * @param {Node} node
 * @param {string} member
 * @param {boolean} isCalled
 * @param {(node: Node, message: string) => void} report
 */
function checkMathName(node, member, isCalled, report) {
  if (mathFunctions.has(member)) return;
  if (mathConstants.has(member) && !isCalled) return;
  report(node, `Math.${member} is not on the contract's list`);
}

/**
 * Whether a declaration is of the form `const { fround } = Math`.
 * @param {Node} declarator
 */
function isUnpackedMath({ id, init }) {
  return id.type === 'ObjectPattern' && init?.type === 'Identifier' && init.name === 'Math';
}

/**
 * @param {Node[]} properties of the pattern in `const { fround } = Math`
 * @param {(node: Node, message: string) => void} report
 */
function checkUnpacked(properties, report) {
  for (const property of properties) {
    if (property.type !== 'Property' || property.computed || property.key.type !== 'Identifier') {
      report(property, 'Math unpacked in a way that hides which member is used');
    } else checkMathName(property, property.key.name, false, report);
  }
}

/** @type {typeof walk} */
function checkIdentifier(node, parent, key, report) {
  const isName = isPropertyName(parent, key);
  if (node.name === 'Math') {
    if (isName) return;
    if (parent?.type === 'MemberExpression' && key === 'object') return;
    if (parent?.type === 'VariableDeclarator' && key === 'init' && isUnpackedMath(parent)) return;
    report(node, 'Math used as a value hides which member is used');
  } else if (node.name === 'globalThis') {
    if (parent?.type === 'MemberExpression' && key === 'object') return;
    report(node, 'globalThis used as a value hides which global is read');
  } else if (hostGlobals.has(node.name) && !isName) {
    report(node, `${node.name} is not of every engine`);
  }
}

/**
 * Whether an identifier only names a property, as in `a.process` or `{ process: 1 }`. (A member of
 * globalThis is checked where the member is.)
 * @param {Node | null} parent
 * @param {string} key
 */
function isPropertyName(parent, key) {
  if (parent === null) return false;
  if (parent.type === 'MemberExpression') return key === 'property' && !parent.computed;
  if (parent.type === 'Property') return key === 'key' && !parent.computed;
  const named = [
    'MethodDefinition',
    'PropertyDefinition',
    'TSPropertySignature',
    'TSMethodSignature',
  ];
  return named.includes(parent.type) && key === 'key' && !parent.computed;
}

/**
 * Checks every TypeScript file under a folder.
 * @param {string} folder
 * @returns {{ files: number, lines: string[] }} the number of files read, and one line a violation
 */
export function checkFolder(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[cm]?ts$/.test(file))
    .sort();
  const lines = files.flatMap((file) => {
    const path = join(folder, file);
    const found = checkSource(readFileSync(path, 'utf8'), path);
    const isAsking = path.replaceAll('\\', '/').endsWith(asking);
    const isAllowed = (/** @type {Violation} */ one) =>
      isAsking && one.message.startsWith('globalThis');
    return found
      .filter((one) => !isAllowed(one))
      .map(({ line, message }) => `${relative(process.cwd(), path)}:${line}: ${message}`);
  });
  return { files: files.length, lines };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const name of ['core-ts', 'core-wasm']) {
    const folder = fileURLToPath(new URL(`../packages/${name}/src`, import.meta.url));
    const { files, lines } = checkFolder(folder);
    for (const line of lines) console.error(line);
    if (files === 0) console.error(`${name}: no TypeScript files found: nothing was checked`);
    else console.log(`${name}: ${files} files, ${lines.length} violations`);
    if (lines.length > 0 || files === 0) process.exitCode = 1;
  }
}
