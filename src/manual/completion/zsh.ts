/** For zsh: the completion system of its own, `_arguments`. */
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
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
/** Between the signs that `_arguments` and `_describe` read. */
const plain = (text: string): string => text.replaceAll(/[\\[\]:]/g, '\\$&');

/** What `_arguments` does for a value: words, or a function. */
function action(offer: Offer): string {
  if (typeof offer !== 'string') return `(${offer.join(' ')})`;
  const actions = {
    files: '_files',
    folders: '_files -/',
    servers: '_uchat_servers',
    themes: '_uchat_themes',
    nothing: '',
  };
  return actions[offer];
}

function optionSpec({ name, says, offer }: OptionWord): string {
  const what = plain(says);
  if (name === '--help') return `'(- *)'{-h,--help}'[${what}]'`;
  if (offer === undefined) return quoted(`${name}[${what}]`);
  return quoted(`${name}=[${what}]:${name.slice(2)}:${action(offer)}`);
}

const spec = ({ options, positionals }: ModeWords, first = ''): string =>
  [
    ...options.map(optionSpec),
    ...positionals.map(({ name, offer }, index) =>
      quoted(`${index + 1}:${name}:${index === 0 && first !== '' ? first : action(offer)}`),
    ),
  ].join(' \\\n        ');

const modeCase = (word: string, mode: ModeWords, first = ''): string => `    ${word})
      _arguments -S \\
        ${spec(mode, first)}
      ;;`;

/** The whole script. */
export const zsh = (): string => `#compdef uchat
# uchat's completion for zsh. Made by: uchat completion zsh
# For this shell: source <(uchat completion zsh)
# For all: uchat completion zsh > a file _uchat in a folder of $fpath

# Servers whose key is kept, and the one that the form remembers.
_uchat_servers() {
  local folder=\${data:-\${XDG_DATA_HOME:-$HOME/.local/share}/uchat} line json
  local -aU names
  folder=\${folder/#\\~\\//$HOME/}
  names=("\${UCHAT_SERVER-}")
  if [[ -f $folder/known_servers && -r $folder/known_servers ]]; then
    while read -r line || [[ -n $line ]]; do names+=("\${line%%[[:blank:]]*}"); done <"$folder/known_servers"
  fi
  if [[ -f $folder/client.json && -r $folder/client.json ]]; then
    IFS= read -r json <"$folder/client.json"
    if [[ $json =~ '"host":"([^"]+)","port":([0-9]+)' ]]; then
      if [[ $match[1] == *:* ]]; then names+=("[$match[1]]:$match[2]"); else names+=("$match[1]:$match[2]"); fi
    fi
  fi
  names=(\${(M)names:#[][${SERVER_CHARACTERS}]##})
  compadd -a names
}

_uchat_themes() {
  local -aU names
  names=(${THEMES.join(' ')} \${XDG_CONFIG_HOME:-$HOME/.config}/uchat/themes/*.toml(N:t:r))
  names=(\${(M)names:#[${THEME_CHARACTERS}]##})
  compadd -a names
}

_uchat_modes() {
  local -a modes
  modes=(
    ${WORDED.map(({ word, says }) => quoted(`${plain(word)}:${says}`)).join('\n    ')}
  )
  _alternative 'modes:what to do:{_describe -t modes "what to do" modes}' 'servers:server:_uchat_servers'
}

_uchat() {
  setopt localoptions extendedglob
  local mode='' data='' word
  local -i i count=0
  # The word for what is to be done may stand behind options.
  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    case $word in
      --) break ;;
      --serve) [[ -z $mode ]] && mode=--serve ;;
      --data=*) data=\${word#*=} ;;
      ${WITH_VALUE.map(({ name }) => name).join('|')})
        ((i += 1))
        [[ $word == --data ]] && data=$words[i]
        ;;
      -*) ;;
      ${WORDED.map(({ word }) => word).join('|')})
        if ((count == 0)); then
          mode=$word
          words[i]=()
          ((CURRENT -= 1))
          break
        fi
        ((count += 1))
        ;;
      *) ((count += 1)) ;;
    esac
  done
  case $mode in
${modeCase("''", CHAT, '_uchat_modes')}
${modeCase('--serve', { ...SERVING, options: [...SERVING.options, ...serving()] })}
${WORDED.map((mode) => modeCase(mode.word, mode)).join('\n')}
  esac
}

if [[ $funcstack[1] == _uchat ]]; then
  _uchat "$@"
else
  compdef _uchat uchat
fi
`;

/** It was typed, so \`_arguments\` must know it. */
const serving = (): readonly OptionWord[] => CHAT.options.filter(({ name }) => name === '--serve');
