import { type Finding, fail, isAtLeast, ok } from './finding.ts'

export const checkNode = (version: string): Finding =>
  isAtLeast(version, '22.18')
    ? ok('node', version)
    : fail('node', `${version} is too old: run npm ci, which brings a newer one, or install Node 22.18`)
