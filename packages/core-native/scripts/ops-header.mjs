// Makes ops.h, the op table as C++ sees it, from operands.ts: the one place where an op's fields are
// listed.

import { CHOICES, OPERANDS } from '@bitgrad/core';

/**
 * @import { Field, Size, SliceField } from '@bitgrad/core'
 * @typedef {[name: string, field: Field][]} Fields
 */

const TYPES = { f32: 'float', u32: 'uint32_t', i32: 'int32_t' };

/** @param {string} name */
const capitalised = (name) => `${name[0]?.toUpperCase()}${name.slice(1)}`;

/** @param {string} name such as `leaky-relu` */
const camelCase = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

/** @param {Field} field */
const isSlice = (field) => field.kind === 'slice' || field.kind === 'samples';

/**
 * How far a slice's rows lie apart: a function of the op's fields, or null where members of a team
 * have no rows of their own in it.
 *
 * @param {Fields} fields
 * @param {SliceField} field
 */
function widthOf(fields, field) {
  if (field.rows === 'none') return 'nullptr';
  /** @param {Size} size */
  const factor = (size) => {
    if (typeof size === 'number') return `${size}u`;
    const at = fields.findIndex(([name]) => name === size);
    if (at < 0) throw new Error(`expected a field of the op as a size, received "${size}"`);
    return `f[${at}]`;
  };
  const width = ['uint64_t{1}', ...field.size.slice(1).map(factor)].join(' * ');
  return `[](const uint32_t*${width.includes('f[') ? ' f' : ''}) { return ${width}; }`;
}

/** What the planner asks of each op: how many fields it has, and what it does with its slices. */
function facts() {
  return Object.entries(OPERANDS).map(([op, operands]) => {
    const fields = /** @type {Fields} */ (Object.entries(operands));
    const slices = fields.filter(([, field]) => isSlice(field));
    const rows = slices.map(([, field]) =>
      field.kind === 'slice'
        ? `       {${field.access !== 'reads'}, Rows::${field.rows}, ${widthOf(fields, field)}},`
        : '       {false, Rows::none, nullptr},',
    );
    return [
      `    // ${op}`,
      `    {${slices.length},`,
      `     ${fields.length},`,
      '     {',
      ...rows,
      '     }},',
    ];
  });
}

/**
 * The accessors of a field.
 *
 * @param {string} name
 * @param {Field} field
 * @param {number} at its place
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
      return [accessor('const uint8_t*', `op.slice<uint8_t>(${at})`)];
    case 'float':
      return [accessor('float', `__builtin_bit_cast(float, op.fields[${at}])`)];
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
  const choices = Object.entries(CHOICES).map(
    ([type, of]) => `enum class ${type} : uint32_t { ${of.map(camelCase).join(', ')} };`,
  );
  const views = Object.entries(OPERANDS).map(([op, operands]) => {
    const fields = /** @type {Fields} */ (Object.entries(operands));
    const lines = fields.flatMap(([name, field], at) => accessors(name, field, at));
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

constexpr OpFacts opFacts[] = {
${facts().flat().join('\n')}
};
static_assert(sizeof(opFacts) / sizeof(opFacts[0]) == opCount);

// An op's fields by their names; ops.ts says what they mean.
${views.join('\n\n')}

// visit(View) for each op, in the order of their codes.
#define BITGRAD_FOR_OPS(visit) \\
${names.map((name) => `  visit(${capitalised(name)})`).join(' \\\n')}

}  // namespace
}  // namespace bitgrad
`;
}
