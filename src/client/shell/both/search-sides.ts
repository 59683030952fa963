/** A search on its way to either side, with the names there; also of whom it is after. */
import type { UserName } from '../../../base/ids.ts';
import type { ClientMessages } from '../../../protocol/client-messages.ts';
import { accountName } from '../../../protocol/names.ts';
import { renameClientMessage } from '../../../protocol/rename.ts';
import type { Names, Renamings } from './names.ts';
import type { People } from './people.ts';
import { withAuthor } from './searched-author.ts';

type Wish = ClientMessages['search'];

export interface SearchSidesPorts {
  readonly names: Names;
  readonly to: Renamings;
  readonly people: People;
  readonly self: () => UserName | undefined;
  /** @returns false where it isn't there. */
  readonly toServer: (message: Wish) => boolean;
  readonly toLan: (message: Wish) => boolean;
}

/** Both return false where nothing is to be found: nobody is there, or whom it is after isn't. */
export class SearchSides {
  readonly #ports: SearchSidesPorts;

  constructor(ports: SearchSidesPorts) {
    this.#ports = ports;
  }

  /** In all rooms. */
  server(message: Wish): boolean {
    const { names, to, toServer } = this.#ports;
    const words = withAuthor(message.words, (name) => names.toServer(accountName(name)));
    return words !== undefined && toServer(renameClientMessage({ ...message, words }, to.toServer));
  }

  /** In its room. */
  lan(message: Wish): boolean {
    const { names, to, toLan, people } = this.#ports;
    const self = this.#ports.self();
    const words = withAuthor(message.words, (name) => {
      const near = name.toLowerCase() === self?.toLowerCase() ? self : people.nearBy(name);
      return near && names.toLan(near);
    });
    return words !== undefined && toLan(renameClientMessage({ ...message, words, room: names.room }, to.toLan));
  }
}
