import type { Receive } from './handler.ts';

/** How many key packages the server has of this device is the messenger's business. */
export const device: Receive<'device'> = () => [];
