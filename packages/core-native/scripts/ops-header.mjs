// Makes ops.h, the op table as C++ sees it, from operands.ts: the one place where an op's fields are
// listed.

import { CHOICES, OPERANDS } from '@bitgrad/core/backend';

/**
 * @import { Field } from '@bitgrad/core/backend'
 * @typedef {[name: string, field: Field][]} Fields
 */

const TYPES = { f32: 'float', f64: 'double', u32: 'uint32_t', i32: 'int32_t' };

/** @param {string} name */
const capitalised = (name) => `${name[0]?.toUpperCase()}${name.slice(1)}`;

/** @param {string} name such as `leaky-relu` */
const camelCase = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

/** @param {Field} field */
const wordsOf = (field) => (field.kind === 'double' ? 2 : 1);

/**
 * The accessors of a field.
 *
 * @param {string} name
 * @param {Field} field
 * @param {number} at its place, in words
 */
function accessors(name, field, at) {
  /** @param {string} type @param {string} value */
  const accessor = (type, value, called = name) =>
    `  BITGRAD_INLINE ${type} ${called}() const { return ${value}; }`;
  switch (field.kind) {
    case 'slice': {
      const type = TYPES[field.type];
      const pointer = field.access === 'reads' ? `const ${type}*` : `${type}*`;
      const slice = accessor(pointer, `op.slice<${type}>(${at})`);
      const has = accessor('bool', `op.fields[${at}] != absent`, `has${capitalised(name)}`);
      return field.optional ? [has, slice] : [slice];
    }
    case 'samples':
      return field.type === 'inputs'
        ? [accessor('const uint8_t*', `op.samplesAt<uint8_t>(${at})`)]
        : [accessor(`const ${TYPES[field.type]}*`, `op.samplesAt<${TYPES[field.type]}>(${at})`)];
    case 'float':
      return [accessor('float', `__builtin_bit_cast(float, op.fields[${at}])`)];
    case 'double':
      return [accessor('double', `doubleAt(op.fields + ${at})`)];
    case 'flag':
      return [accessor('bool', `op.fields[${at}] != 0`)];
    case 'choice':
      return [accessor(field.type, `static_cast<${field.type}>(op.fields[${at}])`)];
    case 'count':
    case 'word':
    case 'dimension':
      return [accessor('uint32_t', `op.fields[${at}]`)];
  }
}

/** The text of ops.h. */
export function opsHeader() {
  const names = Object.keys(OPERANDS);
  const counts = Object.values(OPERANDS).map((operands) =>
    Object.values(operands).reduce((sum, field) => sum + wordsOf(field), 0),
  );
  const choices = Object.entries(CHOICES).map(
    ([type, of]) => `enum class ${type} : uint32_t { ${of.map(camelCase).join(', ')} };`,
  );
  const views = Object.entries(OPERANDS).map(([op, operands]) => {
    const fields = /** @type {Fields} */ (Object.entries(operands));
    let at = 0;
    const lines = fields.flatMap(([name, field]) => {
      const place = at;
      at += wordsOf(field);
      return accessors(name, field, place);
    });
    return [
      `struct ${capitalised(op)} {`,
      `  static constexpr OpCode code = OpCode::${op};`,
      '  const Op& op;',
      ...lines,
      '};',
    ].join('\n');
  });
  return `// Made by scripts/ops-header.mjs from operands.ts in @bitgrad/core, where it is to be changed.
#pragma once

#include "op.h"

namespace bitgrad {
namespace {

// In the order of their codes.
enum class OpCode : uint32_t { ${names.join(', ')} };
constexpr uint32_t opCount = ${names.length};

${choices.join('\n')}

// In words.
constexpr uint32_t fieldCounts[] = {${counts.join(', ')}};
static_assert(sizeof(fieldCounts) / sizeof(fieldCounts[0]) == opCount);

// An op's fields by their names; ops.ts says what they mean.
${views.join('\n\n')}

// visit(View) for each op, in the order of their codes.
#define BITGRAD_FOR_OPS(visit) \\
${names.map((name) => `  visit(${capitalised(name)})`).join(' \\\n')}

}  // namespace
}  // namespace bitgrad
`;
}
