# bash completion for cast: eval "$(cast completion bash)"
_cast() {
    local words=("${COMP_WORDS[@]:1:COMP_CWORD}") line
    # bash splits at colons; what belongs together is what was typed without blanks.
    if declare -F _get_comp_words_by_ref >/dev/null; then
        local cur prev cword
        local -a typed=()
        _get_comp_words_by_ref -n : -w typed -i cword cur prev
        words=("${typed[@]:1:cword}")
    fi
    COMPREPLY=()
    while IFS= read -r line; do
        COMPREPLY+=("${line%%$'\t'*}")
    done < <("${COMP_WORDS[0]}" __complete -- "${words[@]}" 2>/dev/null)
    if declare -F __ltrim_colon_completions >/dev/null; then
        __ltrim_colon_completions "${words[${#words[@]} - 1]}"
    fi
}
complete -o default -F _cast cast
