/** What a chat is made of, and what it has of those who made it. */
import type { DeviceId, GroupId, UserName } from '../base/ids.ts';
import type { PrivateFrames } from '../protocol/private-frames.ts';
import type { Self, Shared } from './shared.ts';

export interface ChatParts {
  readonly shared: Shared;
  readonly self: Self;
  readonly id: GroupId;
  readonly person: UserName;
  readonly plain: boolean;
  /** What needs no answer; to this device of theirs, or to all. */
  readonly farewell: (device: DeviceId | undefined, frame: PrivateFrames['reject' | 'withdrawn' | 'gone']) => void;
  /** To be forgotten. `left`: they had asked, and were gone for too long; when they are back, the same request is no old one. */
  readonly over: (left: boolean) => void;
}
