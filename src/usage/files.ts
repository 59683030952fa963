/** Every file that uchat reads or writes by itself. */
type Root = 'config' | 'client' | 'server' | 'cache';

/** Where the files are, after the XDG Base Directory Specification, as people write it. */
export const ROOTS: Readonly<Record<Root, { readonly path: string; readonly says: string }>> = {
  config: { path: '~/.config/uchat', says: 'settings; $XDG_CONFIG_HOME in place of ~/.config' },
  client: {
    path: '~/.local/share/uchat',
    says: "the client's data; $XDG_DATA_HOME in place of ~/.local/share, or --data",
  },
  server: {
    path: '~/.local/share/uchat-server',
    says: "a server's data; $XDG_DATA_HOME in place of ~/.local/share, or --data",
  },
  cache: { path: '~/.cache/uchat', says: 'what Node made of the source; it may be removed' },
};

export interface File {
  readonly root: Root;
  /** Relative to the root; `*` stands for any name, a final `/` for a folder with all in it. */
  readonly path: string;
  readonly says: string;
  /** Whoever reads it can be you, or read what is private. */
  readonly secret?: true;
}

export const FILES: readonly File[] = [
  { root: 'config', path: 'config.toml', says: "the client's settings, by the names of its options" },
  { root: 'config', path: 'themes/*.toml', says: 'your own colours, by name: see /theme' },
  { root: 'config', path: 'server.toml', says: "a server's settings, likewise" },
  { root: 'client', path: 'known_servers', says: 'the keys of servers elsewhere, one a line: HOST:PORT SHA256:…' },
  { root: 'client', path: 'client.json', says: 'what the form (--connect) asked for last' },
  { root: 'client', path: 'enrolled.json', says: "the accounts that this device's key logs in to" },
  { root: 'client', path: 'device-key.pem', says: "this device's key for log-ins", secret: true },
  {
    root: 'client',
    path: 'identity-key.pem',
    says: 'the key by which others know this device in private',
    secret: true,
  },
  {
    root: 'client',
    path: 'screens/',
    says: 'what you chose on the screen, drafts and how far you have read, a file for each server',
    secret: true,
  },
  {
    root: 'client',
    path: 'private/',
    says: 'keys of private chats and your own log of them, a folder for each server, and lan; never restore a backup of it',
    secret: true,
  },
  {
    root: 'client',
    path: 'lan/',
    says: 'the lobby of the local network, whom you have met there, and where your programs share it',
    secret: true,
  },
  { root: 'server', path: 'uchat.db', says: 'all that a server keeps, an SQLite database', secret: true },
  { root: 'server', path: 'uchat.lock', says: 'locked while a server runs on this folder' },
  { root: 'server', path: 'server-key.pem', says: "the server's key; keep a backup", secret: true },
  { root: 'server', path: 'server-cert.pem', says: 'its certificate, made by itself' },
  { root: 'server', path: 'running.json', says: 'which server runs on this folder, while one does' },
  {
    root: 'server',
    path: 'before-restore-*/',
    says: 'what was there before uchat restore --force, by its time; it may be removed',
    secret: true,
  },
  { root: 'server', path: 'server.log', says: 'what a server in the background says; the older half is server.log.1' },
];
