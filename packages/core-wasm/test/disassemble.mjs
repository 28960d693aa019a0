// Prints the module's code as text, by the disassembler of the compiler that made it.

import { commands, runLLVM } from '@yowasp/clang';
import { compileModule } from '../scripts/compile.mjs';

const files = { 'module.wasm': await compileModule() };
await runLLVM(undefined, {}, { fetchProgress: () => undefined });
await commands.objdump(['-d', '--no-show-raw-insn', 'module.wasm'], files, {
  stdout: (bytes) => {
    if (bytes) process.stdout.write(bytes);
  },
});
