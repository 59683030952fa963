/** For fish: one `complete` for each option and word. */
import type { Offer } from '../terms.ts';
import {
  CHAT,
  type ModeWords,
  type OptionWord,
  SERVER_CHARACTERS,
  SERVING,
  THEME_CHARACTERS,
  THEMES,
  WITH_VALUE,
  WORDED,
} from './words.ts';

/** In single quotes. */
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** How `complete` is told what a value may be. */
function values(offer: Offer): string {
  if (typeof offer !== 'string') return `-x -a ${quoted(offer.join(' '))}`;
  const lists = {
    files: '-r -F',
    folders: `-x -a '(__fish_complete_directories)'`,
    servers: `-x -a '(__uchat_servers)'`,
    themes: `-x -a '(__uchat_themes)'`,
    nothing: '-x',
  };
  return lists[offer];
}

const optionLine = (when: string, { name, says, offer }: OptionWord): string =>
  [
    'complete -c uchat',
    `-n '${when}'`,
    `-l ${name.slice(2)}`,
    ...(name === '--help' ? ['-s h'] : []),
    ...(offer === undefined ? [] : [values(offer)]),
    `-d ${quoted(says)}`,
  ].join(' ');

/** Of a mode with a word, that word is the first. */
const positionalLines = (mode: string, before: number, { positionals }: ModeWords): readonly string[] =>
  positionals.flatMap(({ offer }, index) =>
    offer === 'nothing'
      ? []
      : [
          `complete -c uchat -n '__uchat_at ${mode} ${before + index}' ${offer === 'files' ? '-F' : values(offer).replace('-x ', '-k ')}`,
        ],
  );

function modeLines(word: string, before: number, mode: ModeWords): readonly string[] {
  return [
    ...positionalLines(word, before, mode),
    ...mode.options.map((option) => optionLine(`__uchat_in ${word}`, option)),
  ];
}

/** The whole script. */
export const fish = (): string => `# uchat's completion for fish. Made by: uchat completion fish
# For this shell: uchat completion fish | source
# For all: uchat completion fish > ~/.config/fish/completions/uchat.fish

# The words that are no options, and no values of options; before them --serve, where it was typed.
function __uchat_words
    set -l skip 0
    set -l serve
    set -l found
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case --
                set found $found --
                break
            case --serve
                set serve --serve
            case ${WITH_VALUE.map(({ name }) => name).join(' ')}
                set skip 1
            case '-*'
            case '*'
                set found $found $word
        end
    end
    count $serve $found >/dev/null; and printf '%s\\n' $serve $found
end

# What is to be done: a word of the list, --serve, or chat.
function __uchat_mode
    set -l words (__uchat_words)
    switch "$words[1]"
        case --serve ${WORDED.map(({ word }) => word).join(' ')}
            echo $words[1]
        case '*'
            echo chat
    end
end

function __uchat_in
    test (__uchat_mode) = $argv[1]
end

# Whether so many words stand before the one that is being typed.
function __uchat_at
    __uchat_in $argv[1]; and test (count (__uchat_words)) = $argv[2]
end

# Servers whose key is kept, and the one that the form remembers.
function __uchat_servers
    set -l folder $HOME/.local/share/uchat
    test -n "$XDG_DATA_HOME"; and set folder $XDG_DATA_HOME/uchat
    begin
        printf '%s\\n' $UCHAT_SERVER
        if test -f $folder/known_servers -a -r $folder/known_servers
            string replace -r '\\\\s.*' '' <$folder/known_servers
        end
        if test -f $folder/client.json -a -r $folder/client.json
            string replace -rf '.*"host":"([^":]+)","port":(\\\\d+).*' '$1:$2' <$folder/client.json
            string replace -rf '.*"host":"([^"]*:[^"]*)","port":(\\\\d+).*' '[$1]:$2' <$folder/client.json
        end
    end | string match -r '^[][${SERVER_CHARACTERS}]+$' | sort -u
end

function __uchat_themes
    set -l folder $HOME/.config
    test -n "$XDG_CONFIG_HOME"; and set folder $XDG_CONFIG_HOME
    set -l files $folder/uchat/themes/*.toml
    printf '%s\\n' ${THEMES.join(' ')}
    string replace -rf '.*/([${THEME_CHARACTERS}]+)\\.toml$' '$1' $files
end

complete -c uchat -f
${WORDED.map(({ word, says }) => `complete -c uchat -n '__uchat_at chat 0' -a ${word} -d ${quoted(says)}`).join('\n')}
${modeLines('chat', 0, CHAT).join('\n')}
${modeLines('--serve', 1, SERVING).join('\n')}
${WORDED.flatMap((mode) => modeLines(mode.word, 1, mode)).join('\n')}
`;
