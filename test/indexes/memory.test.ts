import { openMemory } from '../../src/indexes/memory/memory.ts'
import { testIndex } from '../conformance/index-driver.ts'

testIndex({ name: 'memory', place: () => ({ write: async () => openMemory() }) })
