import { closeSync, fstatSync, ftruncateSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import type { Seeded } from '../seeded.ts'

/** What can befall a file. */
export const DAMAGES = ['remove', 'empty', 'halve', 'cut a byte', 'flip a bit', 'zero a page'] as const
export type Damage = (typeof DAMAGES)[number]

const PAGE_BYTES = 4096

/** Does it; in words, where. Undefined when it would change nothing. */
export function doDamage(path: string, damage: Damage, random: Seeded): string | undefined {
  if (damage === 'remove') {
    rmSync(path)
    return 'removed'
  }
  const file = openSync(path, 'r+')
  try {
    const { size } = fstatSync(file)
    if (size === 0) return undefined
    if (damage === 'flip a bit' || damage === 'zero a page') return spoil(file, size, damage, random)
    const left = damage === 'empty' ? 0 : damage === 'halve' ? Math.floor(size / 2) : size - 1
    ftruncateSync(file, left)
    return `cut from ${size} to ${left} bytes`
  } finally {
    closeSync(file)
  }
}

/** Somewhere, rather near the ends than not: there lie heads, indexes and what was written last. */
function spoil(file: number, size: number, damage: Damage, random: Seeded): string | undefined {
  const near = Math.floor(Math.min(size, 2 * PAGE_BYTES) * random.next())
  const place = random.pick([near, size - 1 - near, random.below(size)])
  const [at, length] = damage === 'flip a bit' ? [place, 1] : [place - (place % PAGE_BYTES), PAGE_BYTES]
  const bytes = Buffer.alloc(Math.min(length, size - at))
  readSync(file, bytes, 0, bytes.length, at)
  const before = Buffer.from(bytes)
  if (damage === 'flip a bit') bytes[0]! ^= 1 << random.below(8)
  else bytes.fill(0)
  if (bytes.equals(before)) return undefined
  writeSync(file, bytes, 0, bytes.length, at)
  return `${damage === 'flip a bit' ? 'a bit at' : 'zeros from'} byte ${at} of ${size}`
}
