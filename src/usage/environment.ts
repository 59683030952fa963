/** Every variable of the environment that changes what uchat does. */
export interface Variable {
  readonly name: string;
  readonly says: string;
}

export const VARIABLES: readonly Variable[] = [
  { name: 'UCHAT_SERVER', says: 'The server, as HOST or HOST:PORT, where none is named.' },
  {
    name: 'UCHAT_PASSPHRASE_FILE',
    says: 'A file with the passphrase of your own log, where --passphrase-file names none.',
  },
  { name: 'XDG_CONFIG_HOME', says: 'The folder of settings, where it is not ~/.config. An absolute path.' },
  { name: 'XDG_DATA_HOME', says: 'The folder of data, where it is not ~/.local/share. An absolute path.' },
  {
    name: 'XDG_CACHE_HOME',
    says: 'The folder in which Node keeps what it made of the source, where it is not ~/.cache. An absolute path.',
  },
  { name: 'HOME', says: 'Your home folder, where the three before it are not set.' },
  {
    name: 'LC_ALL, LC_CTYPE, LANG',
    says: 'The locale; the first that is set decides. Without UTF-8 in it, all signs are ASCII.',
  },
  { name: 'TZ', says: 'The time zone that times are shown in.' },
  { name: 'TERM', says: 'The kind of the terminal. With dumb there is no full screen.' },
  { name: 'TERMINFO, TERMINFO_DIRS', says: 'Where the description of the terminal is looked for first.' },
  { name: 'COLORTERM', says: 'With truecolor or 24bit the terminal has 256 colours, whatever its description says.' },
  { name: 'NO_COLOR', says: 'Set to anything: no colours.' },
  {
    name: 'COLORFGBG',
    says: 'The colours of the terminal, its ground last, such as 15;0: which theme suits it, until it says so itself.',
  },
  { name: 'SSL_CERT_FILE, SSL_CERT_DIR', says: 'The authorities whose word counts for a certificate.' },
  { name: 'VISUAL, EDITOR', says: 'Your editor, for /edit; the first that is set.' },
  { name: 'XDG_RUNTIME_DIR', says: 'Where what is in your editor lies meanwhile.' },
  { name: 'SHELL', says: 'The shell that uchat completion is for, where none is named.' },
];
