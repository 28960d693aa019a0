/** A finite binary32 value as C's hexadecimal constant, which every compiler reads exactly. */
export function hexFloat(value: number): string {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  const bits = view.getUint32(0);
  const sign = bits >>> 31 === 1 ? '-' : '';
  const exponent = (bits >>> 23) & 0xff;
  // Six digits have one bit more than the fraction's 23.
  const fraction = ((bits & 0x7fffff) << 1).toString(16).padStart(6, '0').replace(/0+$/, '');
  if (exponent === 0 && fraction === '') return `${sign}0.0f`;
  const [first, power] = exponent === 0 ? ['0', -126] : ['1', exponent - 127];
  return `${sign}0x${first}${fraction === '' ? '' : `.${fraction}`}p${power}f`;
}
