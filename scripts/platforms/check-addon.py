"""Checks an addon that was built for another platform by reading its headers: that it is for that
system and processor, and asks for no library that is not on every such machine.

    python check-addon.py PLATFORM FILE
"""

import sys

import lief

LIBRARIES = {
    'linux': {'libc.so.6', 'libm.so.6', 'libpthread.so.0', 'libdl.so.2', 'ld-linux-x86-64.so.2',
              'ld-linux-aarch64.so.1'},
    'linux-musl': {'libc.so'},
    'darwin': {'/usr/lib/libSystem.B.dylib'},
    'win32': {'node.exe', 'KERNEL32.dll', 'ntdll.dll', 'ADVAPI32.dll'},
}
OLDEST_GLIBC = (2, 17)


def check_elf(binary, cpu):
    machine = {'x64': lief.ELF.ARCH.X86_64, 'arm64': lief.ELF.ARCH.AARCH64}[cpu]
    assert binary.header.machine_type == machine, binary.header.machine_type
    versions = {
        tuple(int(part) for part in version.name.removeprefix('GLIBC_').split('.'))
        for requirement in binary.symbols_version_requirement
        for version in requirement.get_auxiliary_symbols()
        if version.name.startswith('GLIBC_')
    }
    newest = max(versions, default=(0,))
    assert newest <= OLDEST_GLIBC, f'needs glibc {newest}'
    return binary.libraries, f'glibc {".".join(map(str, newest))}' if versions else 'musl'


def check_mach_o(binary, cpu):
    machine = {'x64': lief.MachO.Header.CPU_TYPE.X86_64, 'arm64': lief.MachO.Header.CPU_TYPE.ARM64}[cpu]
    assert binary.header.cpu_type == machine, binary.header.cpu_type
    version = binary.build_version.minos if binary.has_build_version else binary.version_min.version
    # Apple's processors load nothing that is not signed; the linker signs it by itself.
    assert cpu == 'x64' or binary.has_code_signature, 'no code signature'
    # The first is the addon's own name.
    own, *libraries = [library.name for library in binary.libraries]
    assert own == '@rpath/bitgrad.node', own
    return libraries, f'macOS {version[0]}.{version[1]}'


def check_pe(binary, cpu):
    machine = {'x64': lief.PE.Header.MACHINE_TYPES.AMD64, 'arm64': lief.PE.Header.MACHINE_TYPES.ARM64}[cpu]
    assert binary.header.machine == machine, binary.header.machine
    libraries = [library.name for library in binary.imports]
    napi = [
        entry.name
        for library in binary.imports
        if library.name.lower() == 'node.exe'
        for entry in library.entries
    ]
    assert napi and all(name.startswith('napi_') for name in napi), napi
    assert any('napi_register_module' in entry.name for entry in binary.get_export().entries)
    return libraries, f'{len(napi)} symbols of node.exe'


platform, path = sys.argv[1:]
system, cpu, *rest = platform.split('-')
binary = lief.parse(path)
if isinstance(binary, lief.MachO.FatBinary):
    binary = binary.at(0)
libraries, note = {'linux': check_elf, 'darwin': check_mach_o, 'win32': check_pe}[system](binary, cpu)
allowed = LIBRARIES['-'.join([system, *rest])]
# The C runtime of Windows is cut into many libraries, all of which come with Windows 10.
strange = [
    name for name in libraries if name not in allowed and not name.startswith('api-ms-win-crt-')
]
assert not strange, f'{path}: needs {strange}'
print(f'{platform}: {note}; needs {", ".join(libraries) or "nothing"}')
