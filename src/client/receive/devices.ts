import type { Receive } from './handler.ts';

/** The messenger has asked for them. */
export const devices: Receive<'devices'> = () => [];
