// The platforms that a package with the native addon is published for. What the loader looks for is
// listed in packages/core-native/src/find-addon.ts; a test compares the two.

/**
 * @typedef {object} Platform
 * @property {string} name what the name of its package ends in
 * @property {string} os as npm names it
 * @property {string} cpu as npm names it
 * @property {'glibc' | 'musl'} [libc] as npm names it
 * @property {string} target as zig names it: the oldest glibc whose symbols Node itself needs
 * @property {string} system as CMake names it
 * @property {string} processor as CMake names it
 */

/** @type {readonly Platform[]} */
export const PLATFORMS = [
  linux('linux-x64', 'x64', 'glibc', 'x86_64-linux-gnu.2.17'),
  linux('linux-x64-musl', 'x64', 'musl', 'x86_64-linux-musl'),
  linux('linux-arm64', 'arm64', 'glibc', 'aarch64-linux-gnu.2.17'),
  linux('linux-arm64-musl', 'arm64', 'musl', 'aarch64-linux-musl'),
  other('darwin-arm64', 'darwin', 'arm64', 'aarch64-macos.11.0', 'Darwin'),
  other('darwin-x64', 'darwin', 'x64', 'x86_64-macos.11.0', 'Darwin'),
  other('win32-x64', 'win32', 'x64', 'x86_64-windows-gnu', 'Windows'),
  other('win32-arm64', 'win32', 'arm64', 'aarch64-windows-gnu', 'Windows'),
];

/**
 * @param {string} name
 * @param {string} cpu
 * @param {'glibc' | 'musl'} libc
 * @param {string} target
 * @returns {Platform}
 */
function linux(name, cpu, libc, target) {
  const processor = cpu === 'arm64' ? 'aarch64' : 'x86_64';
  return { name, os: 'linux', cpu, libc, target, system: 'Linux', processor };
}

/**
 * @param {string} name
 * @param {string} os
 * @param {string} cpu
 * @param {string} target
 * @param {string} system
 * @returns {Platform}
 */
function other(name, os, cpu, target, system) {
  return { name, os, cpu, target, system, processor: cpu === 'arm64' ? 'arm64' : 'x86_64' };
}
