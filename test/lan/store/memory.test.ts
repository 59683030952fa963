import { memoryStore } from '../../../src/lan/store/memory.ts';
import { storeConformance } from './conformance.ts';

storeConformance(memoryStore, (store) => store);
