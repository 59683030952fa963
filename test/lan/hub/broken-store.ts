/** Objects as they are, but for one thing. */
import type { LanStore } from '../../../src/lan/store/store.ts';

/** A member as the object has it. */
export function member(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name, target);
  if (typeof value !== 'function') return value;
  return (...more: unknown[]): unknown => Reflect.apply(value, target, more);
}

/** A store whose disk is full for one kind of thing, as long as that holds. */
export const brokenStore = (store: LanStore, what: keyof LanStore, isBroken: () => boolean = () => true): LanStore =>
  new Proxy(store, {
    get(target, name) {
      if (name !== what || !isBroken()) return member(target, name);
      return () => {
        throw new Error('no room left');
      };
    },
  });
