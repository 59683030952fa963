import type { Receive } from './handler.ts';

/** What was mailed is the messenger's business: it tells of it. */
export const mailed: Receive<'mailed'> = () => [];
