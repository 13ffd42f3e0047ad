#compdef cast
# zsh completion for cast: eval "$(cast completion zsh)"
_cast() {
    local -a found
    local line
    while IFS= read -r line; do
        local word=${line%%$'\t'*} text=''
        [[ $line == *$'\t'* ]] && text=${line#*$'\t'}
        # In the lists of _describe a colon parts the word from its description.
        found+=("${word//:/\\:}${text:+:$text}")
    done < <("${words[1]}" __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
    if (( ${#found} )); then
        _describe -t tasks 'cast' found
    else
        _files
    fi
}
if [ "${funcstack[1]}" = _cast ]; then
    _cast "$@"
else
    compdef _cast cast
fi
