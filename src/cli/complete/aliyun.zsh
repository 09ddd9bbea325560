#compdef aliyun
# Completion of aliyun for zsh: eval "$(aliyun completion zsh)"

_aliyun() {
    local line="${(j: :)words[1,CURRENT-1]} $QIPREFIX$PREFIX"
    local found text about
    local -a texts shown
    while IFS= read -r found; do
        text=${found%%$'\t'*}
        about=${${found#$text}#$'\t'}
        texts+=("$text")
        shown+=("$text${about:+  -- $about}")
    done < <(ALIYUN_COMPLETE=zsh COMP_LINE=$line COMP_POINT=$#line "${(Q)words[1]}" 2>/dev/null)
    if (( $#texts )); then
        compadd -U -l -V aliyun -d shown -- "${texts[@]}"
    else
        _files
    fi
}

if [[ ${funcstack[1]} == _aliyun ]]; then
    _aliyun "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
    compdef _aliyun aliyun
fi
