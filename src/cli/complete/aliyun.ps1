# Completion of aliyun for PowerShell: aliyun completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName 'aliyun', 'aliyun.exe' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $typed = $cursorPosition - $commandAst.Extent.StartOffset
    $line = $commandAst.Extent.Text.PadRight($typed).Substring(0, $typed)
    $program = $commandAst.GetCommandName()
    try {
        $env:ALIYUN_COMPLETE = 'powershell'
        $env:COMP_LINE = $line
        $env:COMP_POINT = $line.Length
        & $program 2>$null | ForEach-Object {
            $text, $about = $_ -split "`t", 2
            if (-not $about) { $about = $text }
            $quoted = if ($text -match '^[\w./:=@%+-]+$') { $text } else { "'" + $text.Replace("'", "''") + "'" }
            [System.Management.Automation.CompletionResult]::new($quoted, $text, 'ParameterValue', $about)
        }
    }
    finally {
        Remove-Item -ErrorAction SilentlyContinue Env:ALIYUN_COMPLETE, Env:COMP_LINE, Env:COMP_POINT
    }
}
