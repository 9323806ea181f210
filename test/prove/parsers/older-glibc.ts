import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ADDON = join(import.meta.dirname, 'node_modules/@jazzer.js/fuzzer/prebuilds/fuzzer-linux-x64.node')
const LIBRARY = join(import.meta.dirname, 'node_modules/older-glibc.so')
/** Versions of which the addon wants two functions and one, which the library below has. */
const NEWER = ['GLIBC_2.38', 'GLIBCXX_3.4.32']
const VERNEED = 0x6ffffffe
const WEAK = 2

/** What to run an addon with that was made to load before. */
export const madeForOlderGlibc = (): NodeJS.ProcessEnv => (existsSync(LIBRARY) ? { LD_PRELOAD: LIBRARY } : {})

/**
 * Makes the addon load where glibc is older than 2.38: versions that are not there are let pass, and what they bring is
 * in a library that is loaded before. What to run it with; undefined where there is no C++ compiler.
 */
export function forOlderGlibc(): NodeJS.ProcessEnv | undefined {
  const source = join(import.meta.dirname, 'older-glibc.cc')
  const { status } = spawnSync('c++', ['-O1', '-shared', '-fPIC', '-o', LIBRARY, source])
  if (status !== 0) return undefined
  const bytes = readFileSync(ADDON)
  weaken(bytes)
  writeFileSync(ADDON, bytes)
  return madeForOlderGlibc()
}

/** Marks the versions as not needed: https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/symversion.html */
function weaken(elf: Buffer): void {
  const u64 = (at: number) => Number(elf.readBigUInt64LE(at))
  const sectionAt = (index: number) => u64(0x28) + index * elf.readUInt16LE(0x3a)
  for (let index = 0; index < elf.readUInt16LE(0x3c); index++) {
    const section = sectionAt(index)
    if (elf.readUInt32LE(section + 4) !== VERNEED) continue
    const names = u64(sectionAt(elf.readUInt32LE(section + 40)) + 24)
    for (let file = u64(section + 24), next = -1; next !== 0; file += next) {
      next = elf.readUInt32LE(file + 12)
      let version = file + elf.readUInt32LE(file + 8)
      for (let left = elf.readUInt16LE(file + 2); left > 0; left--) {
        const name = names + elf.readUInt32LE(version + 8)
        if (NEWER.includes(elf.toString('latin1', name, elf.indexOf(0, name))))
          elf.writeUInt16LE(elf.readUInt16LE(version + 4) | WEAK, version + 4)
        version += elf.readUInt32LE(version + 12)
      }
    }
  }
}
