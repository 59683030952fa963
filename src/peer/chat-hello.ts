/** The first item of each side: who talks to whom, where and how, all over again where nobody between can change it. */
import type { DeviceId, GroupId, UserName } from '../base/ids.ts';
import type { Items } from './item.ts';

export interface Agreed {
  readonly chat: GroupId;
  readonly us: { readonly user: UserName; readonly device: DeviceId };
  readonly them: { readonly user: UserName; readonly device: DeviceId };
  readonly plain: boolean;
}

export const helloOf = ({ chat, us, them, plain }: Agreed, hidden: boolean): Omit<Items['hello'], 'upTo'> => ({
  kind: 'hello',
  chat,
  from: us.user,
  device: us.device,
  to: them.user,
  toDevice: them.device,
  plain,
  hidden,
  changes: true,
});

/** Whether theirs says the same. */
export const isAgreed = ({ chat, us, them, plain }: Agreed, hello: Items['hello']): boolean =>
  hello.chat === chat &&
  hello.from === them.user &&
  hello.device === them.device &&
  hello.to === us.user &&
  hello.toDevice === us.device &&
  hello.plain === plain;
