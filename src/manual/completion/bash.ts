/** For bash from 3.2 on, without the package bash-completion. */
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

const pattern = (options: readonly OptionWord[]): string => options.map(({ name }) => name).join(' | ');

/** What the function of that name offers; words are all of ASCII letters and dashes. */
function offering(offer: Offer): string {
  if (offer === 'nothing') return ':';
  if (typeof offer !== 'string') return `_uchat_offer ${offer.join(' ')}`;
  return `_uchat_offer_${offer}`;
}

/** `--data) _uchat_offer_folders ;;`, a line for all options that are offered the same. */
function valueCases(): string {
  const all = new Map<string, OptionWord[]>();
  for (const option of WITH_VALUE) {
    const does = offering(option.offer ?? 'nothing');
    all.set(does, [...(all.get(does) ?? []), option]);
  }
  return [...all].map(([does, options]) => `    ${pattern(options)}) ${does} ;;`).join('\n');
}

const positionalCases = ({ positionals }: ModeWords): string =>
  positionals
    .map(({ offer }, index) => [index, offering(offer)] as const)
    .filter(([, does]) => does !== ':')
    .map(([index, does]) => `((count == ${index})) && ${does}`)
    .join('; ') || ':';

const modeCase = (words: string, mode: ModeWords, extra = ''): string => `    ${words})
      options='${mode.options.map(({ name }) => name).join(' ')}'
      [[ $cur == -* ]] || { ${extra}${positionalCases(mode)}; }
      ;;`;

const PREAMBLE = `# uchat's completion for bash. Made by: uchat completion bash
# For this shell: source <(uchat completion bash)
# For all: uchat completion bash > ~/.local/share/bash-completion/completions/uchat`;

const OFFERS = `# What begins as the word does that is being typed.
_uchat_offer() {
  local word
  for word in "$@"; do
    [[ $word == "$cur"* ]] && COMPREPLY+=("$word")
  done
}

_uchat_offer_files() {
  compopt -o filenames 2>/dev/null
  _uchat_offer_paths -f
}

_uchat_offer_folders() {
  compopt -o filenames 2>/dev/null
  _uchat_offer_paths -d
}

# A blank that was typed has a backslash before it; readline puts it there again.
_uchat_offer_paths() {
  local word plain=\${cur//\\\\/}
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$1" -- "$plain")
}

# Servers whose key is kept, and the one that the form remembers.
_uchat_servers() {
  local folder=\${data:-\${XDG_DATA_HOME:-$HOME/.local/share}/uchat} name rest json host
  folder=\${folder/#\\~\\//$HOME/}
  printf '%s\\n' "\${UCHAT_SERVER-}"
  if [[ -f $folder/known_servers && -r $folder/known_servers ]]; then
    while read -r name rest || [[ -n $name ]]; do printf '%s\\n' "$name"; done <"$folder/known_servers"
  fi
  if [[ -f $folder/client.json && -r $folder/client.json ]]; then
    IFS= read -r json <"$folder/client.json"
    if [[ $json =~ \\"host\\":\\"([^\\"]+)\\",\\"port\\":([0-9]+) ]]; then
      host=\${BASH_REMATCH[1]}
      [[ $host == *:* ]] && host="[$host]"
      printf '%s\\n' "$host:\${BASH_REMATCH[2]}"
    fi
  fi
}

_uchat_offer_servers() {
  local name
  while IFS= read -r name; do
    case $name in
      '' | *[!][${SERVER_CHARACTERS}]*) ;;
      *) _uchat_offer "$name" ;;
    esac
  done < <(_uchat_servers | sort -u)
}

_uchat_offer_themes() {
  local name
  _uchat_offer ${THEMES.join(' ')}
  for name in "\${XDG_CONFIG_HOME:-$HOME/.config}"/uchat/themes/*.toml; do
    name=\${name##*/}
    name=\${name%.toml}
    [[ $name == *[!${THEME_CHARACTERS}]* ]] || _uchat_offer "$name"
  done
}`;

const WORDS = `# The words up to the cursor, as uchat will get them: readline tears them apart at : and =.
_uchat_words() {
  local rest=\${COMP_LINE:0:COMP_POINT} i piece
  words=()
  for ((i = 0; i <= COMP_CWORD; i++)); do
    piece=\${COMP_WORDS[i]}
    if ((i == 0)) || [[ $rest == [[:blank:]]* ]]; then
      rest=\${rest#"\${rest%%[![:blank:]]*}"}
      words+=('')
    fi
    ((i == COMP_CWORD)) && piece=$rest
    words[\${#words[@]} - 1]+=$piece
    rest=\${rest#"$piece"}
  done
}`;

/** The whole script. */
export const bash = (): string => `${PREAMBLE}

${OFFERS}

${WORDS}

# The value of the option $1.
_uchat_offer_value() {
  case $1 in
${valueCases()}
  esac
}

_uchat() {
  local -a words
  local cur mode='' data='' options='' option='' count=0 serve='' i word start
  COMPREPLY=()
  _uchat_words
  start=\${words[\${#words[@]} - 1]}
  cur=$start
  # The word for what is to be done may stand behind options.
  for ((i = 1; i < \${#words[@]} - 1; i++)); do
    word=\${words[i]}
    case $word in
      --) return ;;
      --serve) serve=1 ;;
      --data=*) data=\${word#*=} ;;
      ${pattern(WITH_VALUE)})
        option=$word
        ((i += 1))
        ((i < \${#words[@]} - 1)) || break
        [[ $option == --data ]] && data=\${words[i]}
        option=''
        ;;
      -*) ;;
      ${WORDED.map(({ word }) => word).join(' | ')})
        if [[ -z $mode ]] && ((count == 0)); then mode=$word; else ((count += 1)); fi
        ;;
      *) ((count += 1)) ;;
    esac
  done
  if [[ -n $option ]]; then
    _uchat_offer_value "$option"
  elif [[ $cur == --*=* ]]; then
    option=\${cur%%=*}
    cur=\${cur#*=}
    _uchat_offer_value "$option"
    for i in "\${!COMPREPLY[@]}"; do COMPREPLY[i]=$option=\${COMPREPLY[i]}; done
  else
    [[ -z $mode && -n $serve ]] && mode=--serve
    case $mode in
${modeCase("''", CHAT, `((count == 0)) && _uchat_offer ${WORDED.map(({ word }) => word).join(' ')}; `)}
${modeCase('--serve', SERVING)}
${WORDED.map((mode) => modeCase(mode.word, mode)).join('\n')}
    esac
    if [[ $cur == -* ]]; then
      local IFS=' '
      _uchat_offer $options
    fi
  fi
  # readline puts the rest behind the last : or = that it has torn the word apart at.
  local head=''
  for word in : =; do
    [[ $COMP_WORDBREAKS == *"$word"* && $start == *"$word"* ]] || continue
    word=\${start%"$word"*}$word
    ((\${#word} > \${#head})) && head=$word
  done
  for i in "\${!COMPREPLY[@]}"; do COMPREPLY[i]=\${COMPREPLY[i]#"$head"}; done
}

complete -F _uchat uchat
`;
