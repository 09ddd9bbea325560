# Completion of aliyun for fish: aliyun completion fish | source

function __aliyun_complete
    set -l line (commandline -cp | string collect)
    set -l program (commandline -opc)[1]
    set -l point (string length -- "$line")
    set -l found (env ALIYUN_COMPLETE=fish COMP_LINE="$line" COMP_POINT=$point $program 2>/dev/null)
    if set -q found[1]
        printf '%s\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end

complete -c aliyun -f -a '(__aliyun_complete)'
