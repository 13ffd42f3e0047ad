# fish completion for cast: cast completion fish | source
function __cast_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] __complete -- $words[2..-1] 2>/dev/null
end
complete -c cast -f -a '(__cast_complete)'
