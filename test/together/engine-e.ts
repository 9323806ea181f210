import { together } from './together.ts'

await together('engine/[e-l]*.test.ts')
