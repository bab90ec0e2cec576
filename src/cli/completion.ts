import type { Command, Option } from 'commander';

/** A shell that a completion script is written for. */
export type Shell = 'bash' | 'zsh' | 'fish';

/** What can follow one command. */
interface Words {
  readonly name: string;
  readonly options: readonly Option[];
}

/** A completion script made of the commands and options there are. */
export function completionScript(program: Command, shell: Shell): string {
  const commands = program.commands.map((command) => ({ name: command.name(), options: command.options }));
  if (shell === 'fish') return fish(commands, program);
  const script = bash(commands);
  return shell === 'bash'
    ? script
    : `#compdef meshaudit\nautoload -U +X bashcompinit && bashcompinit\n${script}`;
}

/** The values an option takes, where its description lists them: `words: a, b, c`. */
function valuesOf({ description, flags }: Option): readonly string[] {
  if (!flags.includes('<')) return [];
  const list = /(?:^|: )((?:[a-z][a-z-]*, )+[a-z][a-z-]*)/.exec(description)?.[1];
  return list === undefined ? [] : list.split(', ');
}

const names = ({ short, long }: Option): readonly string[] =>
  [short, long].filter((name) => name !== undefined);

function bash(commands: readonly Words[]): string {
  const cases = commands.map(
    ({ name, options }) => `    ${name}) words="${[...options.flatMap(names), '--help'].join(' ')}" ;;`,
  );
  const values = commands.flatMap(({ name, options }) =>
    options.flatMap((option) => {
      const words = valuesOf(option);
      const patterns = names(option).map((typed) => `"${name} ${typed}"`);
      return words.length === 0 ? [] : [`    ${patterns.join('|')}) values="${words.join(' ')}" ;;`];
    }),
  );
  return `# Completion of meshaudit; made by "meshaudit completion".
_meshaudit() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words="" values="" word command=audit
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      ${commands.map(({ name }) => name).join('|')}) command="$word"; break ;;
    esac
  done
  case "$command $before" in
${values.join('\n')}
  esac
  if [[ -n "$values" ]]; then
    COMPREPLY=($(compgen -W "$values" -- "$current"))
    return
  fi
  case "$command" in
${cases.join('\n')}
  esac
  if [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  elif (( COMP_CWORD == 1 )); then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')}" -- "$current") $(compgen -f -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -o filenames -F _meshaudit meshaudit
`;
}

function fish(commands: readonly Words[], program: Command): string {
  const subcommands = program.commands.map(
    (command) =>
      `complete -c meshaudit -n __fish_use_subcommand -a ${command.name()} -d '${quoted(command.description())}'`,
  );
  const options = commands.flatMap(({ name, options: own }) => {
    const others = commands.map((command) => command.name).filter((other) => other !== 'audit');
    const when =
      name === 'audit'
        ? `not __fish_seen_subcommand_from ${others.join(' ')}`
        : `__fish_seen_subcommand_from ${name}`;
    return own.map((option) => {
      const short = option.short === undefined ? '' : ` -s ${option.short.slice(1)}`;
      const long = option.long === undefined ? '' : ` -l ${option.long.slice(2)}`;
      const values = valuesOf(option);
      const takes =
        values.length > 0 ? ` -x -a '${values.join(' ')}'` : option.flags.includes('<') ? ' -r' : '';
      return `complete -c meshaudit -n '${when}'${short}${long}${takes} -d '${quoted(option.description)}'`;
    });
  });
  return `# Completion of meshaudit; made by "meshaudit completion".\n${[...subcommands, ...options].join('\n')}\n`;
}

function quoted(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
}
