/** Scripts with which a shell completes commands, options and their values. */
import type { AnyCommand, Command } from './command.js';
import { usageError } from '../core/base/errors.js';

const options = {} as const;

const shells = { bash: bashScript, zsh: zshScript, powershell: powershellScript } as const;

/** @param listed all commands, this one included */
export function completionCommand(listed: () => readonly AnyCommand[]): Command<typeof options> {
  return {
    name: 'completion',
    summary: 'Prints a script that completes commands and options in bash, zsh or powershell',
    usage: 'bash|zsh|powershell',
    example: 'completion bash > ~/.local/share/bash-completion/completions/notespace',
    positionals: 1,
    options,
    run(_parsed, [shell = ''], { terminal }) {
      if (!isShell(shell)) {
        throw usageError(`completion is for ${Object.keys(shells).join(', ')}, not "${shell}".`);
      }
      terminal.out(shells[shell](listed().map(wordsOf)));
      return Promise.resolve();
    },
  };
}

function isShell(name: string): name is keyof typeof shells {
  return Object.hasOwn(shells, name);
}

interface Words {
  readonly command: string;
  readonly options: readonly string[];
  /** Of options that have a fixed choice. */
  readonly values: readonly (readonly [option: string, values: readonly string[]])[];
}

function wordsOf({ name, options: table }: AnyCommand): Words {
  const entries = Object.entries(table);
  return {
    command: name,
    options: [...entries.map(([option]) => `--${option}`), '--help'],
    values: entries.flatMap(([option, { choices }]) =>
      choices === undefined ? [] : [[`--${option}`, choices] as const],
    ),
  };
}

/** Without options or a command at the cursor, bash falls back to file names. */
function bashScript(all: readonly Words[]): string {
  return `_notespace() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} words=
  if [ "$COMP_CWORD" -eq 1 ]; then
    words=${quoted(all.map(({ command }) => command))}
  else
    case "\${COMP_WORDS[1]} $before" in
${valueCases(all)}
    *)
      case "$word" in
      -*)
        case "\${COMP_WORDS[1]}" in
${optionCases(all)}
        esac ;;
      esac ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _notespace notespace`;
}

/** zsh runs bash's completions. */
function zshScript(all: readonly Words[]): string {
  return `#compdef notespace
autoload -U +X bashcompinit && bashcompinit
${bashScript(all)}`;
}

function powershellScript(all: readonly Words[]): string {
  const list = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ');
  const optionRows = all.map(
    ({ command, options: words }) => `    '${command}' = @(${list(words)})`,
  );
  const valueRows = all.flatMap(({ command, values }) =>
    values.map(([option, words]) => `    '${command} ${option}' = @(${list(words)})`),
  );
  return `Register-ArgumentCompleter -Native -CommandName notespace -ScriptBlock {
  param($word, $ast, $position)
  $options = @{
${optionRows.join('\n')}
  }
  $values = @{
${valueRows.join('\n')}
  }
  $before = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { "$_" })
  $found = if ($before.Count -le 1) { @($options.Keys) }
    elseif ($values.ContainsKey("$($before[1]) $($before[-1])")) { $values["$($before[1]) $($before[-1])"] }
    else { $options[$before[1]] }
  $found | Sort-Object | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_)
  }
}`;
}

function valueCases(all: readonly Words[]): string {
  return all
    .flatMap(({ command, values }) =>
      values.map(([option, words]) => `    "${command} ${option}") words=${quoted(words)} ;;`),
    )
    .join('\n');
}

function optionCases(all: readonly Words[]): string {
  return all
    .map(({ command, options: words }) => `        ${command}) words=${quoted(words)} ;;`)
    .join('\n');
}

function quoted(words: readonly string[]): string {
  return `'${words.join(' ')}'`;
}
