
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'tok' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'tok'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'tok' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('room', 'room', [CompletionResultType]::ParameterValue, 'Manage rooms')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'Manage join tokens')
            [CompletionResult]::new('session', 'session', [CompletionResultType]::ParameterValue, 'See what took place in rooms and who was there')
            [CompletionResult]::new('recording', 'recording', [CompletionResultType]::ParameterValue, 'Manage recordings')
            [CompletionResult]::new('call', 'call', [CompletionResultType]::ParameterValue, 'Ring people and see calls')
            [CompletionResult]::new('participant', 'participant', [CompletionResultType]::ParameterValue, 'Manage people in local rooms')
            [CompletionResult]::new('chat', 'chat', [CompletionResultType]::ParameterValue, 'Read and write messages in local rooms')
            [CompletionResult]::new('device', 'device', [CompletionResultType]::ParameterValue, 'Manage devices that can be rung')
            [CompletionResult]::new('user', 'user', [CompletionResultType]::ParameterValue, 'Manage users')
            [CompletionResult]::new('notify', 'notify', [CompletionResultType]::ParameterValue, 'Send notifications and see what became of them')
            [CompletionResult]::new('push', 'push', [CompletionResultType]::ParameterValue, 'Manage what browsers are rung with')
            [CompletionResult]::new('presence', 'presence', [CompletionResultType]::ParameterValue, 'See who is there')
            [CompletionResult]::new('search', 'search', [CompletionResultType]::ParameterValue, 'Search users and rooms, and keep the indexes true')
            [CompletionResult]::new('webhook', 'webhook', [CompletionResultType]::ParameterValue, 'See what vendors told by web callback')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show what the worker has done and has to do')
            [CompletionResult]::new('store', 'store', [CompletionResultType]::ParameterValue, 'Save the store, bring it back, seal it, check it')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Manage API keys of `tok serve`')
            [CompletionResult]::new('context', 'context', [CompletionResultType]::ParameterValue, 'Name servers that commands are sent to')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Write, show and check the configuration')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check every configured backend and say what to do')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve the HTTP API')
            [CompletionResult]::new('work', 'work', [CompletionResultType]::ParameterValue, 'Run the background worker')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a shell''s completion script')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print or write the manual pages')
            [CompletionResult]::new('openapi', 'openapi', [CompletionResultType]::ParameterValue, 'Print the description of the HTTP API')
            [CompletionResult]::new('version', 'version', [CompletionResultType]::ParameterValue, 'Print the version, in every format')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;room' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create rooms')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List rooms')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show rooms')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Change a room''s settings')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete rooms, sending everyone out')
            [CompletionResult]::new('end', 'end', [CompletionResultType]::ParameterValue, 'Send everyone out of rooms; the rooms stay')
            [CompletionResult]::new('participants', 'participants', [CompletionResultType]::ParameterValue, 'List who is in a room now')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Tell who came, who went and why, and which calls took place')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Delete the rooms that match every given filter')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;room;create' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--privacy', '--privacy', [CompletionResultType]::ParameterName, 'Who may come in: public (everybody with the link) or private (holders of a token)')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'Close at this time, or so long from now: 2026-12-24T18:00:00Z, 24h, 30d')
            [CompletionResult]::new('--not-before', '--not-before', [CompletionResultType]::ParameterName, 'Open at this time, or so long from now')
            [CompletionResult]::new('--max-participants', '--max-participants', [CompletionResultType]::ParameterName, 'How many people fit in')
            [CompletionResult]::new('--property', '--property', [CompletionResultType]::ParameterName, 'A further setting by the backend''s own name; the value is JSON or a plain text')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--exist-ok', '--exist-ok', [CompletionResultType]::ParameterName, 'If a room exists with these settings already, print it instead of failing')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be created')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be created')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;room;list' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Stop after so many rooms')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;room;show' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;room;update' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--privacy', '--privacy', [CompletionResultType]::ParameterName, 'Who may come in: public (everybody with the link) or private (holders of a token)')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'Close at this time, or so long from now: 2026-12-24T18:00:00Z, 24h, 30d')
            [CompletionResult]::new('--not-before', '--not-before', [CompletionResultType]::ParameterName, 'Open at this time, or so long from now')
            [CompletionResult]::new('--max-participants', '--max-participants', [CompletionResultType]::ParameterName, 'How many people fit in')
            [CompletionResult]::new('--property', '--property', [CompletionResultType]::ParameterName, 'A further setting by the backend''s own name; the value is JSON or a plain text')
            [CompletionResult]::new('--unset', '--unset', [CompletionResultType]::ParameterName, 'Bring back to the default: expires, not-before, max-participants, or a property')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only check what would be changed')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only check what would be changed')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;room;delete' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--max-runtime', '--max-runtime', [CompletionResultType]::ParameterName, 'Stop after this time; running the command again continues')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Also write the report to this file, as JSON, however the run ends')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--ignore-not-found', '--ignore-not-found', [CompletionResultType]::ParameterName, 'Rooms that do not exist are no failure')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;room;end' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;room;participants' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;room;history' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only since then: 1h (ago), 14:00 (the last, in UTC), 2026-12-24T18:00:00Z')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;room;prune' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--older-than', '--older-than', [CompletionResultType]::ParameterName, 'Made longer ago than this')
            [CompletionResult]::new('--expired-for', '--expired-for', [CompletionResultType]::ParameterName, 'Past their expiry for this long')
            [CompletionResult]::new('--unused-for', '--unused-for', [CompletionResultType]::ParameterName, 'That nobody was in for this long, and that were not made, or made ready by a join token, since')
            [CompletionResult]::new('--match', '--match', [CompletionResultType]::ParameterName, 'With a name that matches this pattern of *, ? and […]')
            [CompletionResult]::new('--max-delete', '--max-delete', [CompletionResultType]::ParameterName, 'Do nothing if more rooms than this match')
            [CompletionResult]::new('--max-delete-percent', '--max-delete-percent', [CompletionResultType]::ParameterName, 'Do nothing if more than this share of all rooms match')
            [CompletionResult]::new('--max-runtime', '--max-runtime', [CompletionResultType]::ParameterName, 'Stop after this time; running the command again continues')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Also write the report to this file, as JSON, however the run ends')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--expired', '--expired', [CompletionResultType]::ParameterName, 'Past their expiry')
            [CompletionResult]::new('--empty', '--empty', [CompletionResultType]::ParameterName, 'With nobody inside now')
            [CompletionResult]::new('--never-joined', '--never-joined', [CompletionResultType]::ParameterName, 'That nobody ever was in; join tokens and what operators write do not count')
            [CompletionResult]::new('--include-occupied', '--include-occupied', [CompletionResultType]::ParameterName, 'Rooms with people inside, too; otherwise they are left alone')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;room;help' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create rooms')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List rooms')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show rooms')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Change a room''s settings')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete rooms, sending everyone out')
            [CompletionResult]::new('end', 'end', [CompletionResultType]::ParameterValue, 'Send everyone out of rooms; the rooms stay')
            [CompletionResult]::new('participants', 'participants', [CompletionResultType]::ParameterValue, 'List who is in a room now')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Tell who came, who went and why, and which calls took place')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Delete the rooms that match every given filter')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;room;help;create' {
            break
        }
        'tok;room;help;list' {
            break
        }
        'tok;room;help;show' {
            break
        }
        'tok;room;help;update' {
            break
        }
        'tok;room;help;delete' {
            break
        }
        'tok;room;help;end' {
            break
        }
        'tok;room;help;participants' {
            break
        }
        'tok;room;help;history' {
            break
        }
        'tok;room;help;prune' {
            break
        }
        'tok;room;help;help' {
            break
        }
        'tok;token' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Mint a token that lets one person into one room')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Read a token from stdin and say whether it opens anything now, or lets somebody sign in')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;token;create' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'What the holder may do: viewer, participant or host')
            [CompletionResult]::new('--user-id', '--user-id', [CompletionResultType]::ParameterName, 'The app''s id of the person')
            [CompletionResult]::new('--user-name', '--user-name', [CompletionResultType]::ParameterName, 'The name shown in the call')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long it is good [default: tokens.ttl of the configuration]')
            [CompletionResult]::new('--not-before', '--not-before', [CompletionResultType]::ParameterName, 'Good only from then on: a time, or how long from now')
            [CompletionResult]::new('--property', '--property', [CompletionResultType]::ParameterName, 'A further option by the backend''s own name; the value is JSON or a plain text')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--shared', '--shared', [CompletionResultType]::ParameterName, 'Let many use it; else whoever comes with it takes the place of whoever came with it before')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;token;inspect' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;token;help' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Mint a token that lets one person into one room')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Read a token from stdin and say whether it opens anything now, or lets somebody sign in')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;token;help;create' {
            break
        }
        'tok;token;help;inspect' {
            break
        }
        'tok;token;help;help' {
            break
        }
        'tok;session' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List sessions, the newest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a session')
            [CompletionResult]::new('attendance', 'attendance', [CompletionResultType]::ParameterValue, 'Say who was in a room, when and for how long')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;session;list' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Stop after so many sessions')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;session;show' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;session;attendance' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'Only this session, by the vendor''s id')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--every', '--every', [CompletionResultType]::ParameterName, 'Every session instead of the latest')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;session;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List sessions, the newest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a session')
            [CompletionResult]::new('attendance', 'attendance', [CompletionResultType]::ParameterValue, 'Say who was in a room, when and for how long')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;session;help;list' {
            break
        }
        'tok;session;help;show' {
            break
        }
        'tok;session;help;attendance' {
            break
        }
        'tok;session;help;help' {
            break
        }
        'tok;recording' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('start', 'start', [CompletionResultType]::ParameterValue, 'Begin to record a room')
            [CompletionResult]::new('stop', 'stop', [CompletionResultType]::ParameterValue, 'End a recording; the file comes later')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List recordings, the newest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a recording')
            [CompletionResult]::new('url', 'url', [CompletionResultType]::ParameterValue, 'Print a link to a recording''s file that works for a while')
            [CompletionResult]::new('download', 'download', [CompletionResultType]::ParameterValue, 'Fetch a recording''s file')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until a recording''s file can be had')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete recordings for good')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Delete old recordings for good')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;recording;start' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--property', '--property', [CompletionResultType]::ParameterName, 'An option by the vendor''s own name; the value is JSON or a plain text')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;recording;stop' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;recording;list' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Stop after so many recordings')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;recording;show' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;recording;url' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;recording;download' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Where to put the file: a name, a directory, or - for stdout [default: the id and an ending that says what it is, in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;recording;wait' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;recording;delete' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;recording;prune' {
            [CompletionResult]::new('--older-than', '--older-than', [CompletionResultType]::ParameterName, 'Only those that began longer ago than this')
            [CompletionResult]::new('--max-delete', '--max-delete', [CompletionResultType]::ParameterName, 'Delete nothing if there are more than so many')
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;recording;help' {
            [CompletionResult]::new('start', 'start', [CompletionResultType]::ParameterValue, 'Begin to record a room')
            [CompletionResult]::new('stop', 'stop', [CompletionResultType]::ParameterValue, 'End a recording; the file comes later')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List recordings, the newest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a recording')
            [CompletionResult]::new('url', 'url', [CompletionResultType]::ParameterValue, 'Print a link to a recording''s file that works for a while')
            [CompletionResult]::new('download', 'download', [CompletionResultType]::ParameterValue, 'Fetch a recording''s file')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until a recording''s file can be had')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete recordings for good')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Delete old recordings for good')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;recording;help;start' {
            break
        }
        'tok;recording;help;stop' {
            break
        }
        'tok;recording;help;list' {
            break
        }
        'tok;recording;help;show' {
            break
        }
        'tok;recording;help;url' {
            break
        }
        'tok;recording;help;download' {
            break
        }
        'tok;recording;help;wait' {
            break
        }
        'tok;recording;help;delete' {
            break
        }
        'tok;recording;help;prune' {
            break
        }
        'tok;recording;help;help' {
            break
        }
        'tok;call' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('start', 'start', [CompletionResultType]::ParameterValue, 'Ring somebody')
            [CompletionResult]::new('end', 'end', [CompletionResultType]::ParameterValue, 'End calls, or one side''s part in them')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List calls in the order they began')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a call')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;call;start' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--ring-for', '--ring-for', [CompletionResultType]::ParameterName, 'How long it rings [default: calls.ring_for of the configuration]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;call;end' {
            [CompletionResult]::new('--by', '--by', [CompletionResultType]::ParameterName, 'Only this side''s part: caller or callee')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;call;list' {
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Stop after so many calls')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--past', '--past', [CompletionResultType]::ParameterName, 'Those that are over and cleaned up, instead of those that are not')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;call;show' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;call;help' {
            [CompletionResult]::new('start', 'start', [CompletionResultType]::ParameterValue, 'Ring somebody')
            [CompletionResult]::new('end', 'end', [CompletionResultType]::ParameterValue, 'End calls, or one side''s part in them')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List calls in the order they began')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a call')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;call;help;start' {
            break
        }
        'tok;call;help;end' {
            break
        }
        'tok;call;help;list' {
            break
        }
        'tok;call;help;show' {
            break
        }
        'tok;call;help;help' {
            break
        }
        'tok;participant' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List who is, was or waits in a room, in the order they came')
            [CompletionResult]::new('kick', 'kick', [CompletionResultType]::ParameterValue, 'Send people out of a room')
            [CompletionResult]::new('bans', 'bans', [CompletionResultType]::ParameterValue, 'List who was sent out of a room for good')
            [CompletionResult]::new('unban', 'unban', [CompletionResultType]::ParameterValue, 'Let people into a room again who were sent out for good')
            [CompletionResult]::new('mute', 'mute', [CompletionResultType]::ParameterValue, 'Ask people to turn off their microphones')
            [CompletionResult]::new('admit', 'admit', [CompletionResultType]::ParameterValue, 'Let people in who wait')
            [CompletionResult]::new('refuse', 'refuse', [CompletionResultType]::ParameterValue, 'Send people away who wait')
            [CompletionResult]::new('promote', 'promote', [CompletionResultType]::ParameterValue, 'Make somebody a host')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;participant;list' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Also those who went')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;participant;kick' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say who they are')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say who they are')
            [CompletionResult]::new('--ban', '--ban', [CompletionResultType]::ParameterName, 'For good: neither their key nor their token nor another one of the same user opens the room again')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;participant;bans' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;participant;unban' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say who they are')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say who they are')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;participant;mute' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say who they are')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say who they are')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;participant;admit' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say who they are')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say who they are')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;participant;refuse' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say who they are')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say who they are')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;participant;promote' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say who they are')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say who they are')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;participant;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List who is, was or waits in a room, in the order they came')
            [CompletionResult]::new('kick', 'kick', [CompletionResultType]::ParameterValue, 'Send people out of a room')
            [CompletionResult]::new('bans', 'bans', [CompletionResultType]::ParameterValue, 'List who was sent out of a room for good')
            [CompletionResult]::new('unban', 'unban', [CompletionResultType]::ParameterValue, 'Let people into a room again who were sent out for good')
            [CompletionResult]::new('mute', 'mute', [CompletionResultType]::ParameterValue, 'Ask people to turn off their microphones')
            [CompletionResult]::new('admit', 'admit', [CompletionResultType]::ParameterValue, 'Let people in who wait')
            [CompletionResult]::new('refuse', 'refuse', [CompletionResultType]::ParameterValue, 'Send people away who wait')
            [CompletionResult]::new('promote', 'promote', [CompletionResultType]::ParameterValue, 'Make somebody a host')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;participant;help;list' {
            break
        }
        'tok;participant;help;kick' {
            break
        }
        'tok;participant;help;bans' {
            break
        }
        'tok;participant;help;unban' {
            break
        }
        'tok;participant;help;mute' {
            break
        }
        'tok;participant;help;admit' {
            break
        }
        'tok;participant;help;refuse' {
            break
        }
        'tok;participant;help;promote' {
            break
        }
        'tok;participant;help;help' {
            break
        }
        'tok;chat' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Write a message, as the operator')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Let a message say something else')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Remove messages')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'List the latest messages, oldest first')
            [CompletionResult]::new('tail', 'tail', [CompletionResultType]::ParameterValue, 'Show messages as they come, change and go, until Ctrl-C')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Print all messages, oldest first')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;chat;send' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'For this participant only [default: everybody]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;chat;edit' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;chat;delete' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;chat;history' {
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'At most so many messages, up to 1000 [default: 100]')
            [CompletionResult]::new('--before', '--before', [CompletionResultType]::ParameterName, 'Only those before this message')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;chat;tail' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;chat;export' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;chat;help' {
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Write a message, as the operator')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Let a message say something else')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Remove messages')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'List the latest messages, oldest first')
            [CompletionResult]::new('tail', 'tail', [CompletionResultType]::ParameterValue, 'Show messages as they come, change and go, until Ctrl-C')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Print all messages, oldest first')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;chat;help;send' {
            break
        }
        'tok;chat;help;edit' {
            break
        }
        'tok;chat;help;delete' {
            break
        }
        'tok;chat;help;history' {
            break
        }
        'tok;chat;help;tail' {
            break
        }
        'tok;chat;help;export' {
            break
        }
        'tok;chat;help;help' {
            break
        }
        'tok;device' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('register', 'register', [CompletionResultType]::ParameterValue, 'Register a device, or refresh what is known of it')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List devices, by id')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete devices; calls that they are in end first')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;device;register' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'File with the push token; - reads it from stdin')
            [CompletionResult]::new('--subscription', '--subscription', [CompletionResultType]::ParameterName, 'File with a browser''s subscription as JSON, for web; - reads it from stdin')
            [CompletionResult]::new('--platform', '--platform', [CompletionResultType]::ParameterName, 'Whose push service the token is of: gcm, apns or web')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Whose device it is')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;device;list' {
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Stop after so many devices')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;device;delete' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;device;help' {
            [CompletionResult]::new('register', 'register', [CompletionResultType]::ParameterValue, 'Register a device, or refresh what is known of it')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List devices, by id')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete devices; calls that they are in end first')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;device;help;register' {
            break
        }
        'tok;device;help;list' {
            break
        }
        'tok;device;help;delete' {
            break
        }
        'tok;device;help;help' {
            break
        }
        'tok;user' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a user')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List users, by id')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show users')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Change what is known of a user')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete users')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;user;create' {
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'The name others see')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'The app''s id of the person; a random one if absent')
            [CompletionResult]::new('--photo-url', '--photo-url', [CompletionResultType]::ParameterName, 'A picture')
            [CompletionResult]::new('--first-name', '--first-name', [CompletionResultType]::ParameterName, 'The given name, where the app keeps it apart')
            [CompletionResult]::new('--last-name', '--last-name', [CompletionResultType]::ParameterName, 'The family name, where the app keeps it apart')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'The device that calls to this person go to')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;user;list' {
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Stop after so many users')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;user;show' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;user;update' {
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'The name others see')
            [CompletionResult]::new('--photo-url', '--photo-url', [CompletionResultType]::ParameterName, 'A picture')
            [CompletionResult]::new('--first-name', '--first-name', [CompletionResultType]::ParameterName, 'The given name, where the app keeps it apart')
            [CompletionResult]::new('--last-name', '--last-name', [CompletionResultType]::ParameterName, 'The family name, where the app keeps it apart')
            [CompletionResult]::new('--client-id', '--client-id', [CompletionResultType]::ParameterName, 'The device that calls to this person go to')
            [CompletionResult]::new('--clear', '--clear', [CompletionResultType]::ParameterName, 'Clear photo-url, first-name, last-name or client-id')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;user;delete' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;user;help' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a user')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List users, by id')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show users')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Change what is known of a user')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete users')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;user;help;create' {
            break
        }
        'tok;user;help;list' {
            break
        }
        'tok;user;help;show' {
            break
        }
        'tok;user;help;update' {
            break
        }
        'tok;user;help;delete' {
            break
        }
        'tok;user;help;help' {
            break
        }
        'tok;notify' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Put a notification into the queue')
            [CompletionResult]::new('flush', 'flush', [CompletionResultType]::ParameterValue, 'Send what is in the queue now, once')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the queue, what was parked, or what became of notifications')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Say where notifications are in their life, and why')
            [CompletionResult]::new('retry', 'retry', [CompletionResultType]::ParameterValue, 'Put parked notifications back into the queue')
            [CompletionResult]::new('discard', 'discard', [CompletionResultType]::ParameterValue, 'Throw notifications away, parked or in the queue')
            [CompletionResult]::new('inbox', 'inbox', [CompletionResultType]::ParameterValue, 'List what was delivered in the app to a user and not taken yet, the newest first')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;notify;send' {
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'A user')
            [CompletionResult]::new('--device', '--device', [CompletionResultType]::ParameterName, 'A registered device')
            [CompletionResult]::new('--topic', '--topic', [CompletionResultType]::ParameterName, 'Everybody who follows a topic')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'The installation whose push token stands in this file; - reads it from stdin')
            [CompletionResult]::new('--title', '--title', [CompletionResultType]::ParameterName, 'The heading')
            [CompletionResult]::new('--body', '--body', [CompletionResultType]::ParameterName, 'The text')
            [CompletionResult]::new('--image', '--image', [CompletionResultType]::ParameterName, 'A picture')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'What else the app wants to know; repeat for more')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long it is worth delivering')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'An id of your choice: however often it is sent, it is delivered once')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--call', '--call', [CompletionResultType]::ParameterName, 'A phone that rings: worth nothing once the caller has given up')
            [CompletionResult]::new('--validate', '--validate', [CompletionResultType]::ParameterName, 'Only ask the push service whether it would take it')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done, without asking anybody')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done, without asking anybody')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;notify;flush' {
            [CompletionResult]::new('--max-runtime', '--max-runtime', [CompletionResultType]::ParameterName, 'Stop after this time; running the command again continues')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Also write the report to this file, as JSON, however the run ends')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say how many there are')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say how many there are')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;notify;list' {
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Those for this user or their devices, the delivered and the dead included')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Those since then, the delivered and the dead included: 1h (ago), 14:00 (the last, in UTC)')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Stop after so many')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--parked', '--parked', [CompletionResultType]::ParameterName, 'Those that cannot be sent as they are, with the reason')
            [CompletionResult]::new('--dead', '--dead', [CompletionResultType]::ParameterName, 'Only those that nobody could receive, with the reason')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;notify;show' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;notify;retry' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Everything that is parked')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;notify;discard' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--parked', '--parked', [CompletionResultType]::ParameterName, 'Everything that is parked')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;notify;inbox' {
            [CompletionResult]::new('--take', '--take', [CompletionResultType]::ParameterName, 'Take this one out, as the app does when it has shown it')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Stop after so many')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;notify;help' {
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Put a notification into the queue')
            [CompletionResult]::new('flush', 'flush', [CompletionResultType]::ParameterValue, 'Send what is in the queue now, once')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the queue, what was parked, or what became of notifications')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Say where notifications are in their life, and why')
            [CompletionResult]::new('retry', 'retry', [CompletionResultType]::ParameterValue, 'Put parked notifications back into the queue')
            [CompletionResult]::new('discard', 'discard', [CompletionResultType]::ParameterValue, 'Throw notifications away, parked or in the queue')
            [CompletionResult]::new('inbox', 'inbox', [CompletionResultType]::ParameterValue, 'List what was delivered in the app to a user and not taken yet, the newest first')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;notify;help;send' {
            break
        }
        'tok;notify;help;flush' {
            break
        }
        'tok;notify;help;list' {
            break
        }
        'tok;notify;help;show' {
            break
        }
        'tok;notify;help;retry' {
            break
        }
        'tok;notify;help;discard' {
            break
        }
        'tok;notify;help;inbox' {
            break
        }
        'tok;notify;help;help' {
            break
        }
        'tok;push' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'The key pair that browsers subscribe with')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;push;key' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the public key; the pair is made if there is none yet')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Replace the key pair; every browser must subscribe anew')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;push;key;show' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;push;key;rotate' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;push;key;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the public key; the pair is made if there is none yet')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Replace the key pair; every browser must subscribe anew')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;push;key;help;show' {
            break
        }
        'tok;push;key;help;rotate' {
            break
        }
        'tok;push;key;help;help' {
            break
        }
        'tok;push;help' {
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'The key pair that browsers subscribe with')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;push;help;key' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the public key; the pair is made if there is none yet')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Replace the key pair; every browser must subscribe anew')
            break
        }
        'tok;push;help;key;show' {
            break
        }
        'tok;push;help;key;rotate' {
            break
        }
        'tok;push;help;help' {
            break
        }
        'tok;presence' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Show everybody and then every change; a live table on a terminal, JSON lines elsewhere')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List everybody of whom anything is known, by id')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Say whether somebody is there')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Note what a connection says of itself, where presence is kept by tok')
            [CompletionResult]::new('sync', 'sync', [CompletionResultType]::ParameterValue, 'Write into the user documents what they do not say truly, once')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Compare the user documents with the source; exits 12 when they differ')
            [CompletionResult]::new('sweep', 'sweep', [CompletionResultType]::ParameterValue, 'Remove connections that gave no sign of life in time')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;presence;watch' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--online', '--online', [CompletionResultType]::ParameterName, 'Only those who are there')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;presence;list' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--online', '--online', [CompletionResultType]::ParameterName, 'Only those who are there')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;presence;show' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;presence;set' {
            [CompletionResult]::new('--connection', '--connection', [CompletionResultType]::ParameterName, 'Which of the user''s connections')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long this counts unless it is said again [default: for ever]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;presence;sync' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--trust-source', '--trust-source', [CompletionResultType]::ParameterName, 'Believe the source also when it knows nobody of those who are noted as online')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be written')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be written')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;presence;audit' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;presence;sweep' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say how many there are')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say how many there are')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;presence;help' {
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Show everybody and then every change; a live table on a terminal, JSON lines elsewhere')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List everybody of whom anything is known, by id')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Say whether somebody is there')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Note what a connection says of itself, where presence is kept by tok')
            [CompletionResult]::new('sync', 'sync', [CompletionResultType]::ParameterValue, 'Write into the user documents what they do not say truly, once')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Compare the user documents with the source; exits 12 when they differ')
            [CompletionResult]::new('sweep', 'sweep', [CompletionResultType]::ParameterValue, 'Remove connections that gave no sign of life in time')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;presence;help;watch' {
            break
        }
        'tok;presence;help;list' {
            break
        }
        'tok;presence;help;show' {
            break
        }
        'tok;presence;help;set' {
            break
        }
        'tok;presence;help;sync' {
            break
        }
        'tok;presence;help;audit' {
            break
        }
        'tok;presence;help;sweep' {
            break
        }
        'tok;presence;help;help' {
            break
        }
        'tok;search' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('query', 'query', [CompletionResultType]::ParameterValue, 'Search an index')
            [CompletionResult]::new('reindex', 'reindex', [CompletionResultType]::ParameterValue, 'Make indexes true, whoever writes meanwhile')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Compare indexes with the store, record by record; exits 12 when they differ')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how many documents and records there are')
            [CompletionResult]::new('parked', 'parked', [CompletionResultType]::ParameterValue, 'List documents that cannot be searched as they are, with the reason')
            [CompletionResult]::new('settings', 'settings', [CompletionResultType]::ParameterValue, 'Read and change the settings of an index')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Make keys for the searches of apps')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;search;query' {
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'At most so many hits')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;search;reindex' {
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'reconcile changes what differs; swap fills a new index, for changed settings')
            [CompletionResult]::new('--max-shrink', '--max-shrink', [CompletionResultType]::ParameterName, 'Largest part of an index that may vanish, in percent [default: 20, or as configured]')
            [CompletionResult]::new('--max-runtime', '--max-runtime', [CompletionResultType]::ParameterName, 'Stop after this time; running the command again continues')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Also write the report to this file, as JSON, however the run ends')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done and what it costs')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done and what it costs')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;search;verify' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--repair', '--repair', [CompletionResultType]::ParameterName, 'Write again what differs')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;search;status' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;search;parked' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;search;settings' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('pull', 'pull', [CompletionResultType]::ParameterValue, 'Print the settings as JSON')
            [CompletionResult]::new('push', 'push', [CompletionResultType]::ParameterValue, 'Change the settings that a file gives; others stay as they are')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Say which settings are not as a file gives them; exits 12 when some are not')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;search;settings;pull' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;search;settings;push' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;search;settings;diff' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;search;settings;help' {
            [CompletionResult]::new('pull', 'pull', [CompletionResultType]::ParameterValue, 'Print the settings as JSON')
            [CompletionResult]::new('push', 'push', [CompletionResultType]::ParameterValue, 'Change the settings that a file gives; others stay as they are')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Say which settings are not as a file gives them; exits 12 when some are not')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;search;settings;help;pull' {
            break
        }
        'tok;search;settings;help;push' {
            break
        }
        'tok;search;settings;help;diff' {
            break
        }
        'tok;search;settings;help;help' {
            break
        }
        'tok;search;key' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Make a key that can only search, without asking the vendor')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;search;key;create' {
            [CompletionResult]::new('--index', '--index', [CompletionResultType]::ParameterName, 'Only this index; repeat for more [default: all that are configured]')
            [CompletionResult]::new('--filters', '--filters', [CompletionResultType]::ParameterName, 'Only records that pass this filter, in the vendor''s language')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long it is good [default: for ever]')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Whose searches these are')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;search;key;help' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Make a key that can only search, without asking the vendor')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;search;key;help;create' {
            break
        }
        'tok;search;key;help;help' {
            break
        }
        'tok;search;help' {
            [CompletionResult]::new('query', 'query', [CompletionResultType]::ParameterValue, 'Search an index')
            [CompletionResult]::new('reindex', 'reindex', [CompletionResultType]::ParameterValue, 'Make indexes true, whoever writes meanwhile')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Compare indexes with the store, record by record; exits 12 when they differ')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how many documents and records there are')
            [CompletionResult]::new('parked', 'parked', [CompletionResultType]::ParameterValue, 'List documents that cannot be searched as they are, with the reason')
            [CompletionResult]::new('settings', 'settings', [CompletionResultType]::ParameterValue, 'Read and change the settings of an index')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Make keys for the searches of apps')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;search;help;query' {
            break
        }
        'tok;search;help;reindex' {
            break
        }
        'tok;search;help;verify' {
            break
        }
        'tok;search;help;status' {
            break
        }
        'tok;search;help;parked' {
            break
        }
        'tok;search;help;settings' {
            [CompletionResult]::new('pull', 'pull', [CompletionResultType]::ParameterValue, 'Print the settings as JSON')
            [CompletionResult]::new('push', 'push', [CompletionResultType]::ParameterValue, 'Change the settings that a file gives; others stay as they are')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Say which settings are not as a file gives them; exits 12 when some are not')
            break
        }
        'tok;search;help;settings;pull' {
            break
        }
        'tok;search;help;settings;push' {
            break
        }
        'tok;search;help;settings;diff' {
            break
        }
        'tok;search;help;key' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Make a key that can only search, without asking the vendor')
            break
        }
        'tok;search;help;key;create' {
            break
        }
        'tok;search;help;help' {
            break
        }
        'tok;webhook' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List deliveries, the newest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a delivery')
            [CompletionResult]::new('replay', 'replay', [CompletionResultType]::ParameterValue, 'Note once more what deliveries say')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;webhook;list' {
            [CompletionResult]::new('--backend', '--backend', [CompletionResultType]::ParameterName, 'Where the rooms live [default: rooms.backend of the configuration]')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Stop after so many deliveries')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;webhook;show' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;webhook;replay' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;webhook;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List deliveries, the newest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a delivery')
            [CompletionResult]::new('replay', 'replay', [CompletionResultType]::ParameterValue, 'Note once more what deliveries say')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;webhook;help;list' {
            break
        }
        'tok;webhook;help;show' {
            break
        }
        'tok;webhook;help;replay' {
            break
        }
        'tok;webhook;help;help' {
            break
        }
        'tok;status' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;store' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('backup', 'backup', [CompletionResultType]::ParameterValue, 'Copy the store into a file, at one moment, while servers go on writing')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Replace the store by a backup; nobody may be at work on the data directory')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check the file, every document, rooms and indexes; exits 12 when something is wrong')
            [CompletionResult]::new('discard', 'discard', [CompletionResultType]::ParameterValue, 'Remove a document that cannot be read')
            [CompletionResult]::new('seal', 'seal', [CompletionResultType]::ParameterValue, 'Seal the keys and secrets in the store with a secret outside of it, after a look at them')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;store;backup' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;store;restore' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would happen, and do nothing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;store;check' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;store;discard' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would happen, and do nothing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;store;seal' {
            [CompletionResult]::new('--old-secret-file', '--old-secret-file', [CompletionResultType]::ParameterName, 'A file with the secret before this one, whose seals are good as well')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be sealed, and do nothing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;store;help' {
            [CompletionResult]::new('backup', 'backup', [CompletionResultType]::ParameterValue, 'Copy the store into a file, at one moment, while servers go on writing')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Replace the store by a backup; nobody may be at work on the data directory')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check the file, every document, rooms and indexes; exits 12 when something is wrong')
            [CompletionResult]::new('discard', 'discard', [CompletionResultType]::ParameterValue, 'Remove a document that cannot be read')
            [CompletionResult]::new('seal', 'seal', [CompletionResultType]::ParameterValue, 'Seal the keys and secrets in the store with a secret outside of it, after a look at them')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;store;help;backup' {
            break
        }
        'tok;store;help;restore' {
            break
        }
        'tok;store;help;check' {
            break
        }
        'tok;store;help;discard' {
            break
        }
        'tok;store;help;seal' {
            break
        }
        'tok;store;help;help' {
            break
        }
        'tok;key' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Make a key; its secret is shown this once')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the keys, without their secrets')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Revoke keys; running servers refuse them within 100 ms')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;key;create' {
            [CompletionResult]::new('--scope', '--scope', [CompletionResultType]::ParameterName, 'What it may do; repeat for more [default: everything]')
            [CompletionResult]::new('--max-role', '--max-role', [CompletionResultType]::ParameterName, 'The strongest role of join tokens it may mint: viewer, participant or host')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'No good from then on: a time, or how long from now')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;key;list' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;key;revoke' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be done')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;key;help' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Make a key; its secret is shown this once')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the keys, without their secrets')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Revoke keys; running servers refuse them within 100 ms')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;key;help;create' {
            break
        }
        'tok;key;help;list' {
            break
        }
        'tok;key;help;revoke' {
            break
        }
        'tok;key;help;help' {
            break
        }
        'tok;context' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Give a server a name: its address in --server, the file with its key in --key-file')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the servers that have a name; the one in use is marked')
            [CompletionResult]::new('use', 'use', [CompletionResultType]::ParameterValue, 'Send commands to this server from now on; - goes back to the store of this machine')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Forget a name')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;context;add' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only check what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only check what would be done')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;context;list' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;context;use' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only check what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only check what would be done')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;context;remove' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only check what would be done')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only check what would be done')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;context;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Give a server a name: its address in --server, the file with its key in --key-file')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the servers that have a name; the one in use is marked')
            [CompletionResult]::new('use', 'use', [CompletionResultType]::ParameterValue, 'Send commands to this server from now on; - goes back to the store of this machine')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Forget a name')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;context;help;add' {
            break
        }
        'tok;context;help;list' {
            break
        }
        'tok;context;help;use' {
            break
        }
        'tok;context;help;remove' {
            break
        }
        'tok;context;help;help' {
            break
        }
        'tok;config' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a commented tok.toml with every setting at its default')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show every setting with where its value came from; secrets are hidden')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check the configuration and open what it names, without changing anything upstream')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;config;init' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace the file if there is one')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Only say what would be written')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Only say what would be written')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;config;show' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;config;check' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;config;help' {
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a commented tok.toml with every setting at its default')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show every setting with where its value came from; secrets are hidden')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check the configuration and open what it names, without changing anything upstream')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;config;help;init' {
            break
        }
        'tok;config;help;show' {
            break
        }
        'tok;config;help;check' {
            break
        }
        'tok;config;help;help' {
            break
        }
        'tok;doctor' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;serve' {
            [CompletionResult]::new('--bind', '--bind', [CompletionResultType]::ParameterName, 'Address of the API [default: server.bind of the configuration]')
            [CompletionResult]::new('--ops-bind', '--ops-bind', [CompletionResultType]::ParameterName, 'Address of health, readiness and metrics [default: server.ops_bind of the configuration]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--insecure', '--insecure', [CompletionResultType]::ParameterName, 'Let everybody on the network in without a key')
            [CompletionResult]::new('--insecure-ops', '--insecure-ops', [CompletionResultType]::ParameterName, 'Let everybody on the network see health and metrics')
            [CompletionResult]::new('--with-worker', '--with-worker', [CompletionResultType]::ParameterName, 'Run the background worker in the same process')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;work' {
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Only these loops [default: worker.loops of the configuration]')
            [CompletionResult]::new('--except', '--except', [CompletionResultType]::ParameterName, 'All loops but these')
            [CompletionResult]::new('--ops-bind', '--ops-bind', [CompletionResultType]::ParameterName, 'Address of health, readiness and metrics [default: worker.ops_bind of the configuration]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--once', '--once', [CompletionResultType]::ParameterName, 'Do what is to be done now, then end')
            [CompletionResult]::new('--insecure-ops', '--insecure-ops', [CompletionResultType]::ParameterName, 'Let everybody on the network see health and metrics')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;completions' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write the scripts of bash, zsh, fish and powershell into this directory instead')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;man' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write one page per command into this directory instead of printing tok(1)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;openapi' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;version' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: ./tok.toml, then the user''s, then /etc/tok/tok.toml]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Profile of the configuration file to lay over it')
            [CompletionResult]::new('--data-dir', '--data-dir', [CompletionResultType]::ParameterName, 'Directory of the embedded store')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Work at the `tok serve` with this address, through its API, instead of on the store')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'File with the API key for that server; - reads it from stdin')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Work at the server of this name, see tok context; - is the store of this machine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result: table, json, jsonl, csv or name [default: table]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print nothing but the result and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'tok;help' {
            [CompletionResult]::new('room', 'room', [CompletionResultType]::ParameterValue, 'Manage rooms')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'Manage join tokens')
            [CompletionResult]::new('session', 'session', [CompletionResultType]::ParameterValue, 'See what took place in rooms and who was there')
            [CompletionResult]::new('recording', 'recording', [CompletionResultType]::ParameterValue, 'Manage recordings')
            [CompletionResult]::new('call', 'call', [CompletionResultType]::ParameterValue, 'Ring people and see calls')
            [CompletionResult]::new('participant', 'participant', [CompletionResultType]::ParameterValue, 'Manage people in local rooms')
            [CompletionResult]::new('chat', 'chat', [CompletionResultType]::ParameterValue, 'Read and write messages in local rooms')
            [CompletionResult]::new('device', 'device', [CompletionResultType]::ParameterValue, 'Manage devices that can be rung')
            [CompletionResult]::new('user', 'user', [CompletionResultType]::ParameterValue, 'Manage users')
            [CompletionResult]::new('notify', 'notify', [CompletionResultType]::ParameterValue, 'Send notifications and see what became of them')
            [CompletionResult]::new('push', 'push', [CompletionResultType]::ParameterValue, 'Manage what browsers are rung with')
            [CompletionResult]::new('presence', 'presence', [CompletionResultType]::ParameterValue, 'See who is there')
            [CompletionResult]::new('search', 'search', [CompletionResultType]::ParameterValue, 'Search users and rooms, and keep the indexes true')
            [CompletionResult]::new('webhook', 'webhook', [CompletionResultType]::ParameterValue, 'See what vendors told by web callback')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show what the worker has done and has to do')
            [CompletionResult]::new('store', 'store', [CompletionResultType]::ParameterValue, 'Save the store, bring it back, seal it, check it')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Manage API keys of `tok serve`')
            [CompletionResult]::new('context', 'context', [CompletionResultType]::ParameterValue, 'Name servers that commands are sent to')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Write, show and check the configuration')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check every configured backend and say what to do')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve the HTTP API')
            [CompletionResult]::new('work', 'work', [CompletionResultType]::ParameterValue, 'Run the background worker')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a shell''s completion script')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print or write the manual pages')
            [CompletionResult]::new('openapi', 'openapi', [CompletionResultType]::ParameterValue, 'Print the description of the HTTP API')
            [CompletionResult]::new('version', 'version', [CompletionResultType]::ParameterValue, 'Print the version, in every format')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'tok;help;room' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create rooms')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List rooms')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show rooms')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Change a room''s settings')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete rooms, sending everyone out')
            [CompletionResult]::new('end', 'end', [CompletionResultType]::ParameterValue, 'Send everyone out of rooms; the rooms stay')
            [CompletionResult]::new('participants', 'participants', [CompletionResultType]::ParameterValue, 'List who is in a room now')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Tell who came, who went and why, and which calls took place')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Delete the rooms that match every given filter')
            break
        }
        'tok;help;room;create' {
            break
        }
        'tok;help;room;list' {
            break
        }
        'tok;help;room;show' {
            break
        }
        'tok;help;room;update' {
            break
        }
        'tok;help;room;delete' {
            break
        }
        'tok;help;room;end' {
            break
        }
        'tok;help;room;participants' {
            break
        }
        'tok;help;room;history' {
            break
        }
        'tok;help;room;prune' {
            break
        }
        'tok;help;token' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Mint a token that lets one person into one room')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Read a token from stdin and say whether it opens anything now, or lets somebody sign in')
            break
        }
        'tok;help;token;create' {
            break
        }
        'tok;help;token;inspect' {
            break
        }
        'tok;help;session' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List sessions, the newest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a session')
            [CompletionResult]::new('attendance', 'attendance', [CompletionResultType]::ParameterValue, 'Say who was in a room, when and for how long')
            break
        }
        'tok;help;session;list' {
            break
        }
        'tok;help;session;show' {
            break
        }
        'tok;help;session;attendance' {
            break
        }
        'tok;help;recording' {
            [CompletionResult]::new('start', 'start', [CompletionResultType]::ParameterValue, 'Begin to record a room')
            [CompletionResult]::new('stop', 'stop', [CompletionResultType]::ParameterValue, 'End a recording; the file comes later')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List recordings, the newest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a recording')
            [CompletionResult]::new('url', 'url', [CompletionResultType]::ParameterValue, 'Print a link to a recording''s file that works for a while')
            [CompletionResult]::new('download', 'download', [CompletionResultType]::ParameterValue, 'Fetch a recording''s file')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until a recording''s file can be had')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete recordings for good')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Delete old recordings for good')
            break
        }
        'tok;help;recording;start' {
            break
        }
        'tok;help;recording;stop' {
            break
        }
        'tok;help;recording;list' {
            break
        }
        'tok;help;recording;show' {
            break
        }
        'tok;help;recording;url' {
            break
        }
        'tok;help;recording;download' {
            break
        }
        'tok;help;recording;wait' {
            break
        }
        'tok;help;recording;delete' {
            break
        }
        'tok;help;recording;prune' {
            break
        }
        'tok;help;call' {
            [CompletionResult]::new('start', 'start', [CompletionResultType]::ParameterValue, 'Ring somebody')
            [CompletionResult]::new('end', 'end', [CompletionResultType]::ParameterValue, 'End calls, or one side''s part in them')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List calls in the order they began')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a call')
            break
        }
        'tok;help;call;start' {
            break
        }
        'tok;help;call;end' {
            break
        }
        'tok;help;call;list' {
            break
        }
        'tok;help;call;show' {
            break
        }
        'tok;help;participant' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List who is, was or waits in a room, in the order they came')
            [CompletionResult]::new('kick', 'kick', [CompletionResultType]::ParameterValue, 'Send people out of a room')
            [CompletionResult]::new('bans', 'bans', [CompletionResultType]::ParameterValue, 'List who was sent out of a room for good')
            [CompletionResult]::new('unban', 'unban', [CompletionResultType]::ParameterValue, 'Let people into a room again who were sent out for good')
            [CompletionResult]::new('mute', 'mute', [CompletionResultType]::ParameterValue, 'Ask people to turn off their microphones')
            [CompletionResult]::new('admit', 'admit', [CompletionResultType]::ParameterValue, 'Let people in who wait')
            [CompletionResult]::new('refuse', 'refuse', [CompletionResultType]::ParameterValue, 'Send people away who wait')
            [CompletionResult]::new('promote', 'promote', [CompletionResultType]::ParameterValue, 'Make somebody a host')
            break
        }
        'tok;help;participant;list' {
            break
        }
        'tok;help;participant;kick' {
            break
        }
        'tok;help;participant;bans' {
            break
        }
        'tok;help;participant;unban' {
            break
        }
        'tok;help;participant;mute' {
            break
        }
        'tok;help;participant;admit' {
            break
        }
        'tok;help;participant;refuse' {
            break
        }
        'tok;help;participant;promote' {
            break
        }
        'tok;help;chat' {
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Write a message, as the operator')
            [CompletionResult]::new('edit', 'edit', [CompletionResultType]::ParameterValue, 'Let a message say something else')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Remove messages')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'List the latest messages, oldest first')
            [CompletionResult]::new('tail', 'tail', [CompletionResultType]::ParameterValue, 'Show messages as they come, change and go, until Ctrl-C')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Print all messages, oldest first')
            break
        }
        'tok;help;chat;send' {
            break
        }
        'tok;help;chat;edit' {
            break
        }
        'tok;help;chat;delete' {
            break
        }
        'tok;help;chat;history' {
            break
        }
        'tok;help;chat;tail' {
            break
        }
        'tok;help;chat;export' {
            break
        }
        'tok;help;device' {
            [CompletionResult]::new('register', 'register', [CompletionResultType]::ParameterValue, 'Register a device, or refresh what is known of it')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List devices, by id')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete devices; calls that they are in end first')
            break
        }
        'tok;help;device;register' {
            break
        }
        'tok;help;device;list' {
            break
        }
        'tok;help;device;delete' {
            break
        }
        'tok;help;user' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a user')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List users, by id')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show users')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Change what is known of a user')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete users')
            break
        }
        'tok;help;user;create' {
            break
        }
        'tok;help;user;list' {
            break
        }
        'tok;help;user;show' {
            break
        }
        'tok;help;user;update' {
            break
        }
        'tok;help;user;delete' {
            break
        }
        'tok;help;notify' {
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Put a notification into the queue')
            [CompletionResult]::new('flush', 'flush', [CompletionResultType]::ParameterValue, 'Send what is in the queue now, once')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the queue, what was parked, or what became of notifications')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Say where notifications are in their life, and why')
            [CompletionResult]::new('retry', 'retry', [CompletionResultType]::ParameterValue, 'Put parked notifications back into the queue')
            [CompletionResult]::new('discard', 'discard', [CompletionResultType]::ParameterValue, 'Throw notifications away, parked or in the queue')
            [CompletionResult]::new('inbox', 'inbox', [CompletionResultType]::ParameterValue, 'List what was delivered in the app to a user and not taken yet, the newest first')
            break
        }
        'tok;help;notify;send' {
            break
        }
        'tok;help;notify;flush' {
            break
        }
        'tok;help;notify;list' {
            break
        }
        'tok;help;notify;show' {
            break
        }
        'tok;help;notify;retry' {
            break
        }
        'tok;help;notify;discard' {
            break
        }
        'tok;help;notify;inbox' {
            break
        }
        'tok;help;push' {
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'The key pair that browsers subscribe with')
            break
        }
        'tok;help;push;key' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the public key; the pair is made if there is none yet')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Replace the key pair; every browser must subscribe anew')
            break
        }
        'tok;help;push;key;show' {
            break
        }
        'tok;help;push;key;rotate' {
            break
        }
        'tok;help;presence' {
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Show everybody and then every change; a live table on a terminal, JSON lines elsewhere')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List everybody of whom anything is known, by id')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Say whether somebody is there')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Note what a connection says of itself, where presence is kept by tok')
            [CompletionResult]::new('sync', 'sync', [CompletionResultType]::ParameterValue, 'Write into the user documents what they do not say truly, once')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Compare the user documents with the source; exits 12 when they differ')
            [CompletionResult]::new('sweep', 'sweep', [CompletionResultType]::ParameterValue, 'Remove connections that gave no sign of life in time')
            break
        }
        'tok;help;presence;watch' {
            break
        }
        'tok;help;presence;list' {
            break
        }
        'tok;help;presence;show' {
            break
        }
        'tok;help;presence;set' {
            break
        }
        'tok;help;presence;sync' {
            break
        }
        'tok;help;presence;audit' {
            break
        }
        'tok;help;presence;sweep' {
            break
        }
        'tok;help;search' {
            [CompletionResult]::new('query', 'query', [CompletionResultType]::ParameterValue, 'Search an index')
            [CompletionResult]::new('reindex', 'reindex', [CompletionResultType]::ParameterValue, 'Make indexes true, whoever writes meanwhile')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Compare indexes with the store, record by record; exits 12 when they differ')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how many documents and records there are')
            [CompletionResult]::new('parked', 'parked', [CompletionResultType]::ParameterValue, 'List documents that cannot be searched as they are, with the reason')
            [CompletionResult]::new('settings', 'settings', [CompletionResultType]::ParameterValue, 'Read and change the settings of an index')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Make keys for the searches of apps')
            break
        }
        'tok;help;search;query' {
            break
        }
        'tok;help;search;reindex' {
            break
        }
        'tok;help;search;verify' {
            break
        }
        'tok;help;search;status' {
            break
        }
        'tok;help;search;parked' {
            break
        }
        'tok;help;search;settings' {
            [CompletionResult]::new('pull', 'pull', [CompletionResultType]::ParameterValue, 'Print the settings as JSON')
            [CompletionResult]::new('push', 'push', [CompletionResultType]::ParameterValue, 'Change the settings that a file gives; others stay as they are')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Say which settings are not as a file gives them; exits 12 when some are not')
            break
        }
        'tok;help;search;settings;pull' {
            break
        }
        'tok;help;search;settings;push' {
            break
        }
        'tok;help;search;settings;diff' {
            break
        }
        'tok;help;search;key' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Make a key that can only search, without asking the vendor')
            break
        }
        'tok;help;search;key;create' {
            break
        }
        'tok;help;webhook' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List deliveries, the newest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a delivery')
            [CompletionResult]::new('replay', 'replay', [CompletionResultType]::ParameterValue, 'Note once more what deliveries say')
            break
        }
        'tok;help;webhook;list' {
            break
        }
        'tok;help;webhook;show' {
            break
        }
        'tok;help;webhook;replay' {
            break
        }
        'tok;help;status' {
            break
        }
        'tok;help;store' {
            [CompletionResult]::new('backup', 'backup', [CompletionResultType]::ParameterValue, 'Copy the store into a file, at one moment, while servers go on writing')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Replace the store by a backup; nobody may be at work on the data directory')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check the file, every document, rooms and indexes; exits 12 when something is wrong')
            [CompletionResult]::new('discard', 'discard', [CompletionResultType]::ParameterValue, 'Remove a document that cannot be read')
            [CompletionResult]::new('seal', 'seal', [CompletionResultType]::ParameterValue, 'Seal the keys and secrets in the store with a secret outside of it, after a look at them')
            break
        }
        'tok;help;store;backup' {
            break
        }
        'tok;help;store;restore' {
            break
        }
        'tok;help;store;check' {
            break
        }
        'tok;help;store;discard' {
            break
        }
        'tok;help;store;seal' {
            break
        }
        'tok;help;key' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Make a key; its secret is shown this once')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the keys, without their secrets')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Revoke keys; running servers refuse them within 100 ms')
            break
        }
        'tok;help;key;create' {
            break
        }
        'tok;help;key;list' {
            break
        }
        'tok;help;key;revoke' {
            break
        }
        'tok;help;context' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Give a server a name: its address in --server, the file with its key in --key-file')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the servers that have a name; the one in use is marked')
            [CompletionResult]::new('use', 'use', [CompletionResultType]::ParameterValue, 'Send commands to this server from now on; - goes back to the store of this machine')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Forget a name')
            break
        }
        'tok;help;context;add' {
            break
        }
        'tok;help;context;list' {
            break
        }
        'tok;help;context;use' {
            break
        }
        'tok;help;context;remove' {
            break
        }
        'tok;help;config' {
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a commented tok.toml with every setting at its default')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show every setting with where its value came from; secrets are hidden')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check the configuration and open what it names, without changing anything upstream')
            break
        }
        'tok;help;config;init' {
            break
        }
        'tok;help;config;show' {
            break
        }
        'tok;help;config;check' {
            break
        }
        'tok;help;doctor' {
            break
        }
        'tok;help;serve' {
            break
        }
        'tok;help;work' {
            break
        }
        'tok;help;completions' {
            break
        }
        'tok;help;man' {
            break
        }
        'tok;help;openapi' {
            break
        }
        'tok;help;version' {
            break
        }
        'tok;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
