import { together } from './together.ts'

await together('firehose/[e-o]*.test.ts')
