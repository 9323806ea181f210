import { together } from './together.ts'

await together('wire/**/*.test.ts')
