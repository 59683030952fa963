import type { Receive } from './handler.ts';

/** The messenger takes part in private chats, and tells what comes of it. */
export const private_: Receive<'private'> = () => [];
