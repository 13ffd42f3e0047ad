# bash completion for cast: eval "$(cast completion bash)"
_cast() {
    local rest=${COMP_LINE:0:COMP_POINT} word line current i
    local -a words=()
    # bash breaks words at colons; what was typed without blanks belongs together.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $i == 0 || $rest == [[:blank:]]* ]]; then
            rest=${rest#"${rest%%[![:blank:]]*}"}
            word=${word:0:${#rest}}
            words+=("$word")
        else
            word=${word:0:${#rest}}
            words[${#words[@]} - 1]+=$word
        fi
        rest=${rest:${#word}}
    done
    current=${words[${#words[@]} - 1]}
    COMPREPLY=()
    while IFS= read -r line; do
        line=${line%%$'\t'*}
        # The answer stands in the place of what follows the last colon.
        if [[ $current == *:* && $COMP_WORDBREAKS == *:* ]]; then
            line=${line#"${current%"${current##*:}"}"}
        fi
        COMPREPLY+=("$line")
    done < <("${words[0]}" __complete -- "${words[@]:1}" 2>/dev/null)
}
complete -o default -F _cast cast
