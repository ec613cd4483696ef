# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_tok_global_optspecs
    string join \n config= profile= data-dir= server= key-file= context= o/output= json q/quiet progress= color= h/help V/version
end

function __fish_tok_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_tok_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_tok_using_subcommand
    set -l cmd (__fish_tok_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c tok -n "__fish_tok_needs_command" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_needs_command" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_needs_command" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_needs_command" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_needs_command" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_needs_command" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_needs_command" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_needs_command" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_needs_command" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_needs_command" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_needs_command" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_needs_command" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_needs_command" -s V -l version -d 'Print version'
complete -c tok -n "__fish_tok_needs_command" -f -a "room" -d 'Manage rooms'
complete -c tok -n "__fish_tok_needs_command" -f -a "token" -d 'Manage join tokens'
complete -c tok -n "__fish_tok_needs_command" -f -a "session" -d 'See what took place in rooms and who was there'
complete -c tok -n "__fish_tok_needs_command" -f -a "recording" -d 'Manage recordings'
complete -c tok -n "__fish_tok_needs_command" -f -a "call" -d 'Ring people and see calls'
complete -c tok -n "__fish_tok_needs_command" -f -a "participant" -d 'Manage people in local rooms'
complete -c tok -n "__fish_tok_needs_command" -f -a "chat" -d 'Read and write messages in local rooms'
complete -c tok -n "__fish_tok_needs_command" -f -a "device" -d 'Manage devices that can be rung'
complete -c tok -n "__fish_tok_needs_command" -f -a "user" -d 'Manage users'
complete -c tok -n "__fish_tok_needs_command" -f -a "notify" -d 'Send notifications and see what became of them'
complete -c tok -n "__fish_tok_needs_command" -f -a "push" -d 'Manage what browsers are rung with'
complete -c tok -n "__fish_tok_needs_command" -f -a "presence" -d 'See who is there'
complete -c tok -n "__fish_tok_needs_command" -f -a "search" -d 'Search users and rooms, and keep the indexes true'
complete -c tok -n "__fish_tok_needs_command" -f -a "webhook" -d 'See what vendors told by web callback'
complete -c tok -n "__fish_tok_needs_command" -f -a "status" -d 'Show what the worker has done and has to do'
complete -c tok -n "__fish_tok_needs_command" -f -a "store" -d 'Save the store, bring it back, seal it, check it'
complete -c tok -n "__fish_tok_needs_command" -f -a "key" -d 'Manage API keys of `tok serve`'
complete -c tok -n "__fish_tok_needs_command" -f -a "context" -d 'Name servers that commands are sent to'
complete -c tok -n "__fish_tok_needs_command" -f -a "config" -d 'Write, show and check the configuration'
complete -c tok -n "__fish_tok_needs_command" -f -a "doctor" -d 'Check every configured backend and say what to do'
complete -c tok -n "__fish_tok_needs_command" -f -a "serve" -d 'Serve the HTTP API'
complete -c tok -n "__fish_tok_needs_command" -f -a "work" -d 'Run the background worker'
complete -c tok -n "__fish_tok_needs_command" -f -a "completions" -d 'Print a shell\'s completion script'
complete -c tok -n "__fish_tok_needs_command" -f -a "man" -d 'Print or write the manual pages'
complete -c tok -n "__fish_tok_needs_command" -f -a "openapi" -d 'Print the description of the HTTP API'
complete -c tok -n "__fish_tok_needs_command" -f -a "version" -d 'Print the version, in every format'
complete -c tok -n "__fish_tok_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -f -a "create" -d 'Create rooms'
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -f -a "list" -d 'List rooms'
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -f -a "show" -d 'Show rooms'
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -f -a "update" -d 'Change a room\'s settings'
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -f -a "delete" -d 'Delete rooms, sending everyone out'
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -f -a "end" -d 'Send everyone out of rooms; the rooms stay'
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -f -a "participants" -d 'List who is in a room now'
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -f -a "history" -d 'Tell who came, who went and why, and which calls took place'
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -f -a "prune" -d 'Delete the rooms that match every given filter'
complete -c tok -n "__fish_tok_using_subcommand room; and not __fish_seen_subcommand_from create list show update delete end participants history prune help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from create" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from create" -l privacy -d 'Who may come in: public (everybody with the link) or private (holders of a token)' -r -f -a "public\t''
private\t''"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from create" -l expires -d 'Close at this time, or so long from now: 2026-12-24T18:00:00Z, 24h, 30d' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from create" -l not-before -d 'Open at this time, or so long from now' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from create" -l max-participants -d 'How many people fit in' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from create" -l property -d 'A further setting by the backend\'s own name; the value is JSON or a plain text' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from create" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from create" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from create" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from create" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from create" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from create" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from create" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from create" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from create" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from create" -l exist-ok -d 'If a room exists with these settings already, print it instead of failing'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from create" -s n -l dry-run -d 'Only say what would be created'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from create" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from list" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from list" -l limit -d 'Stop after so many rooms' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from list" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from list" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from list" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from list" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from list" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from list" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from list" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from list" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from show" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from show" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from show" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from show" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from show" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from show" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from show" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from show" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from show" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from update" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from update" -l privacy -d 'Who may come in: public (everybody with the link) or private (holders of a token)' -r -f -a "public\t''
private\t''"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from update" -l expires -d 'Close at this time, or so long from now: 2026-12-24T18:00:00Z, 24h, 30d' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from update" -l not-before -d 'Open at this time, or so long from now' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from update" -l max-participants -d 'How many people fit in' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from update" -l property -d 'A further setting by the backend\'s own name; the value is JSON or a plain text' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from update" -l unset -d 'Bring back to the default: expires, not-before, max-participants, or a property' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from update" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from update" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from update" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from update" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from update" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from update" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from update" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from update" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from update" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from update" -s n -l dry-run -d 'Only check what would be changed'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from update" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from update" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from update" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from delete" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from delete" -l max-runtime -d 'Stop after this time; running the command again continues' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from delete" -l report -d 'Also write the report to this file, as JSON, however the run ends' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from delete" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from delete" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from delete" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from delete" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from delete" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from delete" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from delete" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from delete" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from delete" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from delete" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Do not ask'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from delete" -l ignore-not-found -d 'Rooms that do not exist are no failure'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from delete" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from end" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from end" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from end" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from end" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from end" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from end" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from end" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from end" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from end" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from end" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from end" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from end" -s y -l yes -d 'Do not ask'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from end" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from end" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from end" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from participants" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from participants" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from participants" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from participants" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from participants" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from participants" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from participants" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from participants" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from participants" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from participants" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from participants" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from participants" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from participants" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from history" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from history" -l since -d 'Only since then: 1h (ago), 14:00 (the last, in UTC), 2026-12-24T18:00:00Z' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from history" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from history" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from history" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from history" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from history" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from history" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from history" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from history" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from history" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from history" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from history" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from history" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l older-than -d 'Made longer ago than this' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l expired-for -d 'Past their expiry for this long' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l unused-for -d 'That nobody was in for this long, and that were not made, or made ready by a join token, since' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l match -d 'With a name that matches this pattern of *, ? and […]' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l max-delete -d 'Do nothing if more rooms than this match' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l max-delete-percent -d 'Do nothing if more than this share of all rooms match' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l max-runtime -d 'Stop after this time; running the command again continues' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l report -d 'Also write the report to this file, as JSON, however the run ends' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l expired -d 'Past their expiry'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l empty -d 'With nobody inside now'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l never-joined -d 'That nobody ever was in; join tokens and what operators write do not count'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l include-occupied -d 'Rooms with people inside, too; otherwise they are left alone'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -s y -l yes -d 'Do not ask'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from help" -f -a "create" -d 'Create rooms'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from help" -f -a "list" -d 'List rooms'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show rooms'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from help" -f -a "update" -d 'Change a room\'s settings'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete rooms, sending everyone out'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from help" -f -a "end" -d 'Send everyone out of rooms; the rooms stay'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from help" -f -a "participants" -d 'List who is in a room now'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from help" -f -a "history" -d 'Tell who came, who went and why, and which calls took place'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from help" -f -a "prune" -d 'Delete the rooms that match every given filter'
complete -c tok -n "__fish_tok_using_subcommand room; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand token; and not __fish_seen_subcommand_from create inspect help" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand token; and not __fish_seen_subcommand_from create inspect help" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand token; and not __fish_seen_subcommand_from create inspect help" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand token; and not __fish_seen_subcommand_from create inspect help" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand token; and not __fish_seen_subcommand_from create inspect help" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand token; and not __fish_seen_subcommand_from create inspect help" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand token; and not __fish_seen_subcommand_from create inspect help" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand token; and not __fish_seen_subcommand_from create inspect help" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand token; and not __fish_seen_subcommand_from create inspect help" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand token; and not __fish_seen_subcommand_from create inspect help" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand token; and not __fish_seen_subcommand_from create inspect help" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand token; and not __fish_seen_subcommand_from create inspect help" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand token; and not __fish_seen_subcommand_from create inspect help" -f -a "create" -d 'Mint a token that lets one person into one room'
complete -c tok -n "__fish_tok_using_subcommand token; and not __fish_seen_subcommand_from create inspect help" -f -a "inspect" -d 'Read a token from stdin and say whether it opens anything now, or lets somebody sign in'
complete -c tok -n "__fish_tok_using_subcommand token; and not __fish_seen_subcommand_from create inspect help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from create" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from create" -l role -d 'What the holder may do: viewer, participant or host' -r -f -a "viewer\t''
participant\t''
host\t''"
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from create" -l user-id -d 'The app\'s id of the person' -r
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from create" -l user-name -d 'The name shown in the call' -r
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from create" -l ttl -d 'How long it is good [default: tokens.ttl of the configuration]' -r
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from create" -l not-before -d 'Good only from then on: a time, or how long from now' -r
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from create" -l property -d 'A further option by the backend\'s own name; the value is JSON or a plain text' -r
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from create" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from create" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from create" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from create" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from create" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from create" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from create" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from create" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from create" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from create" -l shared -d 'Let many use it; else whoever comes with it takes the place of whoever came with it before'
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from create" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from create" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from inspect" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from inspect" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from inspect" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from inspect" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from inspect" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from inspect" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from inspect" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from inspect" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from inspect" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from inspect" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from inspect" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from inspect" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from inspect" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "create" -d 'Mint a token that lets one person into one room'
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "inspect" -d 'Read a token from stdin and say whether it opens anything now, or lets somebody sign in'
complete -c tok -n "__fish_tok_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand session; and not __fish_seen_subcommand_from list show attendance help" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand session; and not __fish_seen_subcommand_from list show attendance help" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand session; and not __fish_seen_subcommand_from list show attendance help" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand session; and not __fish_seen_subcommand_from list show attendance help" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand session; and not __fish_seen_subcommand_from list show attendance help" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand session; and not __fish_seen_subcommand_from list show attendance help" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand session; and not __fish_seen_subcommand_from list show attendance help" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand session; and not __fish_seen_subcommand_from list show attendance help" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand session; and not __fish_seen_subcommand_from list show attendance help" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand session; and not __fish_seen_subcommand_from list show attendance help" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand session; and not __fish_seen_subcommand_from list show attendance help" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand session; and not __fish_seen_subcommand_from list show attendance help" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand session; and not __fish_seen_subcommand_from list show attendance help" -f -a "list" -d 'List sessions, the newest first'
complete -c tok -n "__fish_tok_using_subcommand session; and not __fish_seen_subcommand_from list show attendance help" -f -a "show" -d 'Show a session'
complete -c tok -n "__fish_tok_using_subcommand session; and not __fish_seen_subcommand_from list show attendance help" -f -a "attendance" -d 'Say who was in a room, when and for how long'
complete -c tok -n "__fish_tok_using_subcommand session; and not __fish_seen_subcommand_from list show attendance help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from list" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from list" -l limit -d 'Stop after so many sessions' -r
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from list" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from list" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from list" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from list" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from list" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from list" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from list" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from list" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from show" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from show" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from show" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from show" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from show" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from show" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from show" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from show" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from show" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from attendance" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from attendance" -l session -d 'Only this session, by the vendor\'s id' -r
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from attendance" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from attendance" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from attendance" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from attendance" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from attendance" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from attendance" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from attendance" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from attendance" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from attendance" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from attendance" -l every -d 'Every session instead of the latest'
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from attendance" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from attendance" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from attendance" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "list" -d 'List sessions, the newest first'
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a session'
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "attendance" -d 'Say who was in a room, when and for how long'
complete -c tok -n "__fish_tok_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -f -a "start" -d 'Begin to record a room'
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -f -a "stop" -d 'End a recording; the file comes later'
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -f -a "list" -d 'List recordings, the newest first'
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -f -a "show" -d 'Show a recording'
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -f -a "url" -d 'Print a link to a recording\'s file that works for a while'
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -f -a "download" -d 'Fetch a recording\'s file'
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -f -a "wait" -d 'Wait until a recording\'s file can be had'
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -f -a "delete" -d 'Delete recordings for good'
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -f -a "prune" -d 'Delete old recordings for good'
complete -c tok -n "__fish_tok_using_subcommand recording; and not __fish_seen_subcommand_from start stop list show url download wait delete prune help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from start" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from start" -l property -d 'An option by the vendor\'s own name; the value is JSON or a plain text' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from start" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from start" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from start" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from start" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from start" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from start" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from start" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from start" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from start" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from start" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from start" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from start" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from start" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from stop" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from stop" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from stop" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from stop" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from stop" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from stop" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from stop" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from stop" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from stop" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from stop" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from stop" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from stop" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from stop" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from stop" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from list" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from list" -l limit -d 'Stop after so many recordings' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from list" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from list" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from list" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from list" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from list" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from list" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from list" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from list" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from show" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from show" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from show" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from show" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from show" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from show" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from show" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from show" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from show" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from url" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from url" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from url" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from url" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from url" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from url" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from url" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from url" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from url" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from url" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from url" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from url" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from url" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from download" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from download" -l to -d 'Where to put the file: a name, a directory, or - for stdout [default: the id and an ending that says what it is, in the current directory]' -r -F
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from download" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from download" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from download" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from download" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from download" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from download" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from download" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from download" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from download" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from download" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from download" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from download" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from wait" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from wait" -l timeout -d 'How long to wait' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from wait" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from wait" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from wait" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from wait" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from wait" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from wait" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from wait" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from wait" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from wait" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from wait" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from wait" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from delete" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from delete" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from delete" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from delete" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from delete" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from delete" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from delete" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from delete" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from delete" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from delete" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from delete" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Do not ask'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from delete" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from prune" -l older-than -d 'Only those that began longer ago than this' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from prune" -l max-delete -d 'Delete nothing if there are more than so many' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from prune" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from prune" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from prune" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from prune" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from prune" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from prune" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from prune" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from prune" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from prune" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from prune" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from prune" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from prune" -s y -l yes -d 'Do not ask'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from prune" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from prune" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from help" -f -a "start" -d 'Begin to record a room'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from help" -f -a "stop" -d 'End a recording; the file comes later'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from help" -f -a "list" -d 'List recordings, the newest first'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a recording'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from help" -f -a "url" -d 'Print a link to a recording\'s file that works for a while'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from help" -f -a "download" -d 'Fetch a recording\'s file'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from help" -f -a "wait" -d 'Wait until a recording\'s file can be had'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete recordings for good'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from help" -f -a "prune" -d 'Delete old recordings for good'
complete -c tok -n "__fish_tok_using_subcommand recording; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand call; and not __fish_seen_subcommand_from start end list show help" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand call; and not __fish_seen_subcommand_from start end list show help" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand call; and not __fish_seen_subcommand_from start end list show help" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand call; and not __fish_seen_subcommand_from start end list show help" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand call; and not __fish_seen_subcommand_from start end list show help" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand call; and not __fish_seen_subcommand_from start end list show help" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand call; and not __fish_seen_subcommand_from start end list show help" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand call; and not __fish_seen_subcommand_from start end list show help" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand call; and not __fish_seen_subcommand_from start end list show help" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand call; and not __fish_seen_subcommand_from start end list show help" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand call; and not __fish_seen_subcommand_from start end list show help" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand call; and not __fish_seen_subcommand_from start end list show help" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand call; and not __fish_seen_subcommand_from start end list show help" -f -a "start" -d 'Ring somebody'
complete -c tok -n "__fish_tok_using_subcommand call; and not __fish_seen_subcommand_from start end list show help" -f -a "end" -d 'End calls, or one side\'s part in them'
complete -c tok -n "__fish_tok_using_subcommand call; and not __fish_seen_subcommand_from start end list show help" -f -a "list" -d 'List calls in the order they began'
complete -c tok -n "__fish_tok_using_subcommand call; and not __fish_seen_subcommand_from start end list show help" -f -a "show" -d 'Show a call'
complete -c tok -n "__fish_tok_using_subcommand call; and not __fish_seen_subcommand_from start end list show help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from start" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from start" -l ring-for -d 'How long it rings [default: calls.ring_for of the configuration]' -r
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from start" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from start" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from start" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from start" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from start" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from start" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from start" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from start" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from start" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from start" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from start" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from start" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from start" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from end" -l by -d 'Only this side\'s part: caller or callee' -r -f -a "caller\t''
callee\t''"
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from end" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from end" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from end" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from end" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from end" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from end" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from end" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from end" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from end" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from end" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from end" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from end" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from end" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from list" -l limit -d 'Stop after so many calls' -r
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from list" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from list" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from list" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from list" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from list" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from list" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from list" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from list" -l past -d 'Those that are over and cleaned up, instead of those that are not'
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from list" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from show" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from show" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from show" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from show" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from show" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from show" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from show" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from show" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from help" -f -a "start" -d 'Ring somebody'
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from help" -f -a "end" -d 'End calls, or one side\'s part in them'
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from help" -f -a "list" -d 'List calls in the order they began'
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a call'
complete -c tok -n "__fish_tok_using_subcommand call; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand participant; and not __fish_seen_subcommand_from list kick bans unban mute admit refuse promote help" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand participant; and not __fish_seen_subcommand_from list kick bans unban mute admit refuse promote help" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and not __fish_seen_subcommand_from list kick bans unban mute admit refuse promote help" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand participant; and not __fish_seen_subcommand_from list kick bans unban mute admit refuse promote help" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and not __fish_seen_subcommand_from list kick bans unban mute admit refuse promote help" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and not __fish_seen_subcommand_from list kick bans unban mute admit refuse promote help" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and not __fish_seen_subcommand_from list kick bans unban mute admit refuse promote help" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand participant; and not __fish_seen_subcommand_from list kick bans unban mute admit refuse promote help" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand participant; and not __fish_seen_subcommand_from list kick bans unban mute admit refuse promote help" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand participant; and not __fish_seen_subcommand_from list kick bans unban mute admit refuse promote help" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand participant; and not __fish_seen_subcommand_from list kick bans unban mute admit refuse promote help" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand participant; and not __fish_seen_subcommand_from list kick bans unban mute admit refuse promote help" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand participant; and not __fish_seen_subcommand_from list kick bans unban mute admit refuse promote help" -f -a "list" -d 'List who is, was or waits in a room, in the order they came'
complete -c tok -n "__fish_tok_using_subcommand participant; and not __fish_seen_subcommand_from list kick bans unban mute admit refuse promote help" -f -a "kick" -d 'Send people out of a room'
complete -c tok -n "__fish_tok_using_subcommand participant; and not __fish_seen_subcommand_from list kick bans unban mute admit refuse promote help" -f -a "bans" -d 'List who was sent out of a room for good'
complete -c tok -n "__fish_tok_using_subcommand participant; and not __fish_seen_subcommand_from list kick bans unban mute admit refuse promote help" -f -a "unban" -d 'Let people into a room again who were sent out for good'
complete -c tok -n "__fish_tok_using_subcommand participant; and not __fish_seen_subcommand_from list kick bans unban mute admit refuse promote help" -f -a "mute" -d 'Ask people to turn off their microphones'
complete -c tok -n "__fish_tok_using_subcommand participant; and not __fish_seen_subcommand_from list kick bans unban mute admit refuse promote help" -f -a "admit" -d 'Let people in who wait'
complete -c tok -n "__fish_tok_using_subcommand participant; and not __fish_seen_subcommand_from list kick bans unban mute admit refuse promote help" -f -a "refuse" -d 'Send people away who wait'
complete -c tok -n "__fish_tok_using_subcommand participant; and not __fish_seen_subcommand_from list kick bans unban mute admit refuse promote help" -f -a "promote" -d 'Make somebody a host'
complete -c tok -n "__fish_tok_using_subcommand participant; and not __fish_seen_subcommand_from list kick bans unban mute admit refuse promote help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from list" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from list" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from list" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from list" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from list" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from list" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from list" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from list" -l all -d 'Also those who went'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from list" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from kick" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from kick" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from kick" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from kick" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from kick" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from kick" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from kick" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from kick" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from kick" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from kick" -s n -l dry-run -d 'Only say who they are'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from kick" -l ban -d 'For good: neither their key nor their token nor another one of the same user opens the room again'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from kick" -s y -l yes -d 'Do not ask'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from kick" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from kick" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from kick" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from bans" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from bans" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from bans" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from bans" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from bans" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from bans" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from bans" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from bans" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from bans" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from bans" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from bans" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from bans" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from unban" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from unban" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from unban" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from unban" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from unban" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from unban" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from unban" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from unban" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from unban" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from unban" -s n -l dry-run -d 'Only say who they are'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from unban" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from unban" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from unban" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from mute" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from mute" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from mute" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from mute" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from mute" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from mute" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from mute" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from mute" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from mute" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from mute" -s n -l dry-run -d 'Only say who they are'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from mute" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from mute" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from mute" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from admit" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from admit" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from admit" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from admit" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from admit" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from admit" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from admit" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from admit" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from admit" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from admit" -s n -l dry-run -d 'Only say who they are'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from admit" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from admit" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from admit" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from refuse" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from refuse" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from refuse" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from refuse" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from refuse" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from refuse" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from refuse" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from refuse" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from refuse" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from refuse" -s n -l dry-run -d 'Only say who they are'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from refuse" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from refuse" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from refuse" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from promote" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from promote" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from promote" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from promote" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from promote" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from promote" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from promote" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from promote" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from promote" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from promote" -s n -l dry-run -d 'Only say who they are'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from promote" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from promote" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from promote" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from help" -f -a "list" -d 'List who is, was or waits in a room, in the order they came'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from help" -f -a "kick" -d 'Send people out of a room'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from help" -f -a "bans" -d 'List who was sent out of a room for good'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from help" -f -a "unban" -d 'Let people into a room again who were sent out for good'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from help" -f -a "mute" -d 'Ask people to turn off their microphones'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from help" -f -a "admit" -d 'Let people in who wait'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from help" -f -a "refuse" -d 'Send people away who wait'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from help" -f -a "promote" -d 'Make somebody a host'
complete -c tok -n "__fish_tok_using_subcommand participant; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand chat; and not __fish_seen_subcommand_from send edit delete history tail export help" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand chat; and not __fish_seen_subcommand_from send edit delete history tail export help" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and not __fish_seen_subcommand_from send edit delete history tail export help" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand chat; and not __fish_seen_subcommand_from send edit delete history tail export help" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and not __fish_seen_subcommand_from send edit delete history tail export help" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and not __fish_seen_subcommand_from send edit delete history tail export help" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and not __fish_seen_subcommand_from send edit delete history tail export help" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand chat; and not __fish_seen_subcommand_from send edit delete history tail export help" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand chat; and not __fish_seen_subcommand_from send edit delete history tail export help" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand chat; and not __fish_seen_subcommand_from send edit delete history tail export help" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand chat; and not __fish_seen_subcommand_from send edit delete history tail export help" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand chat; and not __fish_seen_subcommand_from send edit delete history tail export help" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand chat; and not __fish_seen_subcommand_from send edit delete history tail export help" -f -a "send" -d 'Write a message, as the operator'
complete -c tok -n "__fish_tok_using_subcommand chat; and not __fish_seen_subcommand_from send edit delete history tail export help" -f -a "edit" -d 'Let a message say something else'
complete -c tok -n "__fish_tok_using_subcommand chat; and not __fish_seen_subcommand_from send edit delete history tail export help" -f -a "delete" -d 'Remove messages'
complete -c tok -n "__fish_tok_using_subcommand chat; and not __fish_seen_subcommand_from send edit delete history tail export help" -f -a "history" -d 'List the latest messages, oldest first'
complete -c tok -n "__fish_tok_using_subcommand chat; and not __fish_seen_subcommand_from send edit delete history tail export help" -f -a "tail" -d 'Show messages as they come, change and go, until Ctrl-C'
complete -c tok -n "__fish_tok_using_subcommand chat; and not __fish_seen_subcommand_from send edit delete history tail export help" -f -a "export" -d 'Print all messages, oldest first'
complete -c tok -n "__fish_tok_using_subcommand chat; and not __fish_seen_subcommand_from send edit delete history tail export help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from send" -l to -d 'For this participant only [default: everybody]' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from send" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from send" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from send" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from send" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from send" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from send" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from send" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from send" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from send" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from send" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from send" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from send" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from send" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from edit" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from edit" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from edit" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from edit" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from edit" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from edit" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from edit" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from edit" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from edit" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from edit" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from edit" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from edit" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from delete" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from delete" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from delete" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from delete" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from delete" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from delete" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from delete" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from delete" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from delete" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from delete" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Do not ask'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from delete" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from history" -l limit -d 'At most so many messages, up to 1000 [default: 100]' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from history" -l before -d 'Only those before this message' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from history" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from history" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from history" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from history" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from history" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from history" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from history" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from history" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from history" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from history" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from history" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from history" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from tail" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from tail" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from tail" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from tail" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from tail" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from tail" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from tail" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from tail" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from tail" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from tail" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from tail" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from tail" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from export" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from export" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from export" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from export" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from export" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from export" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from export" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from export" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from export" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from export" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from help" -f -a "send" -d 'Write a message, as the operator'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from help" -f -a "edit" -d 'Let a message say something else'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Remove messages'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from help" -f -a "history" -d 'List the latest messages, oldest first'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from help" -f -a "tail" -d 'Show messages as they come, change and go, until Ctrl-C'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from help" -f -a "export" -d 'Print all messages, oldest first'
complete -c tok -n "__fish_tok_using_subcommand chat; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand device; and not __fish_seen_subcommand_from register list delete help" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand device; and not __fish_seen_subcommand_from register list delete help" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand device; and not __fish_seen_subcommand_from register list delete help" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand device; and not __fish_seen_subcommand_from register list delete help" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand device; and not __fish_seen_subcommand_from register list delete help" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand device; and not __fish_seen_subcommand_from register list delete help" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand device; and not __fish_seen_subcommand_from register list delete help" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand device; and not __fish_seen_subcommand_from register list delete help" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand device; and not __fish_seen_subcommand_from register list delete help" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand device; and not __fish_seen_subcommand_from register list delete help" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand device; and not __fish_seen_subcommand_from register list delete help" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand device; and not __fish_seen_subcommand_from register list delete help" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand device; and not __fish_seen_subcommand_from register list delete help" -f -a "register" -d 'Register a device, or refresh what is known of it'
complete -c tok -n "__fish_tok_using_subcommand device; and not __fish_seen_subcommand_from register list delete help" -f -a "list" -d 'List devices, by id'
complete -c tok -n "__fish_tok_using_subcommand device; and not __fish_seen_subcommand_from register list delete help" -f -a "delete" -d 'Delete devices; calls that they are in end first'
complete -c tok -n "__fish_tok_using_subcommand device; and not __fish_seen_subcommand_from register list delete help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from register" -l token-file -d 'File with the push token; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from register" -l subscription -d 'File with a browser\'s subscription as JSON, for web; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from register" -l platform -d 'Whose push service the token is of: gcm, apns or web' -r -f -a "gcm\t''
apns\t''
web\t''"
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from register" -l user -d 'Whose device it is' -r
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from register" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from register" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from register" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from register" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from register" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from register" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from register" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from register" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from register" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from register" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from register" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from register" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from register" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from list" -l limit -d 'Stop after so many devices' -r
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from list" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from list" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from list" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from list" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from list" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from list" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from list" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from list" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from delete" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from delete" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from delete" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from delete" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from delete" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from delete" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from delete" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from delete" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from delete" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from delete" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Do not ask'
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from delete" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from help" -f -a "register" -d 'Register a device, or refresh what is known of it'
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from help" -f -a "list" -d 'List devices, by id'
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete devices; calls that they are in end first'
complete -c tok -n "__fish_tok_using_subcommand device; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand user; and not __fish_seen_subcommand_from create list show update delete help" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand user; and not __fish_seen_subcommand_from create list show update delete help" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand user; and not __fish_seen_subcommand_from create list show update delete help" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand user; and not __fish_seen_subcommand_from create list show update delete help" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand user; and not __fish_seen_subcommand_from create list show update delete help" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand user; and not __fish_seen_subcommand_from create list show update delete help" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand user; and not __fish_seen_subcommand_from create list show update delete help" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand user; and not __fish_seen_subcommand_from create list show update delete help" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand user; and not __fish_seen_subcommand_from create list show update delete help" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand user; and not __fish_seen_subcommand_from create list show update delete help" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand user; and not __fish_seen_subcommand_from create list show update delete help" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand user; and not __fish_seen_subcommand_from create list show update delete help" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand user; and not __fish_seen_subcommand_from create list show update delete help" -f -a "create" -d 'Create a user'
complete -c tok -n "__fish_tok_using_subcommand user; and not __fish_seen_subcommand_from create list show update delete help" -f -a "list" -d 'List users, by id'
complete -c tok -n "__fish_tok_using_subcommand user; and not __fish_seen_subcommand_from create list show update delete help" -f -a "show" -d 'Show users'
complete -c tok -n "__fish_tok_using_subcommand user; and not __fish_seen_subcommand_from create list show update delete help" -f -a "update" -d 'Change what is known of a user'
complete -c tok -n "__fish_tok_using_subcommand user; and not __fish_seen_subcommand_from create list show update delete help" -f -a "delete" -d 'Delete users'
complete -c tok -n "__fish_tok_using_subcommand user; and not __fish_seen_subcommand_from create list show update delete help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from create" -l name -d 'The name others see' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from create" -l id -d 'The app\'s id of the person; a random one if absent' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from create" -l photo-url -d 'A picture' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from create" -l first-name -d 'The given name, where the app keeps it apart' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from create" -l last-name -d 'The family name, where the app keeps it apart' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from create" -l client-id -d 'The device that calls to this person go to' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from create" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from create" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from create" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from create" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from create" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from create" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from create" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from create" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from create" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from create" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from create" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from list" -l limit -d 'Stop after so many users' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from list" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from list" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from list" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from list" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from list" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from list" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from list" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from list" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from show" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from show" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from show" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from show" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from show" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from show" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from show" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from show" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from update" -l name -d 'The name others see' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from update" -l photo-url -d 'A picture' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from update" -l first-name -d 'The given name, where the app keeps it apart' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from update" -l last-name -d 'The family name, where the app keeps it apart' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from update" -l client-id -d 'The device that calls to this person go to' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from update" -l clear -d 'Clear photo-url, first-name, last-name or client-id' -r -f -a "photo-url\t''
first-name\t''
last-name\t''
client-id\t''"
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from update" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from update" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from update" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from update" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from update" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from update" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from update" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from update" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from update" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from update" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from update" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from update" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from update" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from delete" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from delete" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from delete" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from delete" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from delete" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from delete" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from delete" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from delete" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from delete" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from delete" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Do not ask'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from delete" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "create" -d 'Create a user'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "list" -d 'List users, by id'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show users'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "update" -d 'Change what is known of a user'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete users'
complete -c tok -n "__fish_tok_using_subcommand user; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand notify; and not __fish_seen_subcommand_from send flush list show retry discard inbox help" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand notify; and not __fish_seen_subcommand_from send flush list show retry discard inbox help" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and not __fish_seen_subcommand_from send flush list show retry discard inbox help" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand notify; and not __fish_seen_subcommand_from send flush list show retry discard inbox help" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and not __fish_seen_subcommand_from send flush list show retry discard inbox help" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and not __fish_seen_subcommand_from send flush list show retry discard inbox help" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and not __fish_seen_subcommand_from send flush list show retry discard inbox help" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand notify; and not __fish_seen_subcommand_from send flush list show retry discard inbox help" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand notify; and not __fish_seen_subcommand_from send flush list show retry discard inbox help" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand notify; and not __fish_seen_subcommand_from send flush list show retry discard inbox help" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand notify; and not __fish_seen_subcommand_from send flush list show retry discard inbox help" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand notify; and not __fish_seen_subcommand_from send flush list show retry discard inbox help" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand notify; and not __fish_seen_subcommand_from send flush list show retry discard inbox help" -f -a "send" -d 'Put a notification into the queue'
complete -c tok -n "__fish_tok_using_subcommand notify; and not __fish_seen_subcommand_from send flush list show retry discard inbox help" -f -a "flush" -d 'Send what is in the queue now, once'
complete -c tok -n "__fish_tok_using_subcommand notify; and not __fish_seen_subcommand_from send flush list show retry discard inbox help" -f -a "list" -d 'List the queue, what was parked, or what became of notifications'
complete -c tok -n "__fish_tok_using_subcommand notify; and not __fish_seen_subcommand_from send flush list show retry discard inbox help" -f -a "show" -d 'Say where notifications are in their life, and why'
complete -c tok -n "__fish_tok_using_subcommand notify; and not __fish_seen_subcommand_from send flush list show retry discard inbox help" -f -a "retry" -d 'Put parked notifications back into the queue'
complete -c tok -n "__fish_tok_using_subcommand notify; and not __fish_seen_subcommand_from send flush list show retry discard inbox help" -f -a "discard" -d 'Throw notifications away, parked or in the queue'
complete -c tok -n "__fish_tok_using_subcommand notify; and not __fish_seen_subcommand_from send flush list show retry discard inbox help" -f -a "inbox" -d 'List what was delivered in the app to a user and not taken yet, the newest first'
complete -c tok -n "__fish_tok_using_subcommand notify; and not __fish_seen_subcommand_from send flush list show retry discard inbox help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -l user -d 'A user' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -l device -d 'A registered device' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -l topic -d 'Everybody who follows a topic' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -l token-file -d 'The installation whose push token stands in this file; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -l title -d 'The heading' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -l body -d 'The text' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -l image -d 'A picture' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -l data -d 'What else the app wants to know; repeat for more' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -l ttl -d 'How long it is worth delivering' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -l id -d 'An id of your choice: however often it is sent, it is delivered once' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -l call -d 'A phone that rings: worth nothing once the caller has given up'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -l validate -d 'Only ask the push service whether it would take it'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -s n -l dry-run -d 'Only say what would be done, without asking anybody'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from send" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from flush" -l max-runtime -d 'Stop after this time; running the command again continues' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from flush" -l report -d 'Also write the report to this file, as JSON, however the run ends' -r -F
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from flush" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from flush" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from flush" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from flush" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from flush" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from flush" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from flush" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from flush" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from flush" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from flush" -s n -l dry-run -d 'Only say how many there are'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from flush" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from flush" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from flush" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from list" -l user -d 'Those for this user or their devices, the delivered and the dead included' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from list" -l since -d 'Those since then, the delivered and the dead included: 1h (ago), 14:00 (the last, in UTC)' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from list" -l limit -d 'Stop after so many' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from list" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from list" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from list" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from list" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from list" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from list" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from list" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from list" -l parked -d 'Those that cannot be sent as they are, with the reason'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from list" -l dead -d 'Only those that nobody could receive, with the reason'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from list" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from show" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from show" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from show" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from show" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from show" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from show" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from show" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from show" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from retry" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from retry" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from retry" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from retry" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from retry" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from retry" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from retry" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from retry" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from retry" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from retry" -l all -d 'Everything that is parked'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from retry" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from retry" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from retry" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from retry" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from discard" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from discard" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from discard" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from discard" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from discard" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from discard" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from discard" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from discard" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from discard" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from discard" -l parked -d 'Everything that is parked'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from discard" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from discard" -s y -l yes -d 'Do not ask'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from discard" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from discard" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from discard" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from inbox" -l take -d 'Take this one out, as the app does when it has shown it' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from inbox" -l limit -d 'Stop after so many' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from inbox" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from inbox" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from inbox" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from inbox" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from inbox" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from inbox" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from inbox" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from inbox" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from inbox" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from inbox" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from inbox" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from inbox" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "send" -d 'Put a notification into the queue'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "flush" -d 'Send what is in the queue now, once'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the queue, what was parked, or what became of notifications'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "show" -d 'Say where notifications are in their life, and why'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "retry" -d 'Put parked notifications back into the queue'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "discard" -d 'Throw notifications away, parked or in the queue'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "inbox" -d 'List what was delivered in the app to a user and not taken yet, the newest first'
complete -c tok -n "__fish_tok_using_subcommand notify; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand push; and not __fish_seen_subcommand_from key help" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand push; and not __fish_seen_subcommand_from key help" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand push; and not __fish_seen_subcommand_from key help" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand push; and not __fish_seen_subcommand_from key help" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand push; and not __fish_seen_subcommand_from key help" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand push; and not __fish_seen_subcommand_from key help" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand push; and not __fish_seen_subcommand_from key help" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand push; and not __fish_seen_subcommand_from key help" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand push; and not __fish_seen_subcommand_from key help" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand push; and not __fish_seen_subcommand_from key help" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand push; and not __fish_seen_subcommand_from key help" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand push; and not __fish_seen_subcommand_from key help" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand push; and not __fish_seen_subcommand_from key help" -f -a "key" -d 'The key pair that browsers subscribe with'
complete -c tok -n "__fish_tok_using_subcommand push; and not __fish_seen_subcommand_from key help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand push; and __fish_seen_subcommand_from key" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand push; and __fish_seen_subcommand_from key" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand push; and __fish_seen_subcommand_from key" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand push; and __fish_seen_subcommand_from key" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand push; and __fish_seen_subcommand_from key" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand push; and __fish_seen_subcommand_from key" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand push; and __fish_seen_subcommand_from key" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand push; and __fish_seen_subcommand_from key" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand push; and __fish_seen_subcommand_from key" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand push; and __fish_seen_subcommand_from key" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand push; and __fish_seen_subcommand_from key" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand push; and __fish_seen_subcommand_from key" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand push; and __fish_seen_subcommand_from key" -f -a "show" -d 'Show the public key; the pair is made if there is none yet'
complete -c tok -n "__fish_tok_using_subcommand push; and __fish_seen_subcommand_from key" -f -a "rotate" -d 'Replace the key pair; every browser must subscribe anew'
complete -c tok -n "__fish_tok_using_subcommand push; and __fish_seen_subcommand_from key" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand push; and __fish_seen_subcommand_from help" -f -a "key" -d 'The key pair that browsers subscribe with'
complete -c tok -n "__fish_tok_using_subcommand push; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand presence; and not __fish_seen_subcommand_from watch list show set sync audit sweep help" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand presence; and not __fish_seen_subcommand_from watch list show set sync audit sweep help" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and not __fish_seen_subcommand_from watch list show set sync audit sweep help" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand presence; and not __fish_seen_subcommand_from watch list show set sync audit sweep help" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and not __fish_seen_subcommand_from watch list show set sync audit sweep help" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and not __fish_seen_subcommand_from watch list show set sync audit sweep help" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and not __fish_seen_subcommand_from watch list show set sync audit sweep help" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand presence; and not __fish_seen_subcommand_from watch list show set sync audit sweep help" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand presence; and not __fish_seen_subcommand_from watch list show set sync audit sweep help" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand presence; and not __fish_seen_subcommand_from watch list show set sync audit sweep help" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand presence; and not __fish_seen_subcommand_from watch list show set sync audit sweep help" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand presence; and not __fish_seen_subcommand_from watch list show set sync audit sweep help" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand presence; and not __fish_seen_subcommand_from watch list show set sync audit sweep help" -f -a "watch" -d 'Show everybody and then every change; a live table on a terminal, JSON lines elsewhere'
complete -c tok -n "__fish_tok_using_subcommand presence; and not __fish_seen_subcommand_from watch list show set sync audit sweep help" -f -a "list" -d 'List everybody of whom anything is known, by id'
complete -c tok -n "__fish_tok_using_subcommand presence; and not __fish_seen_subcommand_from watch list show set sync audit sweep help" -f -a "show" -d 'Say whether somebody is there'
complete -c tok -n "__fish_tok_using_subcommand presence; and not __fish_seen_subcommand_from watch list show set sync audit sweep help" -f -a "set" -d 'Note what a connection says of itself, where presence is kept by tok'
complete -c tok -n "__fish_tok_using_subcommand presence; and not __fish_seen_subcommand_from watch list show set sync audit sweep help" -f -a "sync" -d 'Write into the user documents what they do not say truly, once'
complete -c tok -n "__fish_tok_using_subcommand presence; and not __fish_seen_subcommand_from watch list show set sync audit sweep help" -f -a "audit" -d 'Compare the user documents with the source; exits 12 when they differ'
complete -c tok -n "__fish_tok_using_subcommand presence; and not __fish_seen_subcommand_from watch list show set sync audit sweep help" -f -a "sweep" -d 'Remove connections that gave no sign of life in time'
complete -c tok -n "__fish_tok_using_subcommand presence; and not __fish_seen_subcommand_from watch list show set sync audit sweep help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from watch" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from watch" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from watch" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from watch" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from watch" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from watch" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from watch" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from watch" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from watch" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from watch" -l online -d 'Only those who are there'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from watch" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from watch" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from watch" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from list" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from list" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from list" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from list" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from list" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from list" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from list" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from list" -l online -d 'Only those who are there'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from list" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from show" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from show" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from show" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from show" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from show" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from show" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from show" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from show" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from set" -l connection -d 'Which of the user\'s connections' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from set" -l ttl -d 'How long this counts unless it is said again [default: for ever]' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from set" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from set" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from set" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from set" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from set" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from set" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from set" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from set" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from set" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from set" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from set" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sync" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sync" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sync" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sync" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sync" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sync" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sync" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sync" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sync" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sync" -l trust-source -d 'Believe the source also when it knows nobody of those who are noted as online'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sync" -s n -l dry-run -d 'Only say what would be written'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sync" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sync" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sync" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from audit" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from audit" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from audit" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from audit" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from audit" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from audit" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from audit" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from audit" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from audit" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from audit" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from audit" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from audit" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sweep" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sweep" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sweep" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sweep" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sweep" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sweep" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sweep" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sweep" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sweep" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sweep" -s n -l dry-run -d 'Only say how many there are'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sweep" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sweep" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from sweep" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from help" -f -a "watch" -d 'Show everybody and then every change; a live table on a terminal, JSON lines elsewhere'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from help" -f -a "list" -d 'List everybody of whom anything is known, by id'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from help" -f -a "show" -d 'Say whether somebody is there'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from help" -f -a "set" -d 'Note what a connection says of itself, where presence is kept by tok'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from help" -f -a "sync" -d 'Write into the user documents what they do not say truly, once'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from help" -f -a "audit" -d 'Compare the user documents with the source; exits 12 when they differ'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from help" -f -a "sweep" -d 'Remove connections that gave no sign of life in time'
complete -c tok -n "__fish_tok_using_subcommand presence; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand search; and not __fish_seen_subcommand_from query reindex verify status parked settings key help" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand search; and not __fish_seen_subcommand_from query reindex verify status parked settings key help" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand search; and not __fish_seen_subcommand_from query reindex verify status parked settings key help" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand search; and not __fish_seen_subcommand_from query reindex verify status parked settings key help" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand search; and not __fish_seen_subcommand_from query reindex verify status parked settings key help" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand search; and not __fish_seen_subcommand_from query reindex verify status parked settings key help" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand search; and not __fish_seen_subcommand_from query reindex verify status parked settings key help" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand search; and not __fish_seen_subcommand_from query reindex verify status parked settings key help" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand search; and not __fish_seen_subcommand_from query reindex verify status parked settings key help" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand search; and not __fish_seen_subcommand_from query reindex verify status parked settings key help" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand search; and not __fish_seen_subcommand_from query reindex verify status parked settings key help" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand search; and not __fish_seen_subcommand_from query reindex verify status parked settings key help" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand search; and not __fish_seen_subcommand_from query reindex verify status parked settings key help" -f -a "query" -d 'Search an index'
complete -c tok -n "__fish_tok_using_subcommand search; and not __fish_seen_subcommand_from query reindex verify status parked settings key help" -f -a "reindex" -d 'Make indexes true, whoever writes meanwhile'
complete -c tok -n "__fish_tok_using_subcommand search; and not __fish_seen_subcommand_from query reindex verify status parked settings key help" -f -a "verify" -d 'Compare indexes with the store, record by record; exits 12 when they differ'
complete -c tok -n "__fish_tok_using_subcommand search; and not __fish_seen_subcommand_from query reindex verify status parked settings key help" -f -a "status" -d 'Show how many documents and records there are'
complete -c tok -n "__fish_tok_using_subcommand search; and not __fish_seen_subcommand_from query reindex verify status parked settings key help" -f -a "parked" -d 'List documents that cannot be searched as they are, with the reason'
complete -c tok -n "__fish_tok_using_subcommand search; and not __fish_seen_subcommand_from query reindex verify status parked settings key help" -f -a "settings" -d 'Read and change the settings of an index'
complete -c tok -n "__fish_tok_using_subcommand search; and not __fish_seen_subcommand_from query reindex verify status parked settings key help" -f -a "key" -d 'Make keys for the searches of apps'
complete -c tok -n "__fish_tok_using_subcommand search; and not __fish_seen_subcommand_from query reindex verify status parked settings key help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from query" -l limit -d 'At most so many hits' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from query" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from query" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from query" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from query" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from query" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from query" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from query" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from query" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from query" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from query" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from query" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from query" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from reindex" -l mode -d 'reconcile changes what differs; swap fills a new index, for changed settings' -r -f -a "reconcile\t'Change what differs in the index itself'
swap\t'Fill a new index and put it in the old one\'s place'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from reindex" -l max-shrink -d 'Largest part of an index that may vanish, in percent [default: 20, or as configured]' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from reindex" -l max-runtime -d 'Stop after this time; running the command again continues' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from reindex" -l report -d 'Also write the report to this file, as JSON, however the run ends' -r -F
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from reindex" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from reindex" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from reindex" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from reindex" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from reindex" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from reindex" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from reindex" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from reindex" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from reindex" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from reindex" -s n -l dry-run -d 'Only say what would be done and what it costs'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from reindex" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from reindex" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from reindex" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from verify" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from verify" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from verify" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from verify" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from verify" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from verify" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from verify" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from verify" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from verify" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from verify" -l repair -d 'Write again what differs'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from verify" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from status" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from status" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from status" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from status" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from status" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from status" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from status" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from status" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from status" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from status" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from parked" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from parked" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from parked" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from parked" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from parked" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from parked" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from parked" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from parked" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from parked" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from parked" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from parked" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from parked" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from settings" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from settings" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from settings" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from settings" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from settings" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from settings" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from settings" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from settings" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from settings" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from settings" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from settings" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from settings" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from settings" -f -a "pull" -d 'Print the settings as JSON'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from settings" -f -a "push" -d 'Change the settings that a file gives; others stay as they are'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from settings" -f -a "diff" -d 'Say which settings are not as a file gives them; exits 12 when some are not'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from settings" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from key" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from key" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from key" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from key" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from key" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from key" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from key" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from key" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from key" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from key" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from key" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from key" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from key" -f -a "create" -d 'Make a key that can only search, without asking the vendor'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from key" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from help" -f -a "query" -d 'Search an index'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from help" -f -a "reindex" -d 'Make indexes true, whoever writes meanwhile'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Compare indexes with the store, record by record; exits 12 when they differ'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show how many documents and records there are'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from help" -f -a "parked" -d 'List documents that cannot be searched as they are, with the reason'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from help" -f -a "settings" -d 'Read and change the settings of an index'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from help" -f -a "key" -d 'Make keys for the searches of apps'
complete -c tok -n "__fish_tok_using_subcommand search; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand webhook; and not __fish_seen_subcommand_from list show replay help" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand webhook; and not __fish_seen_subcommand_from list show replay help" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand webhook; and not __fish_seen_subcommand_from list show replay help" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand webhook; and not __fish_seen_subcommand_from list show replay help" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand webhook; and not __fish_seen_subcommand_from list show replay help" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand webhook; and not __fish_seen_subcommand_from list show replay help" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand webhook; and not __fish_seen_subcommand_from list show replay help" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand webhook; and not __fish_seen_subcommand_from list show replay help" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand webhook; and not __fish_seen_subcommand_from list show replay help" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand webhook; and not __fish_seen_subcommand_from list show replay help" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand webhook; and not __fish_seen_subcommand_from list show replay help" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand webhook; and not __fish_seen_subcommand_from list show replay help" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand webhook; and not __fish_seen_subcommand_from list show replay help" -f -a "list" -d 'List deliveries, the newest first'
complete -c tok -n "__fish_tok_using_subcommand webhook; and not __fish_seen_subcommand_from list show replay help" -f -a "show" -d 'Show a delivery'
complete -c tok -n "__fish_tok_using_subcommand webhook; and not __fish_seen_subcommand_from list show replay help" -f -a "replay" -d 'Note once more what deliveries say'
complete -c tok -n "__fish_tok_using_subcommand webhook; and not __fish_seen_subcommand_from list show replay help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from list" -l backend -d 'Where the rooms live [default: rooms.backend of the configuration]' -r -f -a "local\t''
daily\t''
hundred_ms\t''
opentok\t''
bandwidth\t''"
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from list" -l limit -d 'Stop after so many deliveries' -r
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from list" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from list" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from list" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from list" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from list" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from list" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from list" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from list" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from show" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from show" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from show" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from show" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from show" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from show" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from show" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from show" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from replay" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from replay" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from replay" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from replay" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from replay" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from replay" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from replay" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from replay" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from replay" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from replay" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from replay" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from replay" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from replay" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from help" -f -a "list" -d 'List deliveries, the newest first'
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a delivery'
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from help" -f -a "replay" -d 'Note once more what deliveries say'
complete -c tok -n "__fish_tok_using_subcommand webhook; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand status" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand status" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand status" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand status" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand status" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand status" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand status" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand status" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand status" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand status" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand status" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand status" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand store; and not __fish_seen_subcommand_from backup restore check discard seal help" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand store; and not __fish_seen_subcommand_from backup restore check discard seal help" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand store; and not __fish_seen_subcommand_from backup restore check discard seal help" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand store; and not __fish_seen_subcommand_from backup restore check discard seal help" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand store; and not __fish_seen_subcommand_from backup restore check discard seal help" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand store; and not __fish_seen_subcommand_from backup restore check discard seal help" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand store; and not __fish_seen_subcommand_from backup restore check discard seal help" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand store; and not __fish_seen_subcommand_from backup restore check discard seal help" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand store; and not __fish_seen_subcommand_from backup restore check discard seal help" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand store; and not __fish_seen_subcommand_from backup restore check discard seal help" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand store; and not __fish_seen_subcommand_from backup restore check discard seal help" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand store; and not __fish_seen_subcommand_from backup restore check discard seal help" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand store; and not __fish_seen_subcommand_from backup restore check discard seal help" -f -a "backup" -d 'Copy the store into a file, at one moment, while servers go on writing'
complete -c tok -n "__fish_tok_using_subcommand store; and not __fish_seen_subcommand_from backup restore check discard seal help" -f -a "restore" -d 'Replace the store by a backup; nobody may be at work on the data directory'
complete -c tok -n "__fish_tok_using_subcommand store; and not __fish_seen_subcommand_from backup restore check discard seal help" -f -a "check" -d 'Check the file, every document, rooms and indexes; exits 12 when something is wrong'
complete -c tok -n "__fish_tok_using_subcommand store; and not __fish_seen_subcommand_from backup restore check discard seal help" -f -a "discard" -d 'Remove a document that cannot be read'
complete -c tok -n "__fish_tok_using_subcommand store; and not __fish_seen_subcommand_from backup restore check discard seal help" -f -a "seal" -d 'Seal the keys and secrets in the store with a secret outside of it, after a look at them'
complete -c tok -n "__fish_tok_using_subcommand store; and not __fish_seen_subcommand_from backup restore check discard seal help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from backup" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from backup" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from backup" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from backup" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from backup" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from backup" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from backup" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from backup" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from backup" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from backup" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from backup" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from backup" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from restore" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from restore" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from restore" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from restore" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from restore" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from restore" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from restore" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from restore" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from restore" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from restore" -l dry-run -d 'Say what would happen, and do nothing'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from restore" -s y -l yes -d 'Do not ask'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from restore" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from restore" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from restore" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from check" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from check" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from check" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from check" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from check" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from check" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from check" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from check" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from check" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from check" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from discard" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from discard" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from discard" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from discard" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from discard" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from discard" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from discard" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from discard" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from discard" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from discard" -l dry-run -d 'Say what would happen, and do nothing'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from discard" -s y -l yes -d 'Do not ask'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from discard" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from discard" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from discard" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from seal" -l old-secret-file -d 'A file with the secret before this one, whose seals are good as well' -r -F
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from seal" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from seal" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from seal" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from seal" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from seal" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from seal" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from seal" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from seal" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from seal" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from seal" -l dry-run -d 'Say what would be sealed, and do nothing'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from seal" -s y -l yes -d 'Do not ask'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from seal" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from seal" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from seal" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from help" -f -a "backup" -d 'Copy the store into a file, at one moment, while servers go on writing'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from help" -f -a "restore" -d 'Replace the store by a backup; nobody may be at work on the data directory'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from help" -f -a "check" -d 'Check the file, every document, rooms and indexes; exits 12 when something is wrong'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from help" -f -a "discard" -d 'Remove a document that cannot be read'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from help" -f -a "seal" -d 'Seal the keys and secrets in the store with a secret outside of it, after a look at them'
complete -c tok -n "__fish_tok_using_subcommand store; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand key; and not __fish_seen_subcommand_from create list revoke help" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand key; and not __fish_seen_subcommand_from create list revoke help" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand key; and not __fish_seen_subcommand_from create list revoke help" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand key; and not __fish_seen_subcommand_from create list revoke help" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand key; and not __fish_seen_subcommand_from create list revoke help" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand key; and not __fish_seen_subcommand_from create list revoke help" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand key; and not __fish_seen_subcommand_from create list revoke help" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand key; and not __fish_seen_subcommand_from create list revoke help" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand key; and not __fish_seen_subcommand_from create list revoke help" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand key; and not __fish_seen_subcommand_from create list revoke help" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand key; and not __fish_seen_subcommand_from create list revoke help" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand key; and not __fish_seen_subcommand_from create list revoke help" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand key; and not __fish_seen_subcommand_from create list revoke help" -f -a "create" -d 'Make a key; its secret is shown this once'
complete -c tok -n "__fish_tok_using_subcommand key; and not __fish_seen_subcommand_from create list revoke help" -f -a "list" -d 'List the keys, without their secrets'
complete -c tok -n "__fish_tok_using_subcommand key; and not __fish_seen_subcommand_from create list revoke help" -f -a "revoke" -d 'Revoke keys; running servers refuse them within 100 ms'
complete -c tok -n "__fish_tok_using_subcommand key; and not __fish_seen_subcommand_from create list revoke help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from create" -l scope -d 'What it may do; repeat for more [default: everything]' -r -f -a "rooms:read\t''
rooms:write\t''
tokens\t''
identity\t''
users:read\t''
users:write\t''
notifications:read\t''
notifications:write\t''
search:read\t''
search:write\t''
presence:read\t''
presence:write\t''
sessions:read\t''
recordings:read\t''
recordings:write\t''
chat:read\t''
chat:write\t''
calls:read\t''
calls:write\t''
devices:read\t''
devices:write\t''
webhooks:read\t''
webhooks:write\t''
status\t''
compat\t''"
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from create" -l max-role -d 'The strongest role of join tokens it may mint: viewer, participant or host' -r -f -a "viewer\t''
participant\t''
host\t''"
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from create" -l expires -d 'No good from then on: a time, or how long from now' -r
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from create" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from create" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from create" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from create" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from create" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from create" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from create" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from create" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from create" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from create" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from create" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from list" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from list" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from list" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from list" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from list" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from list" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from list" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from list" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from revoke" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from revoke" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from revoke" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from revoke" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from revoke" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from revoke" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from revoke" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from revoke" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from revoke" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from revoke" -s n -l dry-run -d 'Only say what would be done'
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from revoke" -s y -l yes -d 'Do not ask'
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from revoke" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "create" -d 'Make a key; its secret is shown this once'
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the keys, without their secrets'
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "revoke" -d 'Revoke keys; running servers refuse them within 100 ms'
complete -c tok -n "__fish_tok_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand context; and not __fish_seen_subcommand_from add list use remove help" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand context; and not __fish_seen_subcommand_from add list use remove help" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand context; and not __fish_seen_subcommand_from add list use remove help" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand context; and not __fish_seen_subcommand_from add list use remove help" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand context; and not __fish_seen_subcommand_from add list use remove help" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand context; and not __fish_seen_subcommand_from add list use remove help" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand context; and not __fish_seen_subcommand_from add list use remove help" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand context; and not __fish_seen_subcommand_from add list use remove help" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand context; and not __fish_seen_subcommand_from add list use remove help" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand context; and not __fish_seen_subcommand_from add list use remove help" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand context; and not __fish_seen_subcommand_from add list use remove help" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand context; and not __fish_seen_subcommand_from add list use remove help" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand context; and not __fish_seen_subcommand_from add list use remove help" -f -a "add" -d 'Give a server a name: its address in --server, the file with its key in --key-file'
complete -c tok -n "__fish_tok_using_subcommand context; and not __fish_seen_subcommand_from add list use remove help" -f -a "list" -d 'List the servers that have a name; the one in use is marked'
complete -c tok -n "__fish_tok_using_subcommand context; and not __fish_seen_subcommand_from add list use remove help" -f -a "use" -d 'Send commands to this server from now on; - goes back to the store of this machine'
complete -c tok -n "__fish_tok_using_subcommand context; and not __fish_seen_subcommand_from add list use remove help" -f -a "remove" -d 'Forget a name'
complete -c tok -n "__fish_tok_using_subcommand context; and not __fish_seen_subcommand_from add list use remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from add" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from add" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from add" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from add" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from add" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from add" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from add" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from add" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from add" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from add" -s n -l dry-run -d 'Only check what would be done'
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from add" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from list" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from list" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from list" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from list" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from list" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from list" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from list" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from list" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from list" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from list" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from use" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from use" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from use" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from use" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from use" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from use" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from use" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from use" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from use" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from use" -s n -l dry-run -d 'Only check what would be done'
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from use" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from use" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from remove" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from remove" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from remove" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from remove" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from remove" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from remove" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from remove" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from remove" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from remove" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from remove" -s n -l dry-run -d 'Only check what would be done'
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from remove" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from help" -f -a "add" -d 'Give a server a name: its address in --server, the file with its key in --key-file'
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the servers that have a name; the one in use is marked'
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from help" -f -a "use" -d 'Send commands to this server from now on; - goes back to the store of this machine'
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Forget a name'
complete -c tok -n "__fish_tok_using_subcommand context; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand config; and not __fish_seen_subcommand_from init show check help" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand config; and not __fish_seen_subcommand_from init show check help" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand config; and not __fish_seen_subcommand_from init show check help" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand config; and not __fish_seen_subcommand_from init show check help" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand config; and not __fish_seen_subcommand_from init show check help" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand config; and not __fish_seen_subcommand_from init show check help" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand config; and not __fish_seen_subcommand_from init show check help" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand config; and not __fish_seen_subcommand_from init show check help" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand config; and not __fish_seen_subcommand_from init show check help" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand config; and not __fish_seen_subcommand_from init show check help" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand config; and not __fish_seen_subcommand_from init show check help" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand config; and not __fish_seen_subcommand_from init show check help" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand config; and not __fish_seen_subcommand_from init show check help" -f -a "init" -d 'Write a commented tok.toml with every setting at its default'
complete -c tok -n "__fish_tok_using_subcommand config; and not __fish_seen_subcommand_from init show check help" -f -a "show" -d 'Show every setting with where its value came from; secrets are hidden'
complete -c tok -n "__fish_tok_using_subcommand config; and not __fish_seen_subcommand_from init show check help" -f -a "check" -d 'Check the configuration and open what it names, without changing anything upstream'
complete -c tok -n "__fish_tok_using_subcommand config; and not __fish_seen_subcommand_from init show check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from init" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from init" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from init" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from init" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from init" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from init" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from init" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from init" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from init" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from init" -l force -d 'Replace the file if there is one'
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from init" -s n -l dry-run -d 'Only say what would be written'
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from init" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from show" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from show" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from show" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from show" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from show" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from show" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from show" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from show" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from check" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from check" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from check" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from check" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from check" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from check" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from check" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from check" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from check" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from check" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "init" -d 'Write a commented tok.toml with every setting at its default'
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show every setting with where its value came from; secrets are hidden'
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "check" -d 'Check the configuration and open what it names, without changing anything upstream'
complete -c tok -n "__fish_tok_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand doctor" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand doctor" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand doctor" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand doctor" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand doctor" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand doctor" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand doctor" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand doctor" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand doctor" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand doctor" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand doctor" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand serve" -l bind -d 'Address of the API [default: server.bind of the configuration]' -r
complete -c tok -n "__fish_tok_using_subcommand serve" -l ops-bind -d 'Address of health, readiness and metrics [default: server.ops_bind of the configuration]' -r
complete -c tok -n "__fish_tok_using_subcommand serve" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand serve" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand serve" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand serve" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand serve" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand serve" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand serve" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand serve" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand serve" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand serve" -l insecure -d 'Let everybody on the network in without a key'
complete -c tok -n "__fish_tok_using_subcommand serve" -l insecure-ops -d 'Let everybody on the network see health and metrics'
complete -c tok -n "__fish_tok_using_subcommand serve" -l with-worker -d 'Run the background worker in the same process'
complete -c tok -n "__fish_tok_using_subcommand serve" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand serve" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand serve" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand work" -l only -d 'Only these loops [default: worker.loops of the configuration]' -r -f -a "notify\t''
search\t''
presence\t''
rooms\t''
calls\t''
housekeeping\t''"
complete -c tok -n "__fish_tok_using_subcommand work" -l except -d 'All loops but these' -r -f -a "notify\t''
search\t''
presence\t''
rooms\t''
calls\t''
housekeeping\t''"
complete -c tok -n "__fish_tok_using_subcommand work" -l ops-bind -d 'Address of health, readiness and metrics [default: worker.ops_bind of the configuration]' -r
complete -c tok -n "__fish_tok_using_subcommand work" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand work" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand work" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand work" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand work" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand work" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand work" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand work" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand work" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand work" -l once -d 'Do what is to be done now, then end'
complete -c tok -n "__fish_tok_using_subcommand work" -l insecure-ops -d 'Let everybody on the network see health and metrics'
complete -c tok -n "__fish_tok_using_subcommand work" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand work" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand work" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand completions" -l dir -d 'Write the scripts of bash, zsh, fish and powershell into this directory instead' -r -F
complete -c tok -n "__fish_tok_using_subcommand completions" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand completions" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand completions" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand completions" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand completions" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand completions" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand completions" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand completions" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand completions" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand completions" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand completions" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand completions" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand man" -l dir -d 'Write one page per command into this directory instead of printing tok(1)' -r -F
complete -c tok -n "__fish_tok_using_subcommand man" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand man" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand man" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand man" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand man" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand man" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand man" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand man" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand man" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand man" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand man" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand man" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand openapi" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand openapi" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand openapi" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand openapi" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand openapi" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand openapi" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand openapi" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand openapi" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand openapi" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand openapi" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand openapi" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand openapi" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand version" -l config -d 'Configuration file [default: ./tok.toml, then the user\'s, then /etc/tok/tok.toml]' -r -F
complete -c tok -n "__fish_tok_using_subcommand version" -l profile -d 'Profile of the configuration file to lay over it' -r
complete -c tok -n "__fish_tok_using_subcommand version" -l data-dir -d 'Directory of the embedded store' -r -F
complete -c tok -n "__fish_tok_using_subcommand version" -l server -d 'Work at the `tok serve` with this address, through its API, instead of on the store' -r
complete -c tok -n "__fish_tok_using_subcommand version" -l key-file -d 'File with the API key for that server; - reads it from stdin' -r
complete -c tok -n "__fish_tok_using_subcommand version" -l context -d 'Work at the server of this name, see tok context; - is the store of this machine' -r
complete -c tok -n "__fish_tok_using_subcommand version" -s o -l output -d 'How to print the result: table, json, jsonl, csv or name [default: table]' -r -f -a "table\t'Columns for people'
json\t'One JSON document'
jsonl\t'One JSON object per line'
csv\t'Comma-separated values with a heading'
name\t'Names only, one per line'"
complete -c tok -n "__fish_tok_using_subcommand version" -l progress -d 'How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none' -r -f -a "auto\t'A bar on a terminal, nothing elsewhere'
plain\t'A line every few seconds'
none\t'Nothing'"
complete -c tok -n "__fish_tok_using_subcommand version" -l color -d 'When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c tok -n "__fish_tok_using_subcommand version" -l json -d 'Short for --output json'
complete -c tok -n "__fish_tok_using_subcommand version" -s q -l quiet -d 'Print nothing but the result and errors'
complete -c tok -n "__fish_tok_using_subcommand version" -s h -l help -d 'Print help'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "room" -d 'Manage rooms'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "token" -d 'Manage join tokens'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "session" -d 'See what took place in rooms and who was there'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "recording" -d 'Manage recordings'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "call" -d 'Ring people and see calls'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "participant" -d 'Manage people in local rooms'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "chat" -d 'Read and write messages in local rooms'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "device" -d 'Manage devices that can be rung'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "user" -d 'Manage users'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "notify" -d 'Send notifications and see what became of them'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "push" -d 'Manage what browsers are rung with'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "presence" -d 'See who is there'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "search" -d 'Search users and rooms, and keep the indexes true'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "webhook" -d 'See what vendors told by web callback'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "status" -d 'Show what the worker has done and has to do'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "store" -d 'Save the store, bring it back, seal it, check it'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "key" -d 'Manage API keys of `tok serve`'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "context" -d 'Name servers that commands are sent to'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "config" -d 'Write, show and check the configuration'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "doctor" -d 'Check every configured backend and say what to do'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "serve" -d 'Serve the HTTP API'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "work" -d 'Run the background worker'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "completions" -d 'Print a shell\'s completion script'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "man" -d 'Print or write the manual pages'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "openapi" -d 'Print the description of the HTTP API'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "version" -d 'Print the version, in every format'
complete -c tok -n "__fish_tok_using_subcommand help; and not __fish_seen_subcommand_from room token session recording call participant chat device user notify push presence search webhook status store key context config doctor serve work completions man openapi version help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from room" -f -a "create" -d 'Create rooms'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from room" -f -a "list" -d 'List rooms'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from room" -f -a "show" -d 'Show rooms'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from room" -f -a "update" -d 'Change a room\'s settings'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from room" -f -a "delete" -d 'Delete rooms, sending everyone out'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from room" -f -a "end" -d 'Send everyone out of rooms; the rooms stay'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from room" -f -a "participants" -d 'List who is in a room now'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from room" -f -a "history" -d 'Tell who came, who went and why, and which calls took place'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from room" -f -a "prune" -d 'Delete the rooms that match every given filter'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from token" -f -a "create" -d 'Mint a token that lets one person into one room'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from token" -f -a "inspect" -d 'Read a token from stdin and say whether it opens anything now, or lets somebody sign in'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "list" -d 'List sessions, the newest first'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "show" -d 'Show a session'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "attendance" -d 'Say who was in a room, when and for how long'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from recording" -f -a "start" -d 'Begin to record a room'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from recording" -f -a "stop" -d 'End a recording; the file comes later'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from recording" -f -a "list" -d 'List recordings, the newest first'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from recording" -f -a "show" -d 'Show a recording'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from recording" -f -a "url" -d 'Print a link to a recording\'s file that works for a while'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from recording" -f -a "download" -d 'Fetch a recording\'s file'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from recording" -f -a "wait" -d 'Wait until a recording\'s file can be had'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from recording" -f -a "delete" -d 'Delete recordings for good'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from recording" -f -a "prune" -d 'Delete old recordings for good'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from call" -f -a "start" -d 'Ring somebody'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from call" -f -a "end" -d 'End calls, or one side\'s part in them'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from call" -f -a "list" -d 'List calls in the order they began'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from call" -f -a "show" -d 'Show a call'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from participant" -f -a "list" -d 'List who is, was or waits in a room, in the order they came'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from participant" -f -a "kick" -d 'Send people out of a room'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from participant" -f -a "bans" -d 'List who was sent out of a room for good'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from participant" -f -a "unban" -d 'Let people into a room again who were sent out for good'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from participant" -f -a "mute" -d 'Ask people to turn off their microphones'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from participant" -f -a "admit" -d 'Let people in who wait'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from participant" -f -a "refuse" -d 'Send people away who wait'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from participant" -f -a "promote" -d 'Make somebody a host'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from chat" -f -a "send" -d 'Write a message, as the operator'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from chat" -f -a "edit" -d 'Let a message say something else'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from chat" -f -a "delete" -d 'Remove messages'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from chat" -f -a "history" -d 'List the latest messages, oldest first'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from chat" -f -a "tail" -d 'Show messages as they come, change and go, until Ctrl-C'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from chat" -f -a "export" -d 'Print all messages, oldest first'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from device" -f -a "register" -d 'Register a device, or refresh what is known of it'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from device" -f -a "list" -d 'List devices, by id'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from device" -f -a "delete" -d 'Delete devices; calls that they are in end first'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "create" -d 'Create a user'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "list" -d 'List users, by id'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "show" -d 'Show users'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "update" -d 'Change what is known of a user'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from user" -f -a "delete" -d 'Delete users'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from notify" -f -a "send" -d 'Put a notification into the queue'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from notify" -f -a "flush" -d 'Send what is in the queue now, once'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from notify" -f -a "list" -d 'List the queue, what was parked, or what became of notifications'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from notify" -f -a "show" -d 'Say where notifications are in their life, and why'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from notify" -f -a "retry" -d 'Put parked notifications back into the queue'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from notify" -f -a "discard" -d 'Throw notifications away, parked or in the queue'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from notify" -f -a "inbox" -d 'List what was delivered in the app to a user and not taken yet, the newest first'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from push" -f -a "key" -d 'The key pair that browsers subscribe with'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from presence" -f -a "watch" -d 'Show everybody and then every change; a live table on a terminal, JSON lines elsewhere'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from presence" -f -a "list" -d 'List everybody of whom anything is known, by id'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from presence" -f -a "show" -d 'Say whether somebody is there'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from presence" -f -a "set" -d 'Note what a connection says of itself, where presence is kept by tok'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from presence" -f -a "sync" -d 'Write into the user documents what they do not say truly, once'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from presence" -f -a "audit" -d 'Compare the user documents with the source; exits 12 when they differ'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from presence" -f -a "sweep" -d 'Remove connections that gave no sign of life in time'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from search" -f -a "query" -d 'Search an index'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from search" -f -a "reindex" -d 'Make indexes true, whoever writes meanwhile'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from search" -f -a "verify" -d 'Compare indexes with the store, record by record; exits 12 when they differ'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from search" -f -a "status" -d 'Show how many documents and records there are'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from search" -f -a "parked" -d 'List documents that cannot be searched as they are, with the reason'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from search" -f -a "settings" -d 'Read and change the settings of an index'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from search" -f -a "key" -d 'Make keys for the searches of apps'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from webhook" -f -a "list" -d 'List deliveries, the newest first'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from webhook" -f -a "show" -d 'Show a delivery'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from webhook" -f -a "replay" -d 'Note once more what deliveries say'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from store" -f -a "backup" -d 'Copy the store into a file, at one moment, while servers go on writing'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from store" -f -a "restore" -d 'Replace the store by a backup; nobody may be at work on the data directory'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from store" -f -a "check" -d 'Check the file, every document, rooms and indexes; exits 12 when something is wrong'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from store" -f -a "discard" -d 'Remove a document that cannot be read'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from store" -f -a "seal" -d 'Seal the keys and secrets in the store with a secret outside of it, after a look at them'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "create" -d 'Make a key; its secret is shown this once'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "list" -d 'List the keys, without their secrets'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "revoke" -d 'Revoke keys; running servers refuse them within 100 ms'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from context" -f -a "add" -d 'Give a server a name: its address in --server, the file with its key in --key-file'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from context" -f -a "list" -d 'List the servers that have a name; the one in use is marked'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from context" -f -a "use" -d 'Send commands to this server from now on; - goes back to the store of this machine'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from context" -f -a "remove" -d 'Forget a name'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "init" -d 'Write a commented tok.toml with every setting at its default'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "show" -d 'Show every setting with where its value came from; secrets are hidden'
complete -c tok -n "__fish_tok_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "check" -d 'Check the configuration and open what it names, without changing anything upstream'
