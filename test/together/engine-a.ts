import { together } from './together.ts'

await together('engine/[a-d]*.test.ts')
