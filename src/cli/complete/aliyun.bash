# Completion of aliyun for bash: eval "$(aliyun completion bash)"

_aliyun() {
    local found
    COMPREPLY=()
    while IFS= read -r found; do
        COMPREPLY+=("$found")
    done < <(COMP_LINE=$COMP_LINE COMP_POINT=$COMP_POINT "$1" "$1" "$2" "$3" 2>/dev/null)
}

complete -o bashdefault -o default -F _aliyun aliyun
